import { InputError } from '../../shared/errors';
import type { EvidenceSpec, MutualInformationSpec } from '../../shared/runFile';
import { chainEstimators } from '../bounds';

const computed = new Set<string>(['ais', 'im-ais', 'cr-ais', 'bdmc', 'iwae', 's-infonce']);

/** Chains × data of one run: three log weights each, held at once. */
const mostWeights = 2 ** 26;

/**
 * Refuses what the schema allows field by field but what makes no sense together, before anything is read or drawn.
 * @throws InputError
 */
export function admit(spec: MutualInformationSpec | EvidenceSpec): void {
  const { ais, data, estimators } = spec;
  const unknown = estimators.find((name) => !computed.has(name));
  if (unknown !== undefined) throw new InputError('estimators', `"${unknown}" cannot be computed yet`, 'Leave it out.');
  const simulated = 'simulate' in data;
  const count = simulated ? data.simulate : data.limit;
  if (ais.chains * count > mostWeights) {
    throw new InputError(
      'ais.chains',
      `${ais.chains} chains for each of ${count} data are more than ${mostWeights} in all, which do not fit in memory`,
      'Use fewer chains or fewer data.',
    );
  }
  // Of the estimators with chains, only coupled reverse AIS alone gives one side; its other side has to be asked for.
  const oneSided = !ais.coupledUpper && ais.chains > 1 && estimators.every((name) => name === 'cr-ais');
  if (oneSided && !simulated) {
    throw new InputError(
      'estimators',
      '"cr-ais" gives an upper bound on log p(x), which data from a file do not have',
      'Add "im-ais", or set ais.coupledUpper for its lower bound.',
    );
  }
  if (ais.gap === undefined) {
    if (ais.maxSeconds === undefined) return;
    throw new InputError(
      'ais.maxSeconds',
      'says nothing without "ais.gap"',
      'Set a gap to solve for, or leave it out.',
    );
  }
  if (!simulated) {
    throw new InputError(
      'ais.gap',
      'needs an upper bound, which data from a file do not have',
      'Use "simulate", or leave "gap" out.',
    );
  }
  if (!estimators.some((name) => chainEstimators[name] !== undefined)) {
    throw new InputError(
      'ais.gap',
      'needs an estimator with annealed chains',
      'Add "im-ais" or "cr-ais" to estimators.',
    );
  }
  if (oneSided) {
    throw new InputError('ais.gap', 'needs both sides, and "cr-ais" alone gives one', 'Add "im-ais" to estimators.');
  }
}

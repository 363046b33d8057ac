import { InputError } from '../../shared/errors';
import {
  listed,
  type Estimator,
  type EvidenceSpec,
  type InitialSpec,
  type MutualInformationSpec,
} from '../../shared/runFile';
import { chainEstimators } from '../bounds';

type Spec = MutualInformationSpec | EvidenceSpec;

/** Chains × data of one run: three log weights each, held at once. */
const mostWeights = 2 ** 26;

/** What an estimator with a critic needs of its base. */
export const criticEstimators: Readonly<Partial<Record<Estimator, 'prior' | 'proposal' | 'any'>>> = {
  infonce: 'prior',
  'mine-dv': 'prior',
  'mine-f': 'prior',
  giwae: 'proposal',
  'gmine-dv': 'proposal',
  'gmine-f': 'proposal',
  ibal: 'any',
};

/**
 * Refuses what the schema allows field by field but what makes no sense together, before anything is read or drawn.
 * @throws InputError
 */
export function admit(spec: Spec): void {
  const { ais, data, estimators } = spec;
  const simulated = 'simulate' in data;
  const count = simulated ? data.simulate : data.limit;
  if (ais.chains * count > mostWeights) {
    throw new InputError(
      'ais.chains',
      `${ais.chains} chains for each of ${count} data are more than ${mostWeights} in all, which do not fit in memory`,
      'Use fewer chains or fewer data.',
    );
  }
  admitNames(spec);
  for (const name of estimators) admitEstimator(name, spec);
  const large = ais.subsets.find((chains) => chains >= ais.chains);
  if (large !== undefined) {
    throw new InputError(
      'ais.subsets',
      `${large} is no fewer than the ${ais.chains} chains there are`,
      'Name smaller numbers, or raise ais.chains.',
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

/** Names are given once, and only names that were given are used. */
function admitNames({ proposals, critics, ais, iwae }: Spec): void {
  const names = new Set<string>();
  for (const [list, components] of [
    ['proposals', proposals],
    ['critics', critics],
  ] as const) {
    components.forEach(({ name }, index) => {
      if (names.has(name)) {
        throw new InputError(`${list}[${index}].name`, `"${name}" is taken by another`, 'Give each a name of its own.');
      }
      names.add(name);
    });
  }
  const known = proposals.map(({ name }) => name);
  const advice =
    known.length === 0 ? 'Add it to "proposals".' : `There is ${known.map((name) => `"${name}"`).join(', ')}.`;
  const uses: [string, readonly InitialSpec[]][] = [
    ['ais.initial', listed(ais.initial)],
    ['iwae.proposal', listed(iwae.proposal)],
  ];
  for (const [where, choices] of uses) {
    for (const choice of choices) {
      if (typeof choice !== 'object' || choice.type !== 'proposal' || known.includes(choice.name)) continue;
      throw new InputError(where, `"${choice.name}" is no proposal of this run`, advice);
    }
    const used = choices.map((choice) => (typeof choice === 'object' && choice.type === 'proposal' ? choice.name : ''));
    const texts = choices.map((choice) => (typeof choice === 'object' ? choice.type : choice));
    const twice = texts.find((text, index) => texts.indexOf(text) < index && used.indexOf(used[index] ?? '') < index);
    if (twice !== undefined) throw new InputError(where, `names "${twice}" twice`, 'Name each once.');
  }
  critics.forEach(({ base, ...critic }, index) => {
    if (base !== 'prior' && !known.includes(base)) {
      throw new InputError(`critics[${index}].base`, `"${base}" is no proposal of this run`, advice);
    }
    if (critic.type !== 'network') return;
    if (base !== 'prior' && critic.objective === 'infonce') {
      throw new InputError(
        `critics[${index}].base`,
        `is "${base}", but InfoNCE compares with the prior`,
        'Use the objective "giwae", or leave the base out.',
      );
    }
    if (base === 'prior' && critic.trainBase) {
      throw new InputError(
        `critics[${index}].trainBase`,
        'says to train the base, which is the prior',
        'Name a proposal as base, or leave this out.',
      );
    }
  });
}

function admitEstimator(name: Estimator, { kind, data, proposals, critics }: Spec): void {
  const base = criticEstimators[name];
  if (base === undefined) {
    if (name === 'ba' && kind === 'evidence' && proposals.length === 0) return;
    return;
  }
  if (kind === 'evidence' || !('simulate' in data)) {
    throw new InputError(
      'estimators',
      `"${name}" bounds mutual information and says nothing of log p(x)`,
      'Leave it out, or use kind "mutual-information".',
    );
  }
  const fits = critics.some((critic) => base === 'any' || (critic.base === 'prior') === (base === 'prior'));
  if (fits) return;
  const what =
    base === 'any'
      ? 'a critic'
      : base === 'prior'
        ? 'a critic whose base is the prior'
        : 'a critic with a proposal as base';
  throw new InputError(
    'estimators',
    `"${name}" needs ${what}, and there is none`,
    'Add one to "critics", or leave it out.',
  );
}

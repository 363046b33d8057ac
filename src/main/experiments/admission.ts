import { InputError } from '../../shared/errors';
import {
  criticNeeds,
  listed,
  type Estimator,
  type EvidenceSpec,
  type InitialSpec,
  type MutualInformationSpec,
} from '../../shared/runFile';
import { chainEstimators } from '../bounds';
import { diagonalGaussian, fixedBase } from '../models';

type Spec = MutualInformationSpec | EvidenceSpec;

/** Chains × data of one run: three log weights each, held at once. */
const mostWeights = 2 ** 26;

/** What a critic corrects: the prior, a proposal of the run, or a base that was trained along with it. */
export type CriticBaseKind = 'prior' | 'proposal' | 'own';

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
  // What a saved critic corrects is known once it is read.
  const bases = spec.critics.flatMap((critic): CriticBaseKind[] => {
    if (critic.type === 'saved') return [];
    if (critic.trainBase) return ['own'];
    return [critic.base === 'prior' ? 'prior' : 'proposal'];
  });
  if (bases.length === spec.critics.length) admitCritics(spec, bases);
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

/**
 * Refuses estimators that no critic serves, and a critic's own base that is called like something else: results tell bases apart by
 * their names.
 * @param bases of the critics, in their order
 * @throws InputError
 */
export function admitCritics({ estimators, proposals, critics }: Spec, bases: readonly CriticBaseKind[]): void {
  const names = [...proposals, ...critics].map(({ name }) => name.toLowerCase());
  critics.forEach(({ name }, index) => {
    const own = `${name}-base`;
    if (bases[index] !== 'own' || !names.includes(own.toLowerCase())) return;
    throw new InputError(
      `critics[${index}].name`,
      `its base is called "${own}", and so is another network`,
      'Rename one of them.',
    );
  });
  for (const name of estimators) {
    const need = criticNeeds[name];
    if (need === undefined || bases.some((base) => need === 'any' || (base === 'prior') === (need === 'prior')))
      continue;
    const what = {
      any: 'a critic',
      prior: 'a critic whose base is the prior',
      proposal: 'a critic with a proposal as base',
    }[need];
    throw new InputError(
      'estimators',
      `"${name}" needs ${what}, and there is none`,
      'Add one to "critics", or leave it out.',
    );
  }
}

/**
 * Refuses Gaussians that do not fit the latent and bases that are one and the same, before anything is trained.
 * @throws InputError
 */
export function admitBases({ ais, iwae }: Spec, latent: number): void {
  const uses: [string, readonly InitialSpec[]][] = [
    ['ais.initial', listed(ais.initial)],
    ['iwae.proposal', listed(iwae.proposal)],
  ];
  for (const [where, choices] of uses) {
    const names = choices.map((choice) =>
      typeof choice === 'object' && choice.type === 'proposal'
        ? choice.name
        : fixedBase(diagonalGaussian(choice, latent, where)).name,
    );
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) throw new InputError(where, `names "${twice}" twice`, 'Name each once.');
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
      // Networks are kept as files, and some file systems do not tell capitals apart.
      const key = name.toLowerCase();
      if (names.has(key)) {
        throw new InputError(
          `${list}[${index}].name`,
          `"${name}" is taken by another`,
          'Give each a name of its own, one that does not differ by capitals alone.',
        );
      }
      names.add(key);
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

function admitEstimator(name: Estimator, { kind, data }: Spec): void {
  if (criticNeeds[name] === undefined || (kind !== 'evidence' && 'simulate' in data)) return;
  throw new InputError(
    'estimators',
    `"${name}" bounds mutual information and says nothing of log p(x)`,
    'Leave it out, or use kind "mutual-information".',
  );
}

import { chainEstimators } from '../../src/main/bounds';
import { ba, elboEubo } from '../../src/main/bounds/ba';
import { bdmc } from '../../src/main/bounds/bdmc';
import { giwae } from '../../src/main/bounds/giwae';
import { ibal } from '../../src/main/bounds/ibal';
import { imAis } from '../../src/main/bounds/imAis';
import { infonce } from '../../src/main/bounds/infonce';
import { iwae } from '../../src/main/bounds/iwae';
import { mineF } from '../../src/main/bounds/mineF';
import { ReverseSum, riwae } from '../../src/main/bounds/riwae';
import { subsetBounds } from '../../src/main/bounds/subsets';
import type { ChainEstimator } from '../../src/main/bounds/types';
import { listed } from './criticData';
import { exactChains } from './exactChains';
import { bestDiagonal, critic, energyPath, posteriorPath, type DiagonalBase } from './gaussianPaths';
import { linearData, sumOf, type LinearDatum } from './linearData';
import { logLikelihood, type LinearModel } from './linearModel';
import { contradicts } from './moments';
import type { Random } from './random';

/** One side of an estimator over data, beside values whose mean is the truth and that share the noise of the data. */
export interface CheckedSide {
  readonly estimator: string;
  readonly side: 'lower' | 'upper';
  readonly values: readonly number[];
  readonly truth: readonly number[];
}

export interface FamilyShape {
  readonly data: number;
  /** K */
  readonly samples: number;
  readonly betas: ArrayLike<number>;
  readonly random: Random;
}

/** Whether a side lies on the wrong side of the truth by more than `limit` standard errors. */
export function isContradicted({ side, values, truth }: CheckedSide, limit: number): boolean {
  return contradicts(side, values, truth, limit);
}

/** A wide base about the exact posterior mean: a good proposal, but with something left to gain. */
export function wideBase(model: LinearModel): DiagonalBase {
  const best = bestDiagonal(model, 'forward');
  return { ...best, variance: best.variance.map((value) => 2.25 * value) };
}

type Sides = { readonly lower?: number | undefined; readonly upper?: number | undefined };

/** Columns of sides, each against the truth; a side that no datum has is left out. */
function checked(estimator: string, sides: readonly Sides[], truth: readonly number[]): CheckedSide[] {
  return (['lower', 'upper'] as const).flatMap((side) => {
    const values = sides.map((each) => each[side]);
    return values.every((value) => value === undefined)
      ? []
      : [{ estimator, side, values: values.map((value) => value ?? Number.NaN), truth }];
  });
}

/** Every chain estimator, from the prior and from a wide base, with all chains and with subsets of them: bounds on log p(x). */
export function chainSides(model: LinearModel, { data, samples, ...rest }: FamilyShape): CheckedSide[] {
  return [undefined, wideBase(model)].flatMap((base) => {
    const path = posteriorPath(model, base);
    const { weights, truth } = exactChains(model, { ...rest, data, chains: samples, path, independent: true });
    return Object.entries(chainEstimators).flatMap(([name, estimator]: [string, ChainEstimator]) => [
      ...checked(name, weights.map(estimator), truth),
      ...checked(
        `${name} of 2`,
        weights.map((each) => subsetBounds(estimator, each, 2)),
        truth,
      ),
    ]);
  });
}

/** IBAL_L of a critic, in both forms: bounds on I(x; z). */
export function energySides(model: LinearModel, a: number, { data, samples, ...rest }: FamilyShape): CheckedSide[] {
  const path = energyPath(model, a);
  const { weights, truth, pairs } = exactChains(model, { ...rest, data, chains: samples, path, coupled: false });
  const known = pairs.map(({ x, z }, datum) => logLikelihood(model, x, z) - (truth[datum] ?? Number.NaN));
  const lower = (estimator: ChainEstimator): Sides[] =>
    pairs.map(({ x, z }, datum) => ({
      lower: ibal({ ba: 0, critic: path.logRatio(x, z) }, estimator(weights[datum] ?? { forward: [] })).lower,
    }));
  return [...checked('ibal, coupled', lower(bdmc), known), ...checked('ibal, independent', lower(imAis), known)];
}

/** Every estimator without chains, with the prior and with a wide base, and with a critic that is half as sharp as the best. */
export function sampleSides(model: LinearModel, { data, samples, random }: FamilyShape): CheckedSide[] {
  const soft = critic(model, 0.5);
  return [undefined, wideBase(model)].flatMap((base) => {
    const rows = linearData(model, data, random, base);
    const truth = rows.map((datum) => datum.truth);
    const known = rows.map((datum) => datum.logLikelihood - datum.truth);
    const values = rows.map((datum) => sampleTerms(datum, samples, soft));
    const side = (name: string, of: (terms: ReturnType<typeof sampleTerms>) => Sides, against: readonly number[]) =>
      checked(name, values.map(of), against);
    return [
      ...side('elbo, eubo', (terms) => terms.single, truth),
      ...side('iwae', (terms) => terms.iwae, truth),
      ...side('riwae', (terms) => terms.riwae, truth),
      ...side('ba', (terms) => ({ lower: terms.ba }), known),
      ...side('giwae', (terms) => ({ lower: terms.giwae }), known),
      ...side('gmine-f', (terms) => ({ lower: terms.mineF }), known),
      ...(base === undefined ? side('s-infonce', (terms) => terms.sInfonce, known) : []),
      ...(base === undefined ? side('infonce', (terms) => ({ lower: terms.infonce }), known) : []),
    ];
  });
}

function sampleTerms(
  datum: LinearDatum,
  samples: number,
  soft: (x: readonly number[], z: readonly number[]) => number,
) {
  const { x, z, logWeight, sample, posterior } = datum;
  const drawn = (count: number): number[][] => Array.from({ length: count }, sample);
  const [fresh, others] = [drawn(samples).map(logWeight), drawn(samples - 1)];
  const sum = (list: readonly number[]) => sumOf(list.length, listed(list));
  const exact = logWeight(z);
  const reverse = (count: number): ReverseSum => {
    const own = new ReverseSum();
    for (let k = 0; k < count; k += 1) own.add(k === 0 ? exact : logWeight(posterior()));
    return own;
  };
  const term = ba(datum);
  const weights = sum(others.map(logWeight));
  const critics = { ba: term, critic: soft(x, z), negatives: sum(others.map((point) => soft(x, point))) };
  return {
    single: elboEubo({ mean: fresh.reduce((total, weight) => total + weight, 0) / samples, exact }),
    iwae: iwae({ fresh: sum(fresh), exact, negatives: weights }),
    riwae: { lower: riwae.lower(logWeight(sample()), reverse(samples - 1)), upper: riwae.upper(reverse(samples)) },
    ba: term,
    giwae: giwae(critics).value,
    mineF: mineF(critics),
    sInfonce: { lower: infonce(datum.logLikelihood, weights), upper: datum.logLikelihood - sum(fresh).mean() },
    infonce: infonce(critics.critic, critics.negatives),
  };
}

import type { ChainWeights } from '../../src/main/bounds/types';
import {
  cholesky,
  draw,
  logEvidence,
  logLikelihood,
  precision,
  simulatePair,
  tempered,
  type LinearModel,
} from './linearModel';
import type { Random } from './random';

/** Ways to break the chains, for tests that must notice. */
export type Defect =
  /** Reverse chains that start at a prior draw in place of the exact posterior sample. */
  | 'reverse from the prior'
  /** Forward increments taken after the transition: Δβ_t at a state that is already at β_t. */
  | 'increment after transition'
  /** Forward chains that start at the z that x was simulated from, as when random numbers are used twice. */
  | 'forward from the exact sample';

export interface ExactChains {
  /** For each datum. */
  readonly weights: ChainWeights[];
  /** log p(x) of each datum. */
  readonly truth: number[];
}

/**
 * Annealed chains whose transitions are perfect: each is an independent draw from π_β in closed form. All that is left to test is
 * where increments are taken, what chains start from and what the estimators do with the weights.
 */
export function exactChains(
  model: LinearModel,
  options: { data: number; chains: number; betas: ArrayLike<number>; random: Random; defect?: Defect },
): ExactChains {
  const { data, chains, random, defect } = options;
  const betas = Array.from(options.betas);
  const last = betas.length - 1;
  const factors = betas.map((beta) => cholesky(precision(model, beta)));
  const weights: ChainWeights[] = [];
  const truth: number[] = [];
  for (let datum = 0; datum < data; datum += 1) {
    const { x, z: exact } = simulatePair(model, random);
    const at = betas.map((beta, t) => tempered(model, x, beta, factors[t]));
    const fresh = (t: number): number[] => draw(at[t] ?? tempered(model, x, 1), random);
    const ratio = (z: readonly number[]): number => logLikelihood(model, x, z);
    const step = (t: number): number => (betas[t] ?? 0) - (betas[t - 1] ?? 0);
    const forward = (): { weight: number; end: number[] } => {
      let weight = 0;
      let z = defect === 'forward from the exact sample' ? exact : fresh(0);
      for (let t = 1; t <= last; t += 1) {
        if (defect === 'increment after transition') z = fresh(t);
        weight += step(t) * ratio(z);
        if (t < last && defect !== 'increment after transition') z = fresh(t);
      }
      return { weight, end: z };
    };
    const reverse = (start: number[]): number => {
      let [weight, z] = [0, start];
      for (let t = last; t >= 1; t -= 1) {
        weight += step(t) * ratio(z);
        if (t > 1) z = fresh(t - 1);
      }
      return weight;
    };
    const forwards = Array.from({ length: chains }, forward);
    const end = forwards[0]?.end ?? [];
    weights.push({
      forward: forwards.map(({ weight }) => weight),
      reverse: forwards.map(() => reverse(defect === 'reverse from the prior' ? fresh(0) : exact)),
      coupled: forwards.slice(1).map(() => reverse(end)),
    });
    truth.push(logEvidence(model, x));
  }
  return { weights, truth };
}

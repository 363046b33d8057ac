import type { ChainWeights } from '../../src/main/bounds/types';
import { posteriorPath, type GaussianPath } from './gaussianPaths';
import { draw, logEvidence, simulatePair, tempered, type LinearModel } from './linearModel';
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
  /** Each datum with the z it was simulated from. */
  readonly pairs: { readonly x: number[]; readonly z: number[] }[];
  /** Where forward chain 0 took its last increment. */
  readonly ends: number[][];
}

export interface ExactChainsOptions {
  readonly data: number;
  readonly chains: number;
  readonly betas: ArrayLike<number>;
  readonly random: Random;
  /** From the prior to the posterior when left out. */
  readonly path?: GaussianPath;
  /** Whether to run chains from where forward chain 0 took its last increment; true when left out. */
  readonly coupled?: boolean;
  /** Whether to run reverse chains from independent exact samples too. */
  readonly independent?: boolean;
  readonly defect?: Defect;
}

/**
 * Annealed chains whose transitions are perfect: each is an independent draw from π_β in closed form. All that is left to test is
 * where increments are taken, what chains start from and what the estimators do with the weights.
 */
export function exactChains(model: LinearModel, options: ExactChainsOptions): ExactChains {
  const { data, chains, random, defect, path = posteriorPath(model) } = options;
  const { coupled = true, independent = false } = options;
  const betas = Array.from(options.betas);
  const last = betas.length - 1;
  const result: ExactChains = { weights: [], truth: [], pairs: [], ends: [] };
  for (let datum = 0; datum < data; datum += 1) {
    const { x, z: exact } = simulatePair(model, random);
    const posterior = tempered(model, x, 1);
    const at = betas.map((beta) => path.at(x, beta));
    const fresh = (t: number): number[] => draw(at[t] ?? posterior, random);
    const step = (t: number): number => (betas[t] ?? 0) - (betas[t - 1] ?? 0);
    const forward = (): { weight: number; end: number[] } => {
      let weight = 0;
      let z = defect === 'forward from the exact sample' ? exact : fresh(0);
      for (let t = 1; t <= last; t += 1) {
        if (defect === 'increment after transition') z = fresh(t);
        weight += step(t) * path.logRatio(x, z);
        if (t < last && defect !== 'increment after transition') z = fresh(t);
      }
      return { weight, end: z };
    };
    const reverse = (start: number[]): number => {
      let [weight, z] = [0, start];
      for (let t = last; t >= 1; t -= 1) {
        weight += step(t) * path.logRatio(x, z);
        if (t > 1) z = fresh(t - 1);
      }
      return weight;
    };
    const forwards = Array.from({ length: chains }, forward);
    const end = forwards[0]?.end ?? [];
    // The sample that x was simulated from is one of the independent ones.
    const own = (k: number): number[] => (k === 0 ? exact : draw(posterior, random));
    result.weights.push({
      forward: forwards.map(({ weight }) => weight),
      reverse: forwards.map(() => reverse(defect === 'reverse from the prior' ? fresh(0) : exact)),
      ...(coupled ? { coupled: forwards.slice(1).map(() => reverse(end)) } : {}),
      ...(independent ? { independent: forwards.map((_, k) => reverse(own(k))) } : {}),
    });
    result.truth.push(logEvidence(model, x));
    result.pairs.push({ x, z: exact });
    result.ends.push(end);
  }
  return result;
}

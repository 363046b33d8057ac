import { tQuantile975 } from '../../shared/statistics';

/** What draws from a proposal say of the probability P = E_p[h] of an event. Logarithms are in nats. */
export interface EventEstimate {
  readonly draws: number;
  /** Draws in the event. */
  readonly hits: number;
  /** log of mean(h p/ρ); −∞ without a hit. */
  readonly logValue: number;
  /** Variance of a single draw relative to the square of the estimate. */
  readonly relativeVariance: number;
  /** Standard error over the estimate. */
  readonly relativeError: number;
  /** (Σw)²/Σw² */
  readonly effectiveSampleSize: number;
  /** Of the greatest weight in their sum. */
  readonly largestShare: number;
}

/** The estimate after some of the draws. */
export interface RunningPoint {
  readonly draws: number;
  readonly logValue: number;
  readonly relativeError: number;
}

/**
 * Importance sampling with exact densities: mean(h(x) p(x)/ρ(x)) over draws x of ρ is unbiased for E_p[h] whatever ρ is, as long as it has
 * mass wherever h p has.
 * @param logWeights log p − log ρ of each draw in the event, −∞ of the others
 */
export function eventProbability(logWeights: ArrayLike<number>): EventEstimate {
  const sums = summed(logWeights, [logWeights.length])[0] ?? nothing;
  return { ...estimateOf(sums), ...pick(sums) };
}

/** The same after every so many draws, about evenly on a logarithmic axis. */
export function runningProbability(logWeights: ArrayLike<number>, points = 120): RunningPoint[] {
  return summed(logWeights, checkpoints(logWeights.length, points)).map((sums) => ({
    draws: sums.draws,
    ...estimateOf(sums),
  }));
}

/** Half-width of the 95 % interval of an estimate relative to it, from independent draws; infinite where they say nothing. */
export function relativeHalfWidth({ draws, relativeError }: Pick<EventEstimate, 'draws' | 'relativeError'>): number {
  return draws < 2 || Number.isNaN(relativeError) ? Infinity : tQuantile975(draws - 1) * relativeError;
}

/** From the first ten draws on. */
function checkpoints(count: number, points: number): number[] {
  const first = Math.min(10, count);
  const all = Array.from({ length: points }, (_, i) => Math.round(first * (count / first) ** (i / (points - 1))));
  return [...new Set(all)];
}

/** Sums in units of the greatest weight so far. */
interface Sums {
  readonly draws: number;
  readonly hits: number;
  readonly top: number;
  readonly weight: number;
  readonly squares: number;
}

const nothing: Sums = { draws: 0, hits: 0, top: -Infinity, weight: 0, squares: 0 };

function summed(logWeights: ArrayLike<number>, at: readonly number[]): Sums[] {
  let [hits, top, weight, squares] = [0, -Infinity, 0, 0];
  const out: Sums[] = [];
  let next = 0;
  for (let draw = 0; draw < logWeights.length; draw += 1) {
    const log = logWeights[draw] ?? NaN;
    if (log !== -Infinity) {
      hits += 1;
      if (log > top) {
        const scale = Math.exp(top - log);
        weight *= scale;
        squares *= scale * scale;
        top = log;
      }
      const own = Math.exp(log - top);
      weight += own;
      squares += own * own;
    }
    if (draw + 1 !== at[next]) continue;
    out.push({ draws: draw + 1, hits, top, weight, squares });
    next += 1;
  }
  return out;
}

function estimateOf({ draws, top, weight, squares }: Sums) {
  const logValue = weight === 0 ? -Infinity : top + Math.log(weight / draws);
  // Of a single draw, with n − 1 in place of n.
  const relativeVariance = ((draws * squares) / (weight * weight) - 1) * (draws / (draws - 1));
  return { logValue, relativeVariance, relativeError: Math.sqrt(relativeVariance / draws) };
}

function pick({ draws, hits, weight, squares }: Sums) {
  return {
    ...{ draws, hits },
    effectiveSampleSize: squares === 0 ? 0 : (weight * weight) / squares,
    largestShare: weight === 0 ? 0 : 1 / weight,
  };
}

import { fillNormals } from '../../tensor/random/streams';
import { componentSeed } from '../componentSeed';

/** A part of a density that is known beforehand. */
export interface KnownMode {
  /** `[d]` */
  readonly location: Float64Array;
  /** Fraction of the mass. */
  readonly weight: number;
  /** Standard deviation around it, the same in all directions. */
  readonly std?: number;
}

/** What a base reaches of the modes of a target. */
export interface BaseReach {
  /** Share of draws from the base that belong to each mode. */
  readonly cells: readonly number[];
  /** Modes that have less than a fifth of their weight there, and too little for chance: their places. */
  readonly lost: readonly number[];
}

const draws = 10_000;
const share = 0.2;
/** How often a base that reaches all modes is said to miss one, at the most. */
const falseAlarms = 1e-3;
const candidates = [1, 2, 4, 8, 16];
/** Work that a warning is worth. */
const mostProducts = 2e8;

/**
 * Blocks never correct how much mass a mode has: it inherits that of the part of the base nearest to it.
 * @param scale s₀
 */
export function baseReach(modes: readonly KnownMode[], dim: number, scale: number, seed: number): BaseReach {
  const rows = new Float64Array(draws * dim);
  const block = { firstChain: 0, chains: 1, firstDatum: 0, data: draws, width: dim };
  fillNormals(rows, { seed: componentSeed(seed, 'base'), stream: 'pathInitial', step: 0, ...block });
  const counts = new Array<number>(modes.length).fill(0);
  for (let row = 0; row < draws; row += 1) {
    let [best, most] = [0, -Infinity];
    modes.forEach(({ location, weight, std = 1 }, mode) => {
      let squares = 0;
      for (let i = 0; i < dim; i += 1) squares += (scale * (rows[row * dim + i] ?? NaN) - (location[i] ?? NaN)) ** 2;
      const log = Math.log(weight) - dim * Math.log(std) - squares / (2 * std * std);
      if (log > most) [best, most] = [mode, log];
    });
    counts[best] = (counts[best] ?? 0) + 1;
  }
  const cells = counts.map((count) => count / draws);
  const lost = modes.flatMap(({ weight }, mode) => {
    const [count, expected] = [counts[mode] ?? 0, draws * weight];
    return count < share * expected && poissonBelow(count, expected) < falseAlarms / modes.length ? [mode] : [];
  });
  return { cells, lost };
}

/** P(N ≤ count) of a Poisson variable: of rare events, where a mode of many is expected in a handful of draws. */
function poissonBelow(count: number, expected: number): number {
  let [term, sum] = [Math.exp(-expected), 0];
  for (let n = 0; n <= count; n += 1) {
    sum += term;
    term *= expected / (n + 1);
  }
  return sum;
}

/** A sentence where the base misses modes, with a scale that would not; undefined where it reaches all, or nothing is known of modes. */
export function baseWarning(
  name: string,
  modes: readonly KnownMode[] | undefined,
  dim: number,
  scale: number,
  seed: number,
): string | undefined {
  if (modes === undefined || modes.length < 2 || modes.length * dim * draws > mostProducts) return undefined;
  const missed = baseReach(modes, dim, scale, seed).lost.length;
  if (missed === 0) return undefined;
  const better = candidates.find((each) => each > scale && baseReach(modes, dim, each, seed).lost.length === 0);
  const advice = better === undefined ? 'No scale up to 16 mends that' : `A "baseScale" of ${better} mends that`;
  return `${name} starts from a base of scale ${scale} that hardly reaches ${missed} of ${modes.length} modes, and blocks never move mass from one to another. ${advice}.`;
}

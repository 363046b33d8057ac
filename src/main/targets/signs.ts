import type { Assignment, Mode } from './types';

/** More modes than this are not listed; their weights follow from the {@link Assignment}. */
const mostListed = 4096;

/** One of the independent coordinates in which a density has two sides. */
export interface Side {
  readonly axis: number;
  /** Where the two sides meet. */
  readonly threshold: number;
  /** Probability of lying above it. */
  readonly above: number;
  /** Centres of the sides, or their tops. */
  readonly low: number;
  readonly high: number;
}

/**
 * Modes by patterns of signs: bit i of a mode's place says that it lies above the threshold of side i.
 * @param rest `[d]`, where the modes lie in the other coordinates
 * @param stds `[d]`, where a mode is a normal, or nearly one
 */
export function signModes(
  sides: readonly Side[],
  rest: Float64Array,
  stds?: Float64Array,
): { readonly assignment: Assignment; readonly modes?: readonly Mode[] } {
  const assignment: Assignment = {
    type: 'sign',
    axes: sides.map(({ axis }) => axis),
    thresholds: Float64Array.from(sides, ({ threshold }) => threshold),
    above: Float64Array.from(sides, ({ above }) => above),
    ...(stds === undefined ? {} : { cells: { ...centres(sides, rest), std: stds } }),
  };
  if (2 ** sides.length > mostListed) return { assignment };
  const modes = Array.from({ length: 2 ** sides.length }, (_, place): Mode => {
    const location = rest.slice();
    let weight = 1;
    sides.forEach(({ axis, above, low, high }, i) => {
      const up = ((place >> i) & 1) === 1;
      location[axis] = up ? high : low;
      weight *= up ? above : 1 - above;
    });
    return { location, weight, ...(stds === undefined ? {} : { stds }) };
  });
  return { assignment, modes };
}

function centres(sides: readonly Side[], rest: Float64Array): { low: Float64Array; high: Float64Array } {
  const [low, high] = [rest.slice(), rest.slice()];
  for (const side of sides) [low[side.axis], high[side.axis]] = [side.low, side.high];
  return { low, high };
}

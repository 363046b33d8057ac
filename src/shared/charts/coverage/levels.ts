import type { Picture } from '../../result';

/** Shares of the mass that contours of a known density enclose. */
export const enclosedShares = [0.5, 0.8, 0.95, 0.99] as const;

/** Where nothing but the floor of a logarithm is: densities this far below the highest are as good as none. */
const depth = 40;

/**
 * Log densities whose contours enclose shares of the mass on a grid of equal cells: the highest cells first until their sum is enough.
 * @returns one level a share, in the order of the shares; nothing where no density is
 */
export function massLevels(
  { values }: Pick<NonNullable<Picture['density']>, 'values'>,
  shares: readonly number[] = enclosedShares,
): number[] {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const top = finite.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
  const sorted = Float64Array.from(finite.filter((value) => value > top - depth))
    .sort()
    .reverse();
  if (sorted.length === 0) return [];
  const total = sorted.reduce((sum, value) => sum + Math.exp(value - top), 0);
  const levels: number[] = [];
  let [sum, at] = [0, 0];
  for (const share of [...shares].sort((a, b) => a - b)) {
    while (at < sorted.length && sum < share * total) {
      sum += Math.exp((sorted[at] ?? 0) - top);
      at += 1;
    }
    levels.push(sorted[Math.max(0, at - 1)] ?? top);
  }
  return shares.map((share) => levels[[...shares].sort((a, b) => a - b).indexOf(share)] ?? top);
}

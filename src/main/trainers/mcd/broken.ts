/** The first transition after which some row was broken; undefined where all are well. */
export function firstBroken(broken: Int32Array): number | undefined {
  const found = broken.filter((k) => k >= 0);
  return found.length === 0 ? undefined : found.reduce((least, k) => Math.min(least, k));
}

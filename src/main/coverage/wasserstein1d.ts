/**
 * W_p^p of two sets on a line, of any sizes: quantiles are matched, so that sorted values of equal sets meet in turn and unequal sets
 * meet on the merged grid of i/n and j/m.
 * @param x ascending
 * @param y ascending
 * @param p the power of the cost
 */
export function transportOnLine(x: ArrayLike<number>, y: ArrayLike<number>, p: number): number {
  const [n, m] = [x.length, y.length];
  let [i, j, total] = [0, 0, 0];
  // Levels in units of 1/(n m), which are whole numbers.
  let level = 0;
  while (i < n && j < m) {
    const next = Math.min((i + 1) * m, (j + 1) * n);
    total += (next - level) * Math.abs((x[i] ?? NaN) - (y[j] ?? NaN)) ** p;
    level = next;
    if (next === (i + 1) * m) i += 1;
    if (next === (j + 1) * n) j += 1;
  }
  return total / (n * m);
}

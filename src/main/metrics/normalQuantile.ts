/** Φ⁻¹(p), to seven digits (Wichura 1988, algorithm AS 241, the shorter form). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    const top = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
    return (q * top) / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const value =
    r <= 5
      ? (((0.17023821103 * (r - 1.6) + 1.3067284816) * (r - 1.6) + 2.75681539) * (r - 1.6) + 1.4234372777) /
        ((0.12021132975 * (r - 1.6) + 0.7370016425) * (r - 1.6) + 1)
      : (((0.017337203997 * (r - 5) + 0.42868294337) * (r - 5) + 3.081226386) * (r - 5) + 6.657905115) /
        ((0.012258202635 * (r - 5) + 0.24197894225) * (r - 5) + 1);
  return q < 0 ? -value : value;
}

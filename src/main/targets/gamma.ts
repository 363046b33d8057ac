/** log Γ(x) for x > 0, to about 14 digits (Stirling's series, after the recurrence has made x large). */
export function logGamma(x: number): number {
  let [shifted, product] = [x, 1];
  while (shifted < 15) {
    product *= shifted;
    shifted += 1;
  }
  const square = 1 / (shifted * shifted);
  const series = 1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)));
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series / shifted;
  return stirling - Math.log(product);
}

/** log Q(a, x) of the regularised upper incomplete gamma function, a > 0 and x ≥ 0: finite where Q itself is too small for a double. */
export function logUpperGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  const logFactor = a * Math.log(x) - x - logGamma(a);
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; n < 10_000 && term > 1e-17 * sum; n += 1) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.log1p(-Math.exp(logFactor) * sum);
  }
  // The continued fraction of Legendre, by Lentz's method.
  let b = x + 1 - a;
  let [c, d] = [1e300, 1 / b];
  let fraction = d;
  for (let n = 1; n < 10_000; n += 1) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return logFactor + Math.log(fraction);
}

/** log Φ(x) of the standard normal distribution. */
export function logNormalBelow(x: number): number {
  const tail = logUpperGamma(0.5, 0.5 * x * x) - Math.LN2;
  return x > 0 ? Math.log1p(-Math.exp(tail)) : tail;
}

/** Mean, and half-width of the 95 % interval for it over independent data (Student t). */
export interface MeanInterval {
  readonly mean: number;
  /** Null with fewer than two data. */
  readonly ci95: number | null;
}

export function meanInterval(values: readonly number[]): MeanInterval {
  const n = values.length;
  const mean = values.reduce((total, value) => total + value, 0) / n;
  if (n < 2) return { mean, ci95: null };
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (n - 1);
  return { mean, ci95: tQuantile975(n - 1) * Math.sqrt(variance / n) };
}

/**
 * The 0.975 quantile of Student's t, by solving its distribution function, a regularised incomplete beta, with bisection.
 * @param degrees degrees of freedom, at least 1
 */
export function tQuantile975(degrees: number): number {
  return degrees > 1000 ? expanded(degrees) : quantileOf(0.025, degrees);
}

/**
 * The value that Student's t exceeds with a given probability. More than 1000 degrees of freedom count as 1000, which is slightly
 * more than the quantile.
 * @param tail below one half
 */
export function tQuantile(tail: number, degrees: number): number {
  return quantileOf(tail, Math.min(1000, degrees));
}

/** A page that compares a hundred runs asks for the same few thousands of times. */
const solved = new Map<string, number>();

function quantileOf(tail: number, degrees: number): number {
  const key = `${tail} ${degrees}`;
  const quantile = solved.get(key) ?? solve(tail, degrees);
  solved.set(key, quantile);
  return quantile;
}

function solve(tail: number, degrees: number): number {
  let [low, high] = [tail < 0.025 ? 1.9 : 0, 13];
  while (upperTail(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Cornish and Fisher's expansion in 1/ν: good to 1e-11 from 1000 on, where the density is too narrow for a fixed grid. */
function expanded(degrees: number): number {
  const z = 1.959963984540054;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + (first + (second + third / degrees) / degrees) / degrees;
}

/** P(t > value): ∫ of the density over the tail with Simpson's rule in the angle θ, t = √ν tan θ, where it is cos^(ν−1) θ. */
function upperTail(value: number, degrees: number): number {
  const start = Math.atan(value / Math.sqrt(degrees));
  const integrate = (from: number, to: number): number => {
    const steps = 2000;
    const width = (to - from) / steps;
    let total = 0;
    for (let index = 0; index <= steps; index += 1) {
      const weight = index === 0 || index === steps ? 1 : index % 2 === 1 ? 4 : 2;
      // The ends of cos may fall below zero by rounding.
      total += weight * Math.max(0, Math.cos(from + index * width)) ** (degrees - 1);
    }
    return (total * width) / 3;
  };
  return integrate(start, Math.PI / 2) / (2 * integrate(0, Math.PI / 2));
}

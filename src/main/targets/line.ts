/** An unnormalised density of one variable, tabulated. */
export interface Line {
  /** log ∫ f, nats. */
  readonly logZ: number;
  /** E g(x) under the normalised density. */
  readonly expectation: (g: (x: number) => number) => number;
  /** P(X ≤ x). */
  readonly below: (x: number) => number;
  /** The x with P(X ≤ x) = u, to about seven digits of the width that the density varies over. */
  readonly quantile: (u: number) => number;
}

/** Five nodes and weights of Gauss–Legendre quadrature on [−1, 1]. */
const nodes = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664];
const weights = [0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891];

/**
 * @param logDensity finite and smooth on the interval, which holds all but 1e-16 of the mass
 * @param panels how many pieces; the density should vary little within one
 */
export function tabulate(
  logDensity: (x: number) => number,
  [low, high]: readonly [number, number],
  panels = 4096,
): Line {
  const width = (high - low) / panels;
  const edge = (panel: number): number => low + panel * width;
  const tops = Float64Array.from({ length: panels + 1 }, (_, panel) => logDensity(edge(panel)));
  const top = tops.reduce((most, log) => Math.max(most, log), -Infinity);
  const density = (x: number): number => Math.exp(logDensity(x) - top);
  const over = (from: number, to: number, g: (x: number) => number): number => {
    const [middle, half] = [(from + to) / 2, (to - from) / 2];
    return half * nodes.reduce((sum, node, i) => sum + (weights[i] ?? 0) * g(middle + half * node), 0);
  };
  const cumulative = new Float64Array(panels + 1);
  for (let panel = 0; panel < panels; panel += 1) {
    cumulative[panel + 1] = (cumulative[panel] ?? 0) + over(edge(panel), edge(panel + 1), density);
  }
  const mass = cumulative[panels] ?? NaN;
  return {
    logZ: top + Math.log(mass),
    expectation: (g) => {
      let sum = 0;
      for (let panel = 0; panel < panels; panel += 1) {
        sum += over(edge(panel), edge(panel + 1), (x) => g(x) * density(x));
      }
      return sum / mass;
    },
    below: (x) => {
      if (x <= low) return 0;
      if (x >= high) return 1;
      const panel = Math.min(panels - 1, Math.floor((x - low) / width));
      return ((cumulative[panel] ?? NaN) + over(edge(panel), x, density)) / mass;
    },
    quantile: (u) => {
      const wanted = u * mass;
      let [first, last] = [0, panels];
      while (last - first > 1) {
        const middle = (first + last) >> 1;
        if ((cumulative[middle] ?? NaN) <= wanted) first = middle;
        else last = middle;
      }
      // Within a panel the density is a straight line, scaled to the panel's mass.
      const [a, b] = [Math.exp((tops[first] ?? NaN) - top), Math.exp((tops[first + 1] ?? NaN) - top)];
      const share =
        (wanted - (cumulative[first] ?? NaN)) / ((cumulative[first + 1] ?? NaN) - (cumulative[first] ?? NaN));
      const area = (share * (a + b)) / 2;
      const root = Math.sqrt(a * a + 2 * (b - a) * area);
      return edge(first) + (width * 2 * area) / (a + root);
    },
  };
}

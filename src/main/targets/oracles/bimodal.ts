import { normalDivergence, tempered } from './annealing';
import { byDifferences, minimise } from './minimise';

// q = N(m·1, s I) against ½ N(0, σ²I) + ½ N(1, σ²I) in d dimensions. The axis that joins the modes is a one-dimensional problem with
// modes at 0 and √d; each of the others adds a divergence of two normals. All in nats, log Z = 0.

export interface Bimodal {
  readonly dim: number;
  readonly sigma: number;
}

export interface BimodalFit {
  /** m; m and 1 − m are equally good. */
  readonly m: number;
  /** s */
  readonly variance: number;
  /** KL(q ‖ π) */
  readonly reverse: number;
  /** KL(π ‖ q) */
  readonly forward: number;
  /** J, the sum of the two. */
  readonly symmetrised: number;
  /** Of q. */
  readonly entropy: number;
}

export type Criterion = 'reverse' | 'forward' | 'symmetrised';

const logTwoPi = Math.log(2 * Math.PI);

/** How far q is from the target, by the trapezoidal rule, which for these integrands is right to rounding. */
export function bimodalFit({ dim, sigma }: Bimodal, m: number, variance: number): BimodalFit {
  const root = Math.sqrt(dim);
  const others = dim - 1;
  const v = sigma * sigma;
  const q = { mean: m * root, variance };
  let reverse = others * normalDivergence({ mean: 0, variance }, { mean: 0, variance: v });
  integrate({ dim, sigma }, [q], (x, width) => {
    const log = logNormal(x, q.mean, variance);
    reverse += width * Math.exp(log) * (log - logAxis(x, root, v));
  });
  const negativeEntropy = axisNegativeEntropy({ dim, sigma });
  // E_π (x − m√d)² along the axis.
  const spread = v + 0.5 * dim * (m * m + (1 - m) * (1 - m));
  const forward =
    negativeEntropy +
    0.5 * (logTwoPi + Math.log(variance) + spread / variance) +
    others * normalDivergence({ mean: 0, variance: v }, { mean: 0, variance });
  const entropy = 0.5 * dim * (1 + logTwoPi + Math.log(variance));
  return { m, variance, reverse, forward, symmetrised: reverse + forward, entropy };
}

/**
 * The best q for a divergence, from several starts.
 * @param centred hold m at ½
 */
export function bimodalOptimum(target: Bimodal, criterion: Criterion, { centred = false } = {}): BimodalFit {
  if (criterion === 'forward') return bimodalFit(target, 0.5, target.sigma ** 2 + 0.25);
  const found = best(target, centred, (m, s) => bimodalFit(target, m, s)[criterion]);
  return bimodalFit(target, found.m, found.variance);
}

/** What annealing over K equal steps of β with perfect transitions would learn, and its gap log Z − E[log w]. */
export function bimodalPerfect(
  target: Bimodal,
  steps: number,
): { readonly m: number; readonly variance: number; readonly gap: number } {
  const { m, variance, value } = best(target, false, (m, s) => bimodalGap(target, m, s, steps));
  return { m, variance, gap: value };
}

/** log Z − E[log w] from N(m·1, s I) over K equal steps with perfect transitions: −(1/K) Σ_k E_{π_k} h along the axis, and the rest. */
export function bimodalGap(target: Bimodal, m: number, variance: number, steps: number): number {
  const { dim, sigma } = target;
  const [root, v] = [Math.sqrt(dim), sigma * sigma];
  const q = { mean: m * root, variance };
  const ends = [q, { mean: 0, variance: v }, { mean: root, variance: v }];
  const [logs, ratios]: [number[], number[]] = [[], []];
  integrate(target, ends, (x) => {
    const log = logNormal(x, q.mean, variance);
    logs.push(log);
    ratios.push(logAxis(x, root, v) - log);
  });
  let gap = 0;
  for (let k = 0; k < steps; k += 1) {
    const beta = k / steps;
    let [mass, sum] = [0, 0];
    for (let i = 0; i < logs.length; i += 1) {
      const ratio = ratios[i] ?? NaN;
      const weight = Math.exp((logs[i] ?? NaN) + beta * ratio);
      mass += weight;
      sum += weight * ratio;
    }
    gap -= sum / mass / steps;
    const [from, to] = [beta, (k + 1) / steps].map((b) =>
      tempered({ mean: 0, variance }, { mean: 0, variance: v }, b),
    ) as [ReturnType<typeof tempered>, ReturnType<typeof tempered>];
    gap += (dim - 1) * normalDivergence(from, to);
  }
  return gap;
}

function best(
  { sigma }: Bimodal,
  centred: boolean,
  objective: (m: number, variance: number) => number,
): { m: number; variance: number; value: number } {
  const narrow = 2 * Math.log(sigma);
  const wide = Math.log(sigma * sigma + 0.2);
  const starts = centred ? [[wide]] : [[narrow, 0.02], ...[0.1, 0.3, 0.5].map((m) => [wide, m])];
  const found = starts.map((start) => {
    const fn = ([log = NaN, m = 0.5]: Float64Array): number => objective(m, Math.exp(log));
    const { x, value } = minimise(byDifferences(fn), start, { tolerance: 1e-7, iterations: 200 });
    const [log = NaN, m = 0.5] = x;
    return { m: Math.min(m, 1 - m), variance: Math.exp(log), value };
  });
  return found.reduce((a, b) => (b.value < a.value ? b : a));
}

/** An integral over nine standard deviations about each normal, by the trapezoidal rule: `add` is called at each place. */
function integrate(
  { dim, sigma }: Bimodal,
  normals: readonly { mean: number; variance: number }[],
  add: (x: number, width: number) => void,
): void {
  const stds = normals.map(({ variance }) => Math.sqrt(variance));
  const low = Math.min(...normals.map(({ mean }, i) => mean - 9 * (stds[i] ?? NaN)));
  const high = Math.max(...normals.map(({ mean }, i) => mean + 9 * (stds[i] ?? NaN)));
  // The logarithm of the mixture has singularities πσ²/√d off the line; steps of this width leave an error of e^(−2π²/0.7).
  const width = Math.min(Math.min(...stds) / 3, (0.7 * sigma * sigma) / Math.sqrt(dim));
  const count = Math.ceil((high - low) / width);
  for (let i = 0; i <= count; i += 1) add(low + i * width, width);
}

/** E_π log π along the axis. */
function axisNegativeEntropy({ dim, sigma }: Bimodal): number {
  const [root, v] = [Math.sqrt(dim), sigma * sigma];
  let total = 0;
  // By symmetry one of the two components will do.
  integrate({ dim, sigma }, [{ mean: 0, variance: v }], (x, width) => {
    total += width * Math.exp(logNormal(x, 0, v)) * logAxis(x, root, v);
  });
  return total;
}

function logNormal(x: number, mean: number, variance: number): number {
  return -0.5 * ((x - mean) ** 2 / variance + logTwoPi + Math.log(variance));
}

/** log of ½ N(x; 0, v) + ½ N(x; root, v) */
function logAxis(x: number, root: number, v: number): number {
  const [a, b] = [logNormal(x, 0, v), logNormal(x, root, v)];
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))) - Math.LN2;
}

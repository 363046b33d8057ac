import type { Approximation, Bound, Picture, Result, Series } from '../../../src/shared/result';
import { targetLabel } from '../../../src/shared/labels';
import { namedMethods, targetRunSchema, type TargetRunSpec } from '../../../src/shared/runFile';
import type { CurvePoint, RunDetail, RunPoint, RunRow } from '../../../src/shared/runRecord';
import { entropyOf } from '../../../src/shared/targetRun/summary';
import { fakeNormal, fakeRandom } from './random';

const sigma = 0.25;

/** Two modes in a plane, by every method and by DAIS twice. */
export function targetSpec(): TargetRunSpec {
  return targetRunSchema.parse({
    kind: 'target',
    name: 'Two modes in a plane',
    target: { type: 'bimodal', dim: 2, sigma },
    methods: [
      { type: 'vi' },
      { type: 'iwvi' },
      { type: 'dais', steps: 4 },
      { type: 'dais', steps: 16 },
      { type: 'msc' },
      { type: 'hmc' },
    ],
  });
}

/** A posterior of many coordinates without a closed form, which HMC is the truth of. */
export function posteriorSpec(): TargetRunSpec {
  return targetRunSchema.parse({
    kind: 'target',
    name: 'Sonar, logistic regression',
    target: { type: 'logistic-regression', file: '../data/sonar.csv' },
    methods: [{ type: 'vi' }, { type: 'iwvi' }, { type: 'dais', particles: 1 }, { type: 'msc' }, { type: 'hmc' }],
  });
}

/** Two modes on a line. */
export function lineSpec(): TargetRunSpec {
  return targetRunSchema.parse({
    kind: 'target',
    name: 'Two modes on a line',
    target: { type: 'bimodal', dim: 1, sigma },
    methods: [{ type: 'vi' }, { type: 'dais', steps: 16 }, { type: 'msc' }],
  });
}

interface Made {
  readonly name: string;
  readonly bound: number | null;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Ends in a normal. */
  readonly normal: boolean;
  readonly draw: (random: () => number) => number[];
}

const spread = (mean: readonly number[], std: readonly number[]) => (random: () => number) =>
  mean.map((m, index) => m + (std[index] ?? 1) * fakeNormal(random));
const fit = (name: string, bound: number | null, mean: readonly number[], std: readonly number[]): Made => ({
  ...{ name, bound, mean, std, normal: true },
  draw: spread(mean, std),
});
const modes =
  (dim: number, wide = sigma) =>
  (random: () => number): number[] => {
    const mode = random() < 0.5 ? 0 : 1;
    return Array.from({ length: dim }, () => mode + wide * fakeNormal(random));
  };

const both = (value: number): number[] => [value, value];

/** Near what section 3.3 of the theory gives for σ = 0.25. */
const planeMethods: readonly Made[] = [
  fit('vi', -0.6858, both(0.0043), both(0.2543)),
  fit('iwvi', -0.214, both(0.49), both(0.52)),
  { ...fit('dais', -0.312, both(0.5), both(0.56)), normal: false, draw: modes(2, 0.31) },
  fit('dais0', -1.71, both(0.48), both(0.47)),
  { ...fit('dais-2', -0.121, both(0.5), both(0.558)), normal: false, draw: modes(2, 0.27) },
  fit('dais0-2', -1.66, both(0.5), both(0.475)),
  fit('msc', -1.97, both(0.5), both(0.557)),
  { ...fit('hmc', null, both(0.501), both(0.5588)), normal: false, draw: modes(2) },
];

const lineMethods: readonly Made[] = [
  fit('vi', -0.2265, [0.5], [0.5118]),
  { ...fit('dais', -0.021, [0.5], [0.56]), normal: false, draw: modes(1, 0.26) },
  fit('dais0', -0.2282, [0.5], [0.525]),
  fit('msc', -0.2478, [0.5], [0.559]),
];

const dim = 61;
const posteriorTruth = (() => {
  const random = fakeRandom(41);
  return {
    mean: Array.from({ length: dim }, () => 0.6 * fakeNormal(random)),
    std: Array.from({ length: dim }, () => 0.45 + 0.2 * random()),
  };
})();
const shrunk = (name: string, bound: number, factor: number, noise: number): Made => {
  const random = fakeRandom(name.length);
  const mean = posteriorTruth.mean.map((value) => value + noise * fakeNormal(random));
  const std = posteriorTruth.std.map((value) => value * (factor + 0.03 * fakeNormal(random)));
  return fit(name, bound, mean, std);
};
const posteriorMethods: readonly Made[] = [
  shrunk('vi', -137.9, 0.52, 0.03),
  shrunk('iwvi', -123.01, 0.68, 0.02),
  { ...shrunk('dais', -115.46, 0.98, 0.02), normal: false },
  shrunk('dais0', -136.2, 0.87, 0.015),
  shrunk('msc', -171.5, 0.6, 0.19),
  { ...fit('hmc', null, posteriorTruth.mean, posteriorTruth.std), normal: false },
];

const truths = {
  plane: {
    ...{ logZ: 0, mean: both(0.5), std: both(Math.sqrt(sigma ** 2 + 0.25)) },
    source: 'The density is normalised; its moments are closed forms.',
  },
  line: { logZ: 0, mean: [0.5], std: [0.559], source: 'The density is normalised; its moments are closed forms.' },
  posterior: {
    ...posteriorTruth,
    source: 'Moments of "hmc" in this run. The posterior has no closed form; long chains of HMC are its ground truth.',
  },
};

type Scene = keyof typeof truths;
const methodsOf: Readonly<Record<Scene, readonly Made[]>> = {
  plane: planeMethods,
  line: lineMethods,
  posterior: posteriorMethods,
};

function sceneOf({ target }: TargetRunSpec): Scene {
  if (target.type === 'logistic-regression') return 'posterior';
  return target.type === 'bimodal' && target.dim === 1 ? 'line' : 'plane';
}

function boundsIn(scene: Scene): Bound[] {
  return methodsOf[scene].flatMap(({ name, bound }) =>
    bound === null
      ? []
      : [
          {
            ...({ quantity: 'log-z', estimator: name.replace(/-\d+$/, ''), side: 'lower', method: name } as const),
            ...{ value: bound, ci95: scene === 'posterior' ? 0.05 : 0.011, n: 256 },
            samples: /^(dais|iwvi)(-|$)/.test(name) ? 16 : 1,
          },
        ],
  );
}

const meanAbsolute = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, index) => total + Math.abs(value - (b[index] ?? 0)), 0) / a.length;

function metricsOf(scene: Scene): Record<string, unknown> {
  const truth = truths[scene];
  const logZ = 'logZ' in truth ? truth.logZ : undefined;
  const [best] = boundsIn(scene).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const own = methodsOf[scene].map(({ name, bound, mean, std, normal }, index) => {
    const values = {
      ...(bound === null ? {} : { bound, boundCi95: 0.01, ...(logZ === undefined ? {} : { gap: logZ - bound }) }),
      ...(scene === 'posterior' && name === 'hmc'
        ? {}
        : { maeMean: meanAbsolute(mean, truth.mean), maeStd: meanAbsolute(std, truth.std) }),
      ...(normal ? { entropy: entropyOf(std) } : { mean, std }),
      ...(name === 'hmc'
        ? { rHat: 1.003, acceptance: 0.81, ess: 8210 }
        : { ess: 400 * (index + 1), largestWeight: 0.02 }),
      ...{ seconds: 4 * (index + 1), gradientEvaluations: 1e5 * (index + 1) },
    };
    return [name, values] as const;
  });
  const oracle = (name: string, m: number, s: number, bound: number, steps?: number) => ({
    ...{ name, mean: truth.mean.map(() => m), std: truth.std.map(() => s) },
    ...(steps === undefined ? { elbo: bound } : { bound, steps }),
    ...{ logZGap: -bound, maeMean: Math.abs(m - 0.5), maeStd: Math.abs(s - 0.559) },
  });
  const oracles =
    scene === 'posterior'
      ? []
      : [
          oracle('VI optimum, KL(q ‖ π)', 0.00433, 0.254295, -0.685799),
          oracle('Forward optimum, KL(π ‖ q)', 0.5, 0.559017, -1.985931),
          oracle('Symmetrised KL optimum (Jeffreys)', 0.5, 0.468282, -1.658025),
          oracle('Perfect transitions, K = 16', 0.5, 0.4573, -0.0845, 16),
        ];
  return {
    best: { quantity: 'log-z', lower: best },
    truth,
    ...Object.fromEntries(own),
    ...(oracles.length === 0 ? {} : { oracles }),
  };
}

function logDensity(point: readonly number[]): number {
  const one = (mode: number): number =>
    point.reduce(
      (total, x) => total - (x - mode) ** 2 / (2 * sigma ** 2) - Math.log(sigma * Math.sqrt(2 * Math.PI)),
      0,
    );
  const [a, b] = [one(0), one(1)];
  const top = Math.max(a, b);
  return top + Math.log(0.5 * Math.exp(a - top) + 0.5 * Math.exp(b - top));
}

const spaced = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));

function pictureOf(scene: Scene): Picture {
  const random = fakeRandom(9);
  const methods = methodsOf[scene];
  const drawn = methods.map(({ name, draw }) => ({
    method: name,
    points: Array.from({ length: 1500 }, () => draw(random).slice(0, 2)),
  }));
  const normals = methods.flatMap(({ name, normal, mean, std }) => {
    if (!normal) return [];
    const [a = 1, b = 1] = std.map((value) => value ** 2);
    return [{ method: name, mean: mean.slice(0, 2), covariance: scene === 'line' ? [a] : [a, 0, 0, b] }];
  });
  const exact = {
    method: 'target',
    points: Array.from({ length: 1500 }, () => modes(scene === 'line' ? 1 : 2)(random)),
  };
  if (scene === 'posterior') return { axes: ['intercept', 'feature 1'], samples: drawn, normals };
  const x = spaced(-1.1, 2.1, scene === 'line' ? 200 : 90);
  return {
    axes: scene === 'line' ? ['z'] : ['z₁', 'z₂'],
    density:
      scene === 'line'
        ? { x, values: x.map((at) => logDensity([at])) }
        : { x, y: x, values: x.flatMap((v) => x.map((u) => logDensity([u, v]))) },
    samples: [exact, ...drawn],
    normals,
  };
}

/** @param progress share of the methods that have been trained */
export function targetCurves(spec: TargetRunSpec, progress = 1): CurvePoint[] {
  const random = fakeRandom(17);
  const made = new Map(methodsOf[sceneOf(spec)].map(({ name, bound }) => [name, bound]));
  const methods = namedMethods(spec.methods);
  let seconds = 0;
  return methods.slice(0, Math.ceil(progress * methods.length)).flatMap((method) => {
    const end = made.get(method.name) ?? null;
    const entropy = method.type === 'hmc' ? null : 1.4;
    const iterations = 'iterations' in method ? method.iterations : 120;
    return Array.from({ length: 120 }, (_, index): CurvePoint => {
      const share = (index + 1) / 120;
      seconds += method.type === 'dais' ? 0.1 : 0.03;
      const value = (end ?? -1) - 20 * Math.exp(-9 * share) + 0.03 * fakeNormal(random);
      return {
        ...{ component: method.name, iterations, iteration: Math.round(share * iterations) },
        seconds,
        values:
          entropy === null
            ? { acceptance: 0.8 + 0.02 * fakeNormal(random), 'step size': 0.4 }
            : { 'bound on log Z': value, entropy: entropy + 1.4 * Math.exp(-5 * share) },
      };
    });
  });
}

function curveSeries(spec: TargetRunSpec): Series[] {
  const points = Map.groupBy(targetCurves(spec), ({ component }) => component);
  return [...points].flatMap(([component, own]) =>
    Object.keys(own[0]?.values ?? {}).map((name) => ({
      name: `training ${component}, ${name}`,
      x: { label: 'iteration', values: own.map(({ iteration }) => iteration) },
      y: { label: name, unit: 'nats', values: own.map(({ values }) => values[name] ?? null) },
    })),
  );
}

/** A finished result as a run of one of the files above leaves it. */
export function targetResult(
  spec: TargetRunSpec,
  row: Partial<Pick<RunRow, 'id' | 'device' | 'seconds'>> = {},
): Result {
  const scene = sceneOf(spec);
  const approximations: Approximation[] = methodsOf[scene].flatMap(({ name, normal, mean, std }) =>
    normal ? [{ method: name, mean: [...mean], std: [...std] }] : [],
  );
  return {
    ...{ run: row.id ?? '00000000-0000-4000-8000-000000000000', kind: 'target', spec: { ...spec } },
    ...{ device: row.device ?? 'cpu', status: 'done', seconds: row.seconds ?? 84 },
    bounds: boundsIn(scene),
    metrics: metricsOf(scene),
    diagnostics: { gradientEvaluations: 4e6 },
    ...{ warnings: [], series: curveSeries(spec), artifacts: [] },
    approximations,
    picture: pictureOf(scene),
  };
}

/** Points as methods end, each with the bounds so far. */
export function targetPoints(spec: TargetRunSpec): RunPoint[] {
  const bounds = boundsIn(sceneOf(spec));
  return namedMethods(spec.methods).map((method, index, all) => {
    const ended = new Set(all.slice(0, index + 1).flatMap(({ name }) => [name, name.replace('dais', 'dais0')]));
    return {
      temperatures: 'steps' in method ? method.steps : 1,
      seconds: 14 * (index + 1),
      bounds: bounds.filter((bound) => ended.has(bound.method ?? '')),
    };
  });
}

/** The row and everything else of a finished run. */
export function targetDetail(spec: TargetRunSpec, id: string, created: number): RunDetail {
  const row = targetRow(spec, id, created);
  const result = targetResult(spec, row);
  return {
    ...{ row, spec, directory: '/home/ada/bracket', points: targetPoints(spec), curves: targetCurves(spec) },
    log: [{ time: created, text: 'Every method was trained.' }],
    ...{ environment: null, result, series: result.series },
  };
}

export function targetRow(spec: TargetRunSpec, id: string, created: number): RunRow {
  const [best] = boundsIn(sceneOf(spec)).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const truth = truths[sceneOf(spec)];
  const logZ = 'logZ' in truth ? truth.logZ : null;
  const value = best?.value ?? 0;
  return {
    ...{
      id,
      name: spec.name ?? id,
      kind: 'target',
      status: 'done',
      model: targetLabel(spec.target),
      data: `${spec.methods.length} methods`,
    },
    ...{ device: spec.device, seed: spec.seed, temperatures: 16, chains: 4096 },
    lower: { estimator: best?.estimator ?? '', value, ci95: best?.ci95 ?? null },
    ...{ upper: null, gap: logZ === null ? null : logZ - value, gapCi95: logZ === null ? null : (best?.ci95 ?? null) },
    ...{
      truth: logZ,
      estimate: null,
      quantity: 'log-z',
      progress: 1,
      stage: 'done',
      seconds: 84,
      created,
      ended: created + 84_000,
    },
    ...{ tags: [], notes: '', family: `target-${spec.name ?? ''}`, error: null },
  };
}

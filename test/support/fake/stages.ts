import type { Bound, Result, Series, Stages } from '../../../src/shared/result';
import { namedMethods, targetRunSchema, type TargetRunSpec } from '../../../src/shared/runFile';
import { fakeNormal, fakeRandom } from './random';
import { collapseText, shownCoverage } from './shownCoverage';

/** Two modes on a line by annealed paths with several K, a chain that a pilot tuned, and one K of another method. */
export function pathsSpec(): TargetRunSpec {
  return targetRunSchema.parse({
    kind: 'target',
    name: 'Paths on a line',
    target: { type: 'bimodal', dim: 1 },
    methods: [
      { type: 'ula', steps: 8 },
      { type: 'ula', steps: 32 },
      { type: 'ula-mcd', steps: 8, schedule: 'learned' },
      { type: 'ula-mcd', steps: 32, schedule: 'learned' },
      { type: 'uha-mcd', steps: 16 },
      { type: 'ais', steps: 16 },
    ],
  });
}

/** Four modes in a plane by two flows, one of them corrected. */
export function flowSpec(): TargetRunSpec {
  return targetRunSchema.parse({
    kind: 'target',
    name: 'Flows in a plane',
    target: { type: 'circle-mixture', modes: 4, radius: 4 },
    methods: [
      { type: 'annealing-flow', blocks: 4, refinement: 1, baseScale: 3, correction: { enabled: true } },
      { type: 'annealing-flow', blocks: 8, refinement: 2, baseScale: 3 },
    ],
  });
}

const bins = 60;
const weights = (low: number, high: number, both: boolean) => ({
  edges: Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins),
  counts: Array.from({ length: bins }, (_, i) => (i < 40 ? 50 : 10)),
  ...(both ? { reverse: Array.from({ length: bins }, (_, i) => (i < 40 ? 10 : 50)) } : {}),
});

function bound(method: string, side: Bound['side'], value: number): Bound {
  const estimator = method.replace(/-\d+$/, '');
  return { quantity: 'log-z', estimator, side, method, value, ci95: 0.02, n: 4096, samples: 1 };
}

/** −20/K for plain paths, −4/K for those with a learned reversal. */
function endsOf(spec: TargetRunSpec): Bound[] {
  return namedMethods(spec.methods).flatMap(({ name, ...method }) => {
    if (!('steps' in method)) return [];
    const gap = (method.type === 'ula' ? 20 : 4) / method.steps;
    return [bound(name, 'lower', -gap), bound(name, 'upper', 1.2 * gap)];
  });
}

function numbersOf(bounds: readonly Bound[], name: string): Record<string, unknown> {
  const of = (side: Bound['side']) => bounds.find((one) => one.method === name && one.side === side)?.value ?? null;
  const [lower, upper] = [of('lower'), of('upper')];
  return {
    ...{ bound: lower, boundCi95: 0.02, gap: lower === null ? null : -lower, logZEstimate: 0.011 },
    ...(upper === null ? {} : { upperBound: upper, upperBoundCi95: 0.02, essForward: 1200.4 }),
    ...{ ess: 1500.2, largestWeight: 0.004, topWeights: 0.06, seconds: 3, gradientEvaluations: 1e5 },
    logWeightHistogram: weights(-4, 2, upper !== null),
  };
}

/** Draws that go from N(0, s²) to a mixture in straight lines; the same draw at the same place in every stage. */
function stagesOf(method: string, by: Stages['by'], dim: 1 | 2, indices: readonly number[], s: number): Stages {
  const random = fakeRandom(11);
  const modes =
    dim === 1
      ? [[-2], [2]]
      : [4, -4].flatMap((at) => [
          [at, 0],
          [0, at],
        ]);
  const draws = Array.from({ length: 120 }, (_, i) => {
    const mode = modes[i % modes.length] ?? [];
    const from = Array.from({ length: dim }, () => s * fakeNormal(random));
    return { from, to: mode.map((value) => value + 0.5 * fakeNormal(random)) };
  });
  const last = indices.at(-1) ?? 1;
  return {
    ...{ method, by, axes: dim === 1 ? ['z'] : ['z₁', 'z₂'] },
    stages: indices.map((index) => {
      const share = index / last;
      return {
        ...{ index, beta: share },
        points: draws.map(({ from, to }) => from.map((value, i) => (1 - share) * value + share * (to[i] ?? 0))),
        ...(by === 'block' && index > 0
          ? { logZ: -share * (1 - share), ess: 0.9, truth: -share * (1 - share) + 0.01 }
          : {}),
        ...(by === 'block' && index === 0 ? { truth: 0 } : {}),
      };
    }),
  };
}

function seriesOf(spec: TargetRunSpec): Series[] {
  return namedMethods(spec.methods).flatMap(({ name, ...method }): Series[] => {
    if (!('steps' in method)) return [];
    const k = Array.from({ length: method.steps }, (_, i) => i + 1);
    const beta = (i: number): number => (name.startsWith('ula-mcd') ? (i / method.steps) ** 2 : i / method.steps);
    const sizes = k.map((i) => 0.2 - 0.1 * (i / method.steps));
    if (method.type === 'ais') {
      const x = { label: 'inverse temperature', values: k.map((i) => beta(i)) };
      return [{ name: `${name}, step size by temperature`, x, y: { label: 'step size', values: sizes } }];
    }
    const x = { label: 'transition', values: k };
    return [
      { name: `${name}, step size by transition`, x, y: { label: 'step size', values: sizes } },
      { name: `${name}, β by transition`, x, y: { label: 'β', values: k.map(beta) } },
      ...(method.type === 'uha-mcd'
        ? [
            {
              name: `${name}, mass by coordinate`,
              ...{ x: { label: 'coordinate', values: [1, 2, 3] }, y: { label: 'mass', values: [0.5, 1, 2] } },
            },
          ]
        : []),
    ];
  });
}

const truth = { logZ: 0, mean: [0], std: [2], source: 'The density is normalised.' };
const spaced = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));

function resultOf(spec: TargetRunSpec, rest: Partial<Result> & Pick<Result, 'bounds' | 'metrics'>): Result {
  return {
    ...{ run: 'run', kind: 'target', spec: { ...spec }, device: 'cpu', status: 'done', seconds: 30 },
    ...{ diagnostics: {}, warnings: [], series: [], artifacts: [], approximations: [] },
    ...rest,
  };
}

export function pathsResult(): Result {
  const spec = pathsSpec();
  const bounds = endsOf(spec);
  const methods = namedMethods(spec.methods);
  const x = spaced(-4, 4, 161);
  const normal = (at: number, mean: number): number =>
    Math.exp(-0.5 * ((at - mean) / 0.5) ** 2) / (0.5 * Math.sqrt(2 * Math.PI));
  const stages = methods.flatMap(({ name, ...method }) =>
    'steps' in method && method.type !== 'ais' ? [stagesOf(name, 'transition', 1, [0, 1, 2, 4, method.steps], 1)] : [],
  );
  const edges = spaced(-4, 4, 41);
  return resultOf(spec, {
    bounds,
    series: seriesOf(spec),
    metrics: {
      truth,
      ...Object.fromEntries(methods.map(({ name }) => [name, numbersOf(bounds, name)])),
      'uha-mcd': { ...numbersOf(bounds, 'uha-mcd'), refreshment: 0.87 },
      ais: { ...numbersOf(bounds, 'ais'), temperatures: 16 },
    },
    picture: {
      axes: ['z'],
      density: { x, values: x.map((at) => Math.log(0.5 * normal(at, -2) + 0.5 * normal(at, 2))) },
      ...{ samples: [], normals: [] },
    },
    // The first has counts of all its draws, the others only points.
    stages: stages.map((each, place) =>
      place > 0
        ? each
        : { ...each, histograms: [{ edges, counts: each.stages.map(() => edges.slice(1).map((_, i) => i)) }] },
    ),
  });
}

export function flowResult(): Result {
  const spec = flowSpec();
  const names = ['annealing-flow', 'annealing-flow-smc', 'annealing-flow-2'];
  const bounds = names.flatMap((name, i) => [
    bound(name, 'lower', -0.05 - 0.02 * i),
    ...(name.includes('smc') ? [] : [bound(name, 'upper', 0.04 + 0.02 * i)]),
  ]);
  const x = spaced(-6, 6, 60);
  const logDensity = (u: number, v: number): number => {
    const squares = [4, -4].flatMap((at) => [(u - at) ** 2 + v ** 2, u ** 2 + (v - at) ** 2]);
    return Math.log(squares.reduce((sum, square) => sum + Math.exp(-0.5 * square), 0) / (8 * Math.PI));
  };
  return resultOf(spec, {
    bounds,
    metrics: { truth, ...Object.fromEntries(names.map((name) => [name, numbersOf(bounds, name)])) },
    picture: {
      axes: ['z₁', 'z₂'],
      density: { x, y: x, values: x.flatMap((v) => x.map((u) => logDensity(u, v))) },
      ...{ samples: [], normals: [] },
    },
    stages: [
      stagesOf('annealing-flow', 'block', 2, [0, 1, 2, 3, 4, 5], 3),
      stagesOf('annealing-flow-2', 'block', 2, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3),
    ],
    // The second lost half of the modes.
    coverage: [shownCoverage('annealing-flow', [0, 1, 2, 3]), shownCoverage('annealing-flow-2', [0, 1])],
    warnings: [`annealing-flow-2: ${collapseText}`],
  });
}

import type { CoverageMetricName } from '../../shared/coverage';
import { formatCount } from '../../shared/format';
import { medianDistance } from './bandwidth';
import { classifierSteps } from './classifierTest';
import type { Told } from './draft';
import { exactWasserstein } from './exactWasserstein';
import { frechetSteps } from './gaussianWasserstein';
import type { CoverageOptions } from './inputs';
import { mmdSums, type Kernel } from './mmd';
import { benchmarkMmd, permutationTest } from './mmdVariants';
import { neighbourTestSums } from './neighbours';
import { visitPairs } from './pairs';
import { take, type Points } from './points';
import { expectedCoverage, prdcSums, type Prdc } from './prdc';
import { choose, seeded } from './random';
import { sinkhornDivergence } from './sinkhorn';
import { maxSlicedSteps, slicedSteps } from './sliced';

export const twoSampleNames = [
  ...(['mmdUnit', 'mmdUnitP', 'mmdMedian', 'mmdMedianP', 'mmdSum', 'energyDistance', 'slicedW2'] as const),
  ...(['maxSlicedW2', 'gaussianW2', 'exactW2', 'sinkhorn', 'precision', 'recall', 'density', 'coverage'] as const),
  ...(['classifierAccuracy', 'neighbourAccuracy'] as const),
];

/** What takes the whole covariance is left out in more: its matrices would fill the memory, and samples are never enough. */
const mostOfCovariances = 1024;
/** The worst direction is left out in more: it takes minutes, and in so many some direction tells any few samples apart. */
const mostOfDirection = 10_000;
const mostDimensions: Partial<Record<CoverageMetricName, number>> = {
  gaussianW2: mostOfCovariances,
  classifierAccuracy: mostOfCovariances,
  maxSlicedW2: mostOfDirection,
};

/** Multiplications that projections on random directions may take: about two seconds. */
const mostOfSlices = 1e9;
const fewestSlices = 20;

/** Why a metric that was not told is absent. */
export function whyLeftOut(name: CoverageMetricName, dim: number): string {
  const most = mostDimensions[name] ?? Infinity;
  return dim > most
    ? `It is left out in more than ${formatCount(most)} dimensions.`
    : 'It was switched off for this card.';
}

/** One thing that was computed, as soon as it is. */
export interface TwoSampleStep {
  readonly told: Partial<Record<CoverageMetricName, Told>>;
  /** Of real items, after the pass over all pairs. */
  readonly prdc?: Prdc;
  /** Share of all two-sample metrics. */
  readonly done: number;
}

/** What repeats on exact pairs keep from the first turn, and leave out. */
export interface TwoSampleSettings {
  /** Bandwidth of "median" kernels, else from these sets. */
  readonly median?: number | undefined;
  /** W_i of x, of sum 1. */
  readonly weights?: Float64Array | undefined;
  /** Tests by permutation, which have no floor. */
  readonly tests: boolean;
}

/** Every distance between two sets, cheapest first; metrics of all pairs share one pass. */
export function* twoSampleSteps(
  samples: Points,
  reference: Points,
  options: CoverageOptions,
  settings: TwoSampleSettings,
): Generator<TwoSampleStep, void> {
  const { seed } = options;
  const each = (samples.count + reference.count) * samples.dim;
  // Directions differ the less the more dimensions they average over.
  const directions = Math.min(options.directions, Math.max(fewestSlices, Math.floor(mostOfSlices / each)));
  const sliced = yield* inTurns(slicedSteps(samples, reference, { directions, seed }), 0);
  const root = Math.sqrt(sliced.squared);
  yield {
    told: {
      slicedW2: {
        value: root,
        error: root > 0 ? sliced.error / (2 * root) : 0,
        parameters: { directions },
      },
    },
    done: 0.02,
  };
  if (samples.dim <= mostOfDirection) {
    const worst = yield* inTurns(maxSlicedSteps(samples, reference, { seed }), 0.02);
    yield { told: { maxSlicedW2: { value: Math.sqrt(worst.squared) } }, done: 0.03 };
  }
  if (samples.dim <= mostOfCovariances) {
    const frechet = yield* inTurns(frechetSteps(samples, reference), 0.03);
    yield { told: { gaussianW2: { value: frechet } }, done: 0.06 };
    const classifier = yield* inTurns(classifierSteps(samples, reference, { seed }), 0.06);
    yield {
      told: { classifierAccuracy: { value: classifier.accuracy, interval: classifier.interval, expected: 0.5 } },
      done: 0.1,
    };
  }
  yield* pairSteps(samples, reference, options, settings);
  if (options.exactCap > 0) {
    const exact = exactWasserstein(samples, reference, { cap: options.exactCap, seed });
    yield {
      told: {
        exactW2: {
          value: Math.sqrt(exact.squared),
          samples: exact.samples,
          reference: exact.samples,
          parameters: { subsampled: exact.subsampled },
        },
      },
      done: 0.75,
    };
  }
  if (options.sinkhorn.iterations === 0) return;
  const transport = sinkhornDivergence(samples, reference, { ...options.sinkhorn, seed });
  for (;;) {
    const next = transport.next();
    if (next.done === true) {
      const { value, epsilon, converged, iterations, x, y } = next.value;
      yield {
        told: { sinkhorn: { value, samples: x, reference: y, parameters: { epsilon, converged, iterations } } },
        done: 1,
      };
      return;
    }
    yield { told: {}, done: 0.75 + 0.25 * next.value };
  }
}

/** Lets a caller stop in the midst of one metric. */
function* inTurns<T>(part: Generator<undefined, T>, done: number): Generator<TwoSampleStep, T> {
  for (;;) {
    const next = part.next();
    if (next.done === true) return next.value;
    yield { told: {}, done };
  }
}

function* pairSteps(
  samples: Points,
  reference: Points,
  options: CoverageOptions,
  { median, weights, tests }: TwoSampleSettings,
): Generator<TwoSampleStep, void> {
  const { seed, k, pairsCap } = options;
  const random = seeded(seed, 'pairs');
  const chosen = samples.count <= pairsCap ? undefined : choose(samples.count, pairsCap, random);
  const x = chosen === undefined ? samples : take(samples, chosen);
  const y = reference.count <= pairsCap ? reference : take(reference, choose(reference.count, pairsCap, random));
  const w = weights === undefined || chosen === undefined ? weights : renormalised(weights, chosen);
  const bandwidth = median ?? medianDistance(x, y, seed);
  const kernels = {
    mmdUnit: { type: 'gaussian', bandwidth: 1 },
    mmdMedian: { type: 'gaussian', bandwidth },
    mmdSum: { type: 'gaussian', bandwidth: 4 * bandwidth, halvings: 4 },
    energyDistance: { type: 'energy' },
  } as const satisfies Record<string, Kernel>;
  const names = Object.keys(kernels) as (keyof typeof kernels)[];
  const [n, m] = [x.count, y.count];
  const sums = names.map((name) => mmdSums(kernels[name], n, m, w));
  const prdcAll = prdcSums(n, m, { k });
  const neighbours = neighbourTestSums(n, m);
  for (const share of visitPairs(x, y, [...sums, prdcAll, neighbours])) yield { told: {}, done: 0.1 + 0.5 * share };
  const prdc = prdcAll.result();
  const sizes = { samples: n, reference: m };
  const told: Partial<Record<CoverageMetricName, Told>> = {
    precision: { value: prdc.precision, ...sizes, parameters: { k } },
    recall: { value: prdc.recall, ...sizes, parameters: { k } },
    density: { value: prdc.density, ...sizes, expected: 1, parameters: { k } },
    coverage: { value: prdc.coverage, ...sizes, expected: expectedCoverage(m, n, k), parameters: { k } },
    neighbourAccuracy: { value: neighbours.result(), ...sizes, expected: 0.5 },
  };
  names.forEach((name, index) => {
    const result = sums[index]?.result();
    if (result === undefined) return;
    const kernel: Kernel = kernels[name];
    told[name] = {
      value: result.unbiased,
      error: result.error,
      reweighted: result.weighted,
      expected: 0,
      ...sizes,
      parameters: {
        kernel: kernel.type,
        ...('bandwidth' in kernel ? { bandwidth: kernel.bandwidth } : {}),
        biased: result.biased,
      },
    };
  });
  yield { told, prdc, done: 0.6 };
  if (!tests) return;
  if (options.permutations > 0)
    for (const [name, kernel] of [
      ['mmdUnitP', kernels.mmdUnit],
      ['mmdMedianP', kernels.mmdMedian],
    ] as const) {
      const test = permutationTest(x, y, kernel, { permutations: options.permutations, seed });
      yield {
        told: {
          [name]: {
            value: test.pValue,
            samples: test.x,
            reference: test.y,
            parameters: { permutations: test.permutations, bandwidth: kernel.bandwidth },
          },
        },
        done: 0.65,
      };
    }
  if (options.benchmarkMmd) yield { told: { mmdBenchmark: { value: benchmarkMmd(x, y), ...sizes } }, done: 0.65 };
}

function renormalised(weights: Float64Array, chosen: Uint32Array): Float64Array {
  const some = Float64Array.from(chosen, (i) => weights[i] ?? NaN);
  const total = some.reduce((a, b) => a + b, 0);
  return some.map((value) => value / total);
}

import { pointsOf, type CoverageInputs, type CoverageOptions, type Points } from '../../../src/main/coverage';
import { highQualityRadius, signWeights } from '../../../src/main/coverage/assignment';
import type { CoverageOf, Picture } from '../../../src/shared/result';
import { finishedCard } from '../coverage';
import { random as randomBy } from '../random';
import { ring } from '../pointSets';

/** Enough to be drawn, and little enough for a test. */
const quick: Partial<CoverageOptions> = {
  ...{ floors: 3, permutations: 19, directions: 20, seed: 1, exactCap: 100, steinCap: 100, pairsCap: 400 },
  sinkhorn: { tolerance: 1e-3, iterations: 300, cap: 60 },
};

const radius = 8;
const trueWeights = [0.3, 0.25, 0.2, 0.15, 0.07, 0.03];
const means = Float64Array.from(
  { length: 12 },
  (_, at) => radius * (at % 2 === 0 ? Math.cos : Math.sin)((Math.PI * Math.floor(at / 2)) / 3),
);
const exactRing = (count: number, seed: number): Points =>
  ring(randomBy(seed), count, { modes: 6, radius, weights: trueWeights });

function ringDensity(x: number, y: number): number {
  const total = trueWeights.reduce(
    (sum, weight, k) =>
      sum + weight * Math.exp(-((x - (means[2 * k] ?? 0)) ** 2 + (y - (means[2 * k + 1] ?? 0)) ** 2) / 2),
    0,
  );
  return Math.log(total / (2 * Math.PI));
}

export function ringPicture(): Picture {
  const axis = Array.from({ length: 81 }, (_, index) => -12 + 0.3 * index);
  const values = axis.flatMap((y) => axis.map((x) => ringDensity(x, y)));
  return { axes: ['z₁', 'z₂'], density: { x: axis, y: axis, values }, samples: [], normals: [] };
}

/**
 * A circle of six modes of unequal weights by a sampler that never saw one of them: the fourth, or the others named. One sample in
 * twenty-five lies between modes.
 */
export async function ringCoverage(
  {
    samples = 1500,
    missing = 3,
    method = 'annealing-flow',
  }: { samples?: number; missing?: number; method?: string } = {},
  options: Partial<CoverageOptions> = {},
): Promise<CoverageOf> {
  const random = randomBy(5);
  const weights = [0.222, 0.183, 0.197, 0.186, 0.133, 0.079].map((weight, k) => (k === missing ? 0 : weight));
  const total = weights.reduce((a, b) => a + b, 0);
  const drawn = ring(random, samples, { modes: 6, radius, weights: weights.map((weight) => weight / total) });
  for (let row = 0; row < samples; row += 25) for (const c of [0, 1]) drawn.data[2 * row + c] = 3 * random.normal();
  const rule = { type: 'component', means, stds: trueWeights.map(() => 1), weights: trueWeights } as const;
  const modes = Array.from({ length: samples }, (_, row) => nearest(drawn, row));
  const logRatio = (mode: number): number =>
    mode === missing ? 0 : Math.log(((trueWeights[mode] ?? NaN) * total) / (weights[mode] ?? NaN));
  const logWeights = Float64Array.from(modes, ({ mode }) => logRatio(mode) + 0.3 * random.normal());
  const inputs: CoverageInputs = {
    ...{ situation: 'known-target', samples: drawn, reference: exactRing(samples, 7), exact: exactRing },
    ...{ rule, modeWeights: trueWeights, modeLocations: pointsOf(means, 2), logZ: 0, logWeights },
    logDensity: ({ data, count }) =>
      Float64Array.from({ length: count }, (_, row) => ringDensity(data[2 * row] ?? NaN, data[2 * row + 1] ?? NaN)),
  };
  const card = await finishedCard(inputs, { ...quick, ...options });
  const heaviest = logWeights.reduce((a, b) => Math.max(a, b));
  const plain = logWeights.map((value) => Math.exp(value - heaviest));
  const mean = plain.reduce((a, b) => a + b, 0) / samples;
  return {
    ...{ method, card },
    view: {
      axes: ['z₁', 'z₂'],
      points: rows(drawn),
      modes: modes.map(({ mode }) => mode),
      good: modes.map(({ distance }) => distance <= highQualityRadius(2)),
      weights: [...plain.map((value) => value / mean)],
      locations: rows(pointsOf(means, 2)),
    },
  };
}

function nearest({ data }: Points, row: number): { readonly mode: number; readonly distance: number } {
  const distances = trueWeights.map((_, k) =>
    Math.hypot((data[2 * row] ?? 0) - (means[2 * k] ?? 0), (data[2 * row + 1] ?? 0) - (means[2 * k + 1] ?? 0)),
  );
  const mode = distances.indexOf(Math.min(...distances));
  return { mode, distance: distances[mode] ?? NaN };
}

function rows({ data, count, dim }: Points): number[][] {
  return Array.from({ length: count }, (_, row) => [...data.subarray(row * dim, (row + 1) * dim)]);
}

/** Ten signs, 1,024 modes: the first coordinate is positive too often, and never together with a positive second. */
export async function signCoverage(samples = 12_000, options: Partial<CoverageOptions> = {}): Promise<CoverageOf> {
  const signs = 10;
  const random = randomBy(9);
  const draw = (source: ReturnType<typeof randomBy>, count: number, biased: boolean): Points => {
    const data = new Float64Array(signs * count);
    for (let row = 0; row < count; row += 1) {
      for (let c = 0; c < signs; c += 1) {
        const share = biased && c === 0 ? 0.6 : biased && c === 1 && (data[row * signs] ?? 0) > 0 ? 0 : 0.5;
        data[row * signs + c] = (source.uniform() < share ? 10 : -10) + source.normal();
      }
    }
    return pointsOf(data, signs);
  };
  const drawn = draw(random, samples, true);
  const centres = (side: number): Float64Array => new Float64Array(signs).fill(side * 10);
  const cells = { low: centres(-1), high: centres(1), std: new Float64Array(signs).fill(1) };
  const inputs: CoverageInputs = {
    ...{ situation: 'known-target', samples: drawn, reference: draw(randomBy(11), 400, false), logZ: 0 },
    rule: { type: 'signs', coordinates: Array.from({ length: signs }, (_, c) => c), cells },
    modeWeights: signWeights(new Array<number>(signs).fill(0.5)),
  };
  const card = await finishedCard(inputs, { ...quick, floors: 0, ...options });
  const shown = rows(drawn).slice(0, 2000);
  const patterns = Array.from({ length: 2 ** signs }, (_, mode) =>
    Array.from({ length: signs }, (_sign, bit) => ((mode >> bit) & 1 ? '+' : '-')).join(''),
  );
  const all = rows(drawn);
  return {
    ...{ method: 'smc', card },
    view: {
      axes: ['z₁', 'z₂'],
      points: shown.map(([x = 0, y = 0]) => [x, y]),
      modes: shown.map((row) => row.reduce((mode, value, bit) => mode + (value > 0 ? 1 << bit : 0), 0)),
      good: shown.map(() => true),
      locations: patterns.map((pattern) => [pattern.startsWith('+') ? 10 : -10, pattern[1] === '+' ? 10 : -10]),
      signs: patterns,
      balance: {
        share: Array.from({ length: signs }, (_, c) => all.filter((row) => (row[c] ?? 0) > 0).length / samples),
        expected: new Array<number>(signs).fill(0.5),
      },
    },
  };
}

const classes = ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];

/** A generator of items in ten classes of which it draws only the first seven, held against real items. */
export async function generatorCoverage(count = 1000, options: Partial<CoverageOptions> = {}): Promise<CoverageOf> {
  const draw = (seed: number, kinds: number): { readonly points: Points; readonly labels: number[] } => {
    const random = randomBy(seed);
    const labels = Array.from({ length: count }, () => Math.min(kinds - 1, Math.floor(kinds * random.uniform())));
    const data = Float64Array.from(
      labels.flatMap((label) => [
        6 * Math.cos(0.6283 * label) + random.normal(),
        6 * Math.sin(0.6283 * label) + random.normal(),
        random.normal(),
      ]),
    );
    return { points: pointsOf(data, 3), labels };
  };
  const real = draw(3, 10);
  const made = draw(4, 7);
  const weights = classes.map((_, k) => real.labels.filter((label) => label === k).length / count);
  const card = await finishedCard(
    {
      ...{ situation: 'generator', samples: made.points, reference: real.points },
      ...{ rule: { type: 'labels', labels: made.labels, classes: 10 }, modeWeights: weights, modeLabels: classes },
      referenceLabels: real.labels,
    },
    { ...quick, pairsCap: 10_000, ...options },
  );
  return {
    ...{ method: 'model', card },
    view: {
      axes: ['first principal component', 'second principal component'],
      points: rows(made.points).map(([x = 0, y = 0]) => [x, y]),
      modes: made.labels,
      good: made.labels.map((_, index) => index % 17 !== 0),
      reference: {
        points: rows(real.points).map(([x = 0, y = 0]) => [x, y]),
        covered: real.labels.map((label) => label < 7),
      },
    },
  };
}

/** Samples of which nothing else is known: nearly every metric says why it is not there. */
export async function bareCoverage(): Promise<CoverageOf> {
  const samples = ring(randomBy(1), 300, { modes: 6, radius });
  return { method: 'svgd', card: await finishedCard({ situation: 'unknown-target', samples }, quick) };
}

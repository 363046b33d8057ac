import { describe, expect, it } from 'vitest';
import { buildTarget, type Target } from '../../../src/main/targets';
import { logGamma, logNormalBelow, logUpperGamma } from '../../../src/main/targets/gamma';
import { tabulate } from '../../../src/main/targets/line';
import { targetSchema } from '../../../src/shared/runFile/target';
import { estimate } from '../../support/moments';
import { expectNear } from '../../support/near';
import { evaluate } from './evaluate';

const build = (spec: object): Promise<Target> => buildTarget(targetSchema.parse(spec), '.');
const columnOf = (samples: Float64Array, dim: number, i: number): number[] =>
  Array.from({ length: samples.length / dim }, (_, row) => samples[row * dim + i] ?? NaN);
const off = (values: readonly number[], expected: number): number => {
  const { mean, se } = estimate(values);
  return Math.abs(mean - expected) / se;
};

describe('Gaussians on a circle', () => {
  it.each([
    [6, 8, -33.8378770664, -3.6296365356, -27.7934760996, [5.5212140163, 2.0546030537]],
    [8, 10, -51.8378770664, -3.9173186081, -43.4976398997, [7.0847113915, 4.0826224056]],
    [10, 12, -73.8378770664, -4.1404621594, -63.2577319671, [9.1153834344, 5.055206522]],
    [8, 8, -33.8378770664, -3.9173185936, -27.56826872, [5.5022947075, 3.0130312021]],
  ])('%i of them at %i have the densities that others computed', async (modes, radius, centre, top, between, slope) => {
    const target = await build({ type: 'circle-mixture', modes, radius });
    const { value, gradient } = await evaluate(target, Float64Array.of(0, 0, radius, 0, 1, 0.5));
    expectNear(value, [centre, top, between], 1e-9);
    expectNear(Array.from(gradient).slice(4), slope, 1e-9);
    expectNear(
      [...(target.truth.std ?? [])].map((std) => std * std),
      [1 + radius ** 2 / 2, 1 + radius ** 2 / 2],
      1e-9,
    );
    expect(target.modes?.length).toBe(modes);
    expect(target.assignment).toEqual({ type: 'component' });
  });

  it('are drawn as often as they weigh', async () => {
    const weights = [0.3, 0.25, 0.2, 0.15, 0.07, 0.03];
    const { sample, modes = [] } = await build({ type: 'circle-mixture', weights, shift: [-5, 0] });
    expectNear(
      modes.map(({ weight }) => weight),
      weights,
      1e-12,
    );
    expect(modes[0]?.location).toEqual(Float64Array.of(3, 0));
    const samples = sample?.(20_000, 2) ?? new Float64Array();
    const nearest = Array.from({ length: 20_000 }, (_, row) => {
      const away = modes.map(({ location: [x = NaN, y = NaN] }) =>
        Math.hypot((samples[2 * row] ?? NaN) - x, (samples[2 * row + 1] ?? NaN) - y),
      );
      return away.indexOf(Math.min(...away));
    });
    // 6e-5 of the points lie nearer to another mode; six numbers at 4.5 standard errors: once in 25,000 seeds.
    const worst = (expected: readonly number[]): number =>
      Math.max(
        ...expected.map((weight, k) =>
          off(
            nearest.map((each) => Number(each === k)),
            weight,
          ),
        ),
      );
    expect(worst(weights)).toBeLessThan(4.5);
    expect(worst([0.28, 0.27, 0.2, 0.15, 0.07, 0.03])).toBeGreaterThan(4.5);
  });
});

describe('exponentially weighted Gaussians', () => {
  it.each([
    [{ dim: 2 }, 103.2241714275],
    [{ dim: 5 }, 258.0604285688],
    [{ dim: 10 }, 516.1208571376],
    [{ dim: 50 }, 552.8783984658],
    [{ dim: 50, variances: [0.5, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5] }, 799.412662563],
    [{ dim: 1, odds: [2] }, 51.6715777979],
    [{ dim: 1, odds: [3] }, 51.7574354362],
    // One coordinate at c = 10 b, less log Z of N(0, 1).
    [{ dim: 1, distance: 0.5 }, 0.4492007653 + 0.5 * Math.log(2 * Math.PI)],
    [{ dim: 1, distance: 1 }, 1.0203934015 + 0.5 * Math.log(2 * Math.PI)],
    [{ dim: 1, distance: 5 }, 13.1931468939 + 0.5 * Math.log(2 * Math.PI)],
  ])('%o have the log Z that others computed', async (fields, logZ) => {
    const { truth } = await build({ type: 'exponentially-weighted-gaussian', ...fields });
    expect(Math.abs((truth.logZ ?? NaN) - logZ)).toBeLessThan(1e-9);
  });

  it('list 1,024 modes of equal weight in 50 dimensions, from three constants of 50 numbers', async () => {
    const {
      modes = [],
      constants,
      assignment,
      truth,
    } = await build({ type: 'exponentially-weighted-gaussian', dim: 50 });
    expect(modes.length).toBe(1024);
    expect(new Set(modes.map(({ weight }) => weight.toPrecision(12)))).toEqual(new Set([(2 ** -10).toPrecision(12)]));
    expect(Array.from(modes[5]?.location.subarray(0, 11) ?? [])).toEqual([
      10, -10, 10, -10, -10, -10, -10, -10, -10, -10, 0,
    ]);
    expect(Object.values(constants).map(({ data }) => data.length)).toEqual([50, 50, 50]);
    expect(assignment).toMatchObject({ type: 'sign', axes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
    // E x² = 101 where folded, 1 elsewhere.
    expectNear(
      [...(truth.std ?? [])].map((std) => std * std),
      [...Array<number>(10).fill(101), ...Array<number>(40).fill(1)],
      1e-9,
    );
  });

  it('weigh modes by the odds of their signs', async () => {
    const { modes = [] } = await build({ type: 'exponentially-weighted-gaussian', odds: [2, 2, 2] });
    const weights = modes.map(({ weight }) => 27 * 2 ** 7 * weight);
    expectNear([Math.min(...weights), Math.max(...weights), weights[1] ?? NaN], [1, 8, 2], 1e-9);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(27 * 2 ** 7, 6);
  });

  it('draw sides and sizes as they should, also where half of the first draws lie on the other side', async () => {
    for (const distance of [10, 0.3]) {
      const { sample, modes = [] } = await build({
        type: 'exponentially-weighted-gaussian',
        dim: 3,
        distance,
        odds: [2],
      });
      const samples = sample?.(20_000, 5) ?? new Float64Array();
      const place = Array.from({ length: 20_000 }, (_, row) =>
        [0, 1, 2].reduce((sum, i) => sum + (Number((samples[3 * row + i] ?? NaN) > 0) << i), 0),
      );
      // Sixteen numbers at 4.5 standard errors: once in 9,000 seeds.
      modes.forEach(({ weight }, k) =>
        expect(
          off(
            place.map((each) => Number(each === k)),
            weight,
          ),
        ).toBeLessThan(4.5),
      );
    }
  });

  it('have as many signs up as down, whatever their number, and no list of modes that nobody could read', async () => {
    const { modes, assignment } = await build({ type: 'exponentially-weighted-gaussian', dim: 20, folded: 20 });
    expect(modes).toBeUndefined();
    expect(assignment?.type === 'sign' && Array.from(assignment.above)).toEqual(Array<number>(20).fill(0.5));
  });
});

it('an exact sampler whose numbers are none ends, with a sentence', async () => {
  const spec = { type: 'exponentially-weighted-gaussian', dim: 2, distance: NaN } as const;
  const { sample } = await buildTarget(spec, '.');
  expect(() => sample?.(3, 0)).toThrow('3 samples do not end on the side that was drawn for them.');
});

it('crossed bars are drawn with their moments and lie where they should', async () => {
  const { sample, truth, modes = [] } = await build({ type: 'crossed-mixture' });
  const samples = sample?.(20_000, 4) ?? new Float64Array();
  const [x, y] = [columnOf(samples, 2, 0), columnOf(samples, 2, 1)];
  const { mean = [], covariance = [] } = truth;
  const centred = (values: number[], i: number): number[] => values.map((value) => value - (mean[i] ?? NaN));
  const product = (a: number[], b: number[]): number[] => a.map((value, row) => value * (b[row] ?? NaN));
  const [dx, dy] = [centred(x, 0), centred(y, 1)];
  // Seven numbers at 4.5 standard errors: once in 20,000 seeds.
  const found: [number[], number][] = [
    [dx, 0],
    [dy, 0],
    [product(dx, dx), covariance[0] ?? NaN],
    [product(dx, dy), covariance[1] ?? NaN],
    [product(dy, dy), covariance[3] ?? NaN],
    // Φ of the distance to the component at −2.5, and next to nothing of the others.
    [x.map((value) => Number(value < -1)), 0.160815],
    [y.map((value) => Number(value < -1)), 0.160815],
  ];
  for (const [values, expected] of found) expect(off(values, expected)).toBeLessThan(4.5);
  expect(off(product(dx, dy), (covariance[1] ?? NaN) + 0.15)).toBeGreaterThan(4.5);
  expect(modes.map(({ weight }) => weight)).toEqual(Array<number>(6).fill(1 / 6));
});

describe('many wells', () => {
  it('have the constants that others computed', async () => {
    const [pair, all] = await Promise.all([{ type: 'many-well', dim: 2 }, { type: 'many-well' }].map(build));
    expect(Math.abs((pair?.truth.logZ ?? NaN) - Math.log(11784.50926513) - 0.5 * Math.log(2 * Math.PI))).toBeLessThan(
      1e-11,
    );
    expect(Math.abs((all?.truth.logZ ?? NaN) - 164.6956753132)).toBeLessThan(1e-9);
    expectNear(
      (pair?.modes ?? []).map(({ location }) => location[0] ?? NaN),
      [-1.7108290377, 1.7525198621],
      1e-8,
    );
    expectNear(
      (pair?.modes ?? []).map(({ weight }) => weight),
      [0.1556929038, 0.8443070962],
      1e-9,
    );
    expect(all?.modes).toBeUndefined();
    expect(all?.assignment?.type === 'sign' && all.assignment.axes.length).toBe(16);
  });

  it('are no wells where the tilt has swallowed one', async () => {
    const { modes, assignment } = await build({ type: 'many-well', dim: 2, barrier: 1, tilt: 2 });
    expect([modes, assignment]).toEqual([undefined, undefined]);
  });
});

describe('a normal outside a ball', () => {
  it.each([
    [2, 3, -4.5],
    [2, 8, -32],
    [3, 3, -3.5304788511],
    [3, 8, -30.1310755631],
    [4, 6, Math.log(2.8936961515e-7)],
    [5, 4, -4.984372122],
    [10, 3, Math.log(5.3210357637e-1)],
    [10, 8, Math.log(6.2937103529e-10)],
  ])('in %i dimensions beyond %i has the probability of chi-square', async (dim, radius, logZ) => {
    const { truth } = await build({ type: 'truncated-normal', dim, radius, edge: 'hard' });
    expect(Math.abs((truth.logZ ?? NaN) - logZ)).toBeLessThan(1e-9);
  });

  it.each([
    [2, 3, 3.30459],
    [2, 6, 6.162378],
    [5, 4, 4.275847],
    [5, 6, 6.175179],
  ])('in %i dimensions beyond %i is drawn with its mean radius, and nothing inside', async (dim, radius, expected) => {
    const { sample, truth, name } = await build({ type: 'truncated-normal', dim, radius, edge: 'hard' });
    const samples = sample?.(20_000, 1) ?? new Float64Array();
    const radii = Array.from({ length: 20_000 }, (_, row) =>
      Math.hypot(...samples.subarray(row * dim, (row + 1) * dim)),
    );
    expect(Math.min(...radii)).toBeGreaterThanOrEqual(radius * (1 - 1e-12));
    // Over the four cases eight numbers and their means at 4.5 standard errors: once in 4,000 seeds; the tables have six decimals.
    expect(off(radii, expected)).toBeLessThan(4.5);
    for (let i = 0; i < dim; i += 1) {
      expect(off(columnOf(samples, dim, i), 0)).toBeLessThan(4.5);
      expect(
        off(
          columnOf(samples, dim, i).map((x) => x * x),
          (truth.std?.[i] ?? NaN) ** 2,
        ),
      ).toBeLessThan(4.5);
    }
    expect(name).toContain('hard edge');
  });

  it.each([
    [2, 3, 35, 0.1, -4.793458, 0.0037, 3.3886],
    [2, 6, 35, 0.1, -18.556088, 0.010674, 6.243624],
    [2, 6, 35, 0, -17.952738, 0.140495, 6.146447],
    [5, 4, 30, 0.1, -5.304062, 0.008264, 4.35652],
    [5, 6, 30, 0.1, -14.368671, 0.017989, 6.251772],
  ])(
    'with a smooth edge, %i dimensions, %i, κ = %i, margin %f',
    async (dim, radius, sharpness, margin, logZ, inside, mean) => {
      const { truth, sample } = await build({ type: 'truncated-normal', dim, radius, sharpness, margin });
      expect(Math.abs((truth.logZ ?? NaN) - logZ)).toBeLessThan(1e-6);
      const samples = sample?.(20_000, 6) ?? new Float64Array();
      const radii = Array.from({ length: 20_000 }, (_, row) =>
        Math.hypot(...samples.subarray(row * dim, (row + 1) * dim)),
      );
      // Ten numbers in all at 4.5 standard errors: once in 15,000 seeds.
      expect(
        off(
          radii.map((r) => Number(r < radius)),
          inside,
        ),
      ).toBeLessThan(4.5);
      expect(off(radii, mean)).toBeLessThan(4.5);
    },
  );

  it('falls by ten thousand nats at a hard edge', async () => {
    const target = await build({ type: 'truncated-normal', radius: 1, edge: 'hard' });
    const { value, gradient } = await evaluate(target, Float64Array.of(0.6, 0.8001, 0.6, 0.7999));
    expect((value[0] ?? NaN) - (value[1] ?? NaN)).toBeCloseTo(1e4, 3);
    expectNear(gradient, [-0.6, -0.8001, -0.6, -0.7999], 1e-12);
  });
});

it('corners of a cube are 2 to their number, with constants that do not grow so', async () => {
  const { modes = [], constants, assignment } = await build({ type: 'cube-mixture', dim: 12, corners: 12 });
  expect(modes.length).toBe(4096);
  expect(Object.values(constants).map(({ data }) => data.length)).toEqual([12]);
  expect(assignment?.type).toBe('sign');
});

it('a funnel is the one that others computed', async () => {
  const target = await build({ type: 'funnel', dim: 5, sigma: 0.9 });
  const { value, gradient } = await evaluate(target, Float64Array.of(1, 0.5, -1, 2, 0));
  expectNear(value, [-8.0722996341], 1e-9);
  expectNear(gradient, [-2.2688843682, -0.1839397206, 0.3678794412, -0.7357588823, 0], 1e-9);
  expectNear(
    [...(target.truth.std ?? [])].map((std) => std * std),
    [0.81, ...Array<number>(4).fill(1.4993025001)],
    1e-9,
  );
});

describe('numbers that densities are made of', () => {
  it('the incomplete gamma function, on both sides of its turning point and far into the tail', () => {
    // Integer a: Q(a, x) = e^−x Σ x^k/k!; a = ½ by the complementary error function to printed digits.
    const sum = (a: number, x: number): number =>
      Math.log(
        Array.from({ length: a }, (_, k) => Math.exp(k * Math.log(x) - logGamma(k + 1))).reduce((p, q) => p + q, 0),
      ) - x;
    for (const [a, x] of [
      [1, 0.1],
      [1, 30],
      [3, 3.9],
      [3, 4.1],
      [7, 2],
      [7, 800],
    ] as const)
      expect(Math.abs(logUpperGamma(a, x) - sum(a, x))).toBeLessThan(1e-12 * Math.max(1, Math.abs(sum(a, x))));
    expect(logUpperGamma(2.5, 0)).toBe(0);
    expectNear(
      [-10, -2, 0, 1, 3].map(logNormalBelow),
      [-53.2312851505, -3.7831843336, -Math.LN2, -0.172753779, -0.00135081],
      1e-9,
    );
  });

  it('a tabulated density', () => {
    const line = tabulate((x) => -x * x, [-8, 8]);
    expect(line.logZ).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
    expect(line.expectation((x) => x ** 4)).toBeCloseTo(0.75, 12);
    expect(line.below(0.7)).toBeCloseTo(Math.exp(logNormalBelow(0.7 * Math.SQRT2)), 13);
    for (const u of [1e-9, 0.01, 0.3, 0.5, 0.99, 1 - 1e-9])
      expect(Math.abs(line.below(line.quantile(u)) - u)).toBeLessThan(1e-9);
    expect([line.below(-9), line.below(9)]).toEqual([0, 1]);
  });
});

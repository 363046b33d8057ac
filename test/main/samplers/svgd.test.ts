import { describe, expect, it } from 'vitest';
import { medianSquare, steinDirection, steinPairs } from '../../../src/main/samplers/steinDirection';
import { descendStein, type SvgdOptions } from '../../../src/main/samplers/svgd';
import { mean } from '../../support/moments';
import { expectNear } from '../../support/near';
import { ran, samplerContext } from '../../support/samplers';

/** φ of points on a line or in a plane under the standard normal. */
function direction(points: readonly number[], dim = 1, bandwidth?: number): { phi: Float64Array; h: number } {
  const x = Float64Array.from(points);
  const phi = new Float64Array(x.length);
  const pairs = steinPairs(x.length / dim, dim);
  const h = steinDirection(
    pairs,
    x,
    x.map((value) => -value),
    phi,
    bandwidth,
  );
  return { phi, h };
}
const optionsFor = (more: Partial<SvgdOptions> = {}): SvgdOptions => ({
  ...{ base: { mean: 0, std: 1 }, particles: 100, iterations: 500, stepSize: 0.05, decay: 0.9 },
  ...more,
});

describe('the Stein direction', () => {
  it('of three particles under a standard normal is the one that is known', () => {
    // Known to eight decimals.
    expectNear(direction([0, 1, 3], 1, 1).phi, [-0.36824967, -0.13081686, -0.98143754], 5e-9);
  });

  it('of two particles vanishes where attraction and repulsion balance', () => {
    const still = Math.sqrt(0.25 * Math.log(5));
    expect(still).toBeCloseTo(0.6343181206, 10);
    expectNear(direction([-still, still], 1, 1).phi, [0, 0], 1e-15);
    expect(direction([-0.6, 0.6], 1, 1).phi[1]).toBeGreaterThan(1e-3);
  });

  it('is that of its formula, in a plane, with the bandwidth of the median distance', () => {
    const points = [0.3, -1, 2, 0.5, -0.7, 0.1, 1.1, 1.4];
    const { phi, h } = direction(points, 2);
    const at = (i: number): [number, number] => [points[2 * i] ?? NaN, points[2 * i + 1] ?? NaN];
    const distances = [0, 1, 2, 3]
      .flatMap((i) =>
        [0, 1, 2, 3].filter((j) => j > i).map((j) => Math.hypot(at(i)[0] - at(j)[0], at(i)[1] - at(j)[1])),
      )
      .sort((a, b) => a - b);
    const median = ((distances[2] ?? NaN) + (distances[3] ?? NaN)) / 2;
    expect(h).toBeCloseTo(median ** 2 / Math.log(4), 12);
    for (let i = 0; i < 4; i += 1) {
      for (const k of [0, 1] as const) {
        let expected = 0;
        for (let j = 0; j < 4; j += 1) {
          const kernel = Math.exp(-((at(i)[0] - at(j)[0]) ** 2 + (at(i)[1] - at(j)[1]) ** 2) / h);
          expected += (kernel * -at(j)[k] - (2 / h) * (at(j)[k] - at(i)[k]) * kernel) / 4;
        }
        expect(phi[2 * i + k]).toBeCloseTo(expected, 12);
      }
    }
  });

  it('does without a distance where all particles agree', () => {
    const { phi, h } = direction([2, 2, 2]);
    expect(h).toBe(1);
    expect([...phi]).toEqual([-2, -2, -2]);
  });

  it('finds medians as sorting does', () => {
    for (const length of [1, 2, 5, 100, 101]) {
      const values = Float64Array.from({ length }, (_, i) => (i * 7919) % 31);
      const roots = values.slice().sort().map(Math.sqrt);
      const middle = ((roots[(length - 1) >> 1] ?? NaN) + (roots[length >> 1] ?? NaN)) / 2;
      expect(medianSquare(values, new Float64Array(length))).toBeCloseTo(middle ** 2, 12);
    }
  });
});

describe('Stein variational gradient descent', () => {
  it('takes its particles to the mean and the spread of a normal', async () => {
    const context = await samplerContext({ type: 'gaussian', mean: [2, -1], std: [0.5, 1.5] });
    const { result, steps } = await ran(descendStein(context, optionsFor()));
    const points = [...(result?.points ?? [])];
    for (const [k, centre, std] of [
      [0, 2, 0.5],
      [1, -1, 1.5],
    ] as const) {
      const own = points.filter((_, at) => at % 2 === k);
      expect(mean(own)).toBeCloseTo(centre, 1);
      const spread = Math.sqrt(mean(own.map((value) => (value - centre) ** 2)));
      expect(spread / std).toBeGreaterThan(0.85);
      expect(spread / std).toBeLessThan(1.1);
    }
    expect(steps).toBe(500);
    // One gradient a particle and step.
    expect(result).toMatchObject({ gradientEvaluations: 50_000, steps: 500, broken: 0, diverged: false });
  });

  it('in many dimensions has too little spread', async () => {
    const context = await samplerContext({ type: 'gaussian', dim: 40 });
    const { result } = await ran(descendStein(context, optionsFor({ particles: 50, iterations: 400 })));
    const variance = mean([...(result?.points ?? [])].map((value) => value * value));
    expect(variance).toBeLessThan(0.6);
  });

  it('ends where gradients are no numbers, and says so', async () => {
    const far = optionsFor({ base: { mean: -1e6, std: 1 }, particles: 4 });
    const funnel = await samplerContext({ type: 'funnel', dim: 2, sigma: 1 }, { precision: 'float32' });
    const { result, steps } = await ran(descendStein(funnel, far));
    expect(result?.diverged).toBe(true);
    expect(steps).toBe(25);
    expect([...(result?.points ?? [])].every(Number.isFinite)).toBe(true);
  });

  it.each([1, 20, 40])('goes on after step %d with equal bits', async (stop) => {
    const context = await samplerContext({ type: 'bimodal', dim: 2, sigma: 0.4 }, { precision: 'float32' });
    const options = optionsFor({ iterations: 40, particles: 30 });
    const whole = await ran(descendStein(context, options));
    const { snapshot } = await ran(descendStein(context, options), stop);
    expect((await ran(descendStein(context, options, snapshot))).result).toEqual(whole.result);
  });
});

import { describe, expect, it } from 'vitest';
import { coefficientsOf, sigmoidBetas, sigmoidBetasGradient } from '../../../../src/main/trainers/mcd/parameters';
import { drawnTransitions } from '../../../../src/main/trainers/mcd/noise';
import { pathSettings } from '../../../../src/main/trainers/mcd/settings';
import {
  halved,
  initialStepSizes,
  stepSizesGradient,
  stepSizesOf,
  type StepSizes,
} from '../../../../src/main/trainers/mcd/stepSizes';
import { normals } from '../../../support/flows';
import { pathSpec, slope, varied } from '../../../support/mcd';

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);

describe('the numbers of a sampler', () => {
  it('stay in their ranges wherever training takes them', () => {
    for (let draw = 0; draw < 50; draw += 1) {
      const spec = pathSpec({
        type: 'uha',
        steps: 12,
        schedule: 'learned',
        stepSizes: draw % 2 === 0 ? 'free' : 'network',
      });
      const { initial, sizes } = pathSettings(spec, 3, draw);
      const { betas, steps, refreshment, mass } = coefficientsOf(varied(initial, 0.1 * draw), sizes);
      betas.forEach((beta, k) => expect(beta).toBeGreaterThan(k === 0 ? 0 : (betas[k - 1] ?? NaN)));
      expect(betas.at(-1)).toBe(1);
      expect(steps.every((step) => step > 0 && step <= 0.25)).toBe(true);
      expect(refreshment).toBeGreaterThanOrEqual(0.01);
      expect(refreshment).toBeLessThanOrEqual(0.99);
      expect(mass.every((value) => value > 0)).toBe(true);
    }
  });

  it('begin with what the run file says', () => {
    const spec = pathSpec({ type: 'uha-mcd', steps: 4, stepSize: 0.2, refreshment: 0.8, start: { mean: 1, std: 3 } });
    const { initial, sizes, trained } = pathSettings(spec, 2, 0);
    const { betas, steps, refreshment, mass } = coefficientsOf(initial, sizes);
    expect([...betas]).toEqual([0.25, 0.5, 0.75, 1]);
    steps.forEach((step) => expect(step).toBeCloseTo(0.2, 14));
    expect(refreshment).toBeCloseTo(0.8, 14);
    expect([...mass]).toEqual([1, 1]);
    expect([...initial.mean]).toEqual([1, 1]);
    expect(Math.exp(initial.logVariance[0] ?? NaN)).toBeCloseTo(9, 12);
    expect(trained).toEqual(['stepSizes', 'logMass', 'refreshment']);
  });

  it('have gradients: β', async () => {
    const [b, weights] = [normals(7, 1), normals(7, 2)];
    const gradient = sigmoidBetasGradient(b, weights);
    for (let k = 0; k < b.length; k += 1) {
      const expected = await slope(b, k, () => Promise.resolve(dot(sigmoidBetas(b), weights)));
      expect(gradient[k]).toBeCloseTo(expected, 8);
    }
  });

  it.each(['network', 'free', 'constant'] as const)('have gradients: δ, %s', async (form) => {
    const sizes: StepSizes = { form, steps: 6, maximum: 0.25 };
    const initial = initialStepSizes(sizes, 0.1, 5);
    const values = initial.map((value, i) => value + 0.3 * (normals(initial.length, 3)[i] ?? NaN));
    const weights = normals(6, 4);
    const gradient = stepSizesGradient(sizes, values, weights);
    for (let i = 0; i < values.length; i += 1) {
      const expected = await slope(values, i, () => Promise.resolve(dot(stepSizesOf(sizes, values), weights)));
      expect(gradient[i]).toBeCloseTo(expected, 8);
    }
  });

  it('let an update of Adam move a step size by little, though all weights of its network move', () => {
    const sizes: StepSizes = { form: 'network', steps: 6, maximum: 0.25 };
    const initial = initialStepSizes(sizes, 0.1, 5);
    // The first update moves every number by the rate, along the sign of its gradient; later ones by no more.
    let values = initial;
    for (let update = 0; update < 2; update += 1) {
      const gradient = stepSizesGradient(sizes, values, new Float64Array(6).fill(1));
      values = values.map((value, i) => value + 0.01 * Math.sign(gradient[i] ?? NaN));
    }
    stepSizesOf(sizes, values).forEach((step) => {
      expect(step).toBeGreaterThan(0.1);
      expect(step).toBeLessThan(0.11);
    });
  });

  it.each(['network', 'free', 'constant'] as const)('halve their step sizes, %s', (form) => {
    const sizes: StepSizes = { form, steps: 6, maximum: 0.25 };
    let values = initialStepSizes(sizes, 0.01, 5);
    values = halved(sizes, values, (k) => k <= 3);
    const steps = stepSizesOf(sizes, values);
    const led = form === 'free' ? [0, 1, 2] : [0, 1, 2, 3, 4, 5];
    steps.forEach((step, k) => expect(step / (led.includes(k) ? 0.005 : 0.01)).toBeCloseTo(1, 1));
    // A step near the maximum is no exception.
    const near = halved(sizes, initialStepSizes(sizes, 0.2499, 5), () => true);
    expect(Math.max(...stepSizesOf(sizes, near))).toBeLessThan(0.13);
  });

  it('are drawn transitions evenly: chi-square with 7 degrees of freedom, false alarm 1e-6', () => {
    const counts = new Array<number>(8).fill(0);
    for (let step = 0; step < 2000; step += 1) {
      const drawn = drawnTransitions(3, step, 8, 3);
      expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
      expect(drawn).toHaveLength(3);
      for (const k of drawn) counts[k - 1] = (counts[k - 1] ?? 0) + 1;
    }
    // Of 8 without replacement: the variance of a count is that of 2000 draws of 3/8.
    const statistic = (counts.reduce((sum, count) => sum + (count - 750) ** 2, 0) / (750 * (5 / 8))) * (7 / 8);
    expect(statistic).toBeLessThan(40.5);
    expect(drawnTransitions(3, 1, 8, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

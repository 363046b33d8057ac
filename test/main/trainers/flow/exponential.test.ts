import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { targetSchema } from '../../../../src/shared/runFile/target';
import { trainedFlow } from '../../../support/trainedFlow';

// Trainings with fixed seeds. Seeds differ by a few thousandths in log Z and a few hundredths in the effective share.

describe('the exponentially weighted Gaussian', () => {
  it.each([
    { dim: 2, iterations: 100, effective: 0.9 },
    { dim: 5, iterations: 150, effective: 0.75 },
  ])('in $dim dimensions is found with every pattern of signs', async ({ dim, iterations, effective }) => {
    const target = await buildTarget(targetSchema.parse({ type: 'exponentially-weighted-gaussian', dim }), '.');
    const { forward, backward } = await trainedFlow(target, { refinement: 1, iterations, learningRate: 3e-3 }, 5000);
    const logZ = target.truth.logZ ?? NaN;
    const patterns = new Set<number>();
    for (let row = 0; row < 5000; row += 1) {
      const point = forward.samples.subarray(row * dim, (row + 1) * dim);
      patterns.add(point.reduce((bits, value, i) => bits + (value > 0 ? 2 ** i : 0), 0));
    }
    expect(patterns.size).toBe(2 ** dim);
    expect(Math.abs(forward.estimate - logZ)).toBeLessThan(0.05);
    expect(forward.effectiveSampleSize / 5000).toBeGreaterThan(effective);
    expect(forward.bound.value).toBeLessThan(logZ);
    expect(backward.bound.value).toBeGreaterThan(logZ);
  });
});

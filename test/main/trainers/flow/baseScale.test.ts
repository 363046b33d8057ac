import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { baseReach, baseWarning } from '../../../../src/main/trainers/flow/baseScale';
import { targetSchema } from '../../../../src/shared/runFile/target';
import { circle, shares, trainedFlow } from '../../../support/trainedFlow';

describe('a base of scale 8', () => {
  it('finds all of six modes off the centre, with weights near the mass of their cells', async () => {
    const shifted = await circle(6, 8, -5);
    const changes = { baseScale: 8, gamma: 0.5, refinement: 3, iterations: 150, learningRate: 3e-3 };
    const { forward, backward } = await trainedFlow(shifted, changes, 8000);
    const found = shares(shifted, forward.samples);
    // A sixth is the truth; cells of the base have 0.07 to 0.31.
    expect(Math.min(...found)).toBeGreaterThan(0.05);
    expect(Math.max(...found)).toBeLessThan(0.35);
    expect(Math.abs(forward.estimate)).toBeLessThan(0.05);
    expect(Math.abs(backward.estimate)).toBeLessThan(0.05);
    expect(forward.effectiveSampleSize / 8000).toBeGreaterThan(0.6);
    expect(backward.bound.value - forward.bound.value).toBeLessThan(0.5);
  });
});

describe('a warning of a base that misses modes', () => {
  it('is not raised by chance, where modes are so many that each has a handful of draws', async () => {
    const target = await buildTarget(targetSchema.parse({ type: 'exponentially-weighted-gaussian', dim: 10 }), '.');
    expect(target.modes).toHaveLength(1024);
    for (const seed of [0, 1]) {
      const { cells, lost } = baseReach(target.modes ?? [], 10, 1, seed);
      // Chance alone leaves some a fifth of their share.
      if (seed === 0) expect(Math.min(...cells)).toBeLessThan(0.2 / 1024);
      expect(lost).toEqual([]);
    }
    expect(baseWarning('flow', target.modes, 10, 1, 0)).toBeUndefined();
  });

  it('is raised for the one of many that is out of reach', () => {
    const near = Array.from({ length: 100 }, (_, mode) => ({
      ...{ location: Float64Array.of(2 * Math.cos(mode / 16), 2 * Math.sin(mode / 16)), weight: 0.0099, std: 1 },
    }));
    const far = { location: Float64Array.of(30, 0), weight: 0.01, std: 1 };
    expect(baseReach([...near, far], 2, 1, 0).lost).toContain(100);
  });
});

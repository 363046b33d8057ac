import { describe, expect, it } from 'vitest';
import { furthestMode, predictedLags } from '../../../../src/shared/annealingLag';
import { annealingBetas } from '../../../../src/shared/runFile/methods/annealingFlow';
import { circle, judged, quickFlow, shares, trainedFlow } from '../../../support/trainedFlow';

const six = await circle(6, 8);
const mode = furthestMode(six.modes) ?? { distance: NaN, std: NaN };

function lagOf(changes: Record<string, unknown>): number {
  const { spec, settings } = quickFlow(six, changes);
  return predictedLags(annealingBetas(spec), settings.gammas, mode, spec.baseScale).at(-1) ?? NaN;
}

describe('how far the penalty holds particles back', () => {
  it('is what each block leaves of the gap', () => {
    expect(mode.distance).toBeCloseTo(8, 12);
    expect(mode.std).toBe(1);
    expect(lagOf({ gamma: 0.1 })).toBeCloseTo(0.033, 3);
    expect(lagOf({ gamma: 0.5 })).toBeCloseTo(0.498, 3);
    expect(lagOf({ gamma: 2 })).toBeCloseTo(2.663, 3);
    expect(lagOf({ gamma: 2, refinement: 6 })).toBeCloseTo(0.873, 3);
    const lengths = [...new Array<number>(8).fill(0.05), 0.1, 0.1];
    expect(lagOf({ blocks: 10, refinement: 0, gamma: lengths.map((delta) => 1 / (18 * delta)) })).toBeCloseTo(1.11, 2);
  });

  it('is zero without a penalty, the whole way with nothing but one, and independent of units', () => {
    expect(lagOf({ gamma: 0 })).toBe(0);
    expect(lagOf({ gamma: 1e6 })).toBeCloseTo(8, 3);
    const [betas, gammas] = [
      [0.5, 1],
      [0.3, 0.2],
    ];
    const far = predictedLags(betas, gammas, { distance: 80, std: 10 }, 10);
    predictedLags(betas, gammas, { distance: 8, std: 1 }, 1).forEach((value, k) =>
      expect(far[k]).toBeCloseTo(value, 12),
    );
  });
});

describe('a strong penalty', async () => {
  const changes = { gamma: 2, refinement: 6 };
  const { flow, forward } = await trainedFlow(six, changes);
  const first = { ...flow, blocks: flow.blocks.slice(0, 9) };
  const partial = await judged(first, six, changes);

  it('costs what the lag says, and blocks of refinement win it back', () => {
    expect(Math.abs(partial.forward.bound.value + 3.5)).toBeLessThan(1);
    expect(Math.abs(forward.bound.value + 0.38)).toBeLessThan(0.15);
    expect(partial.forward.bound.value).toBeLessThan(forward.bound.value - 1);
    expect(Math.abs(forward.effectiveSampleSize / 10_000 - Math.exp(-(lagOf(changes) ** 2)))).toBeLessThan(0.08);
  });

  it('leaves the first blocks a sampler of their own', () => {
    expect(partial.forward.blocks).toEqual(forward.blocks.slice(0, 9));
    expect(partial.forward.stages).toEqual(forward.stages.slice(0, 10));
  });
});

describe('modes of unequal weight', async () => {
  const weights = [0.3, 0.25, 0.2, 0.15, 0.07, 0.03];
  const unequal = await circle(6, 8, 0, weights);
  const { forward } = await trainedFlow(unequal, { refinement: 2, iterations: 100, learningRate: 3e-3 });
  const squaredError = (found: number[]): number =>
    found.reduce((sum, share, i) => sum + (share - (weights[i] ?? NaN)) ** 2, 0) / 6;

  it('are wrong in raw samples by what is known, and right in weighted ones', () => {
    const raw = squaredError(shares(unequal, forward.samples));
    expect(raw).toBeGreaterThan(1e-3);
    expect(raw).toBeLessThan(6e-3);
    expect(squaredError(shares(unequal, forward.samples, forward.sampleLogWeights))).toBeLessThan(3e-4);
    expect(forward.effectiveSampleSize / 10_000).toBeGreaterThan(0.8);
  });
});

import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../src/main/targets';
import { furthestMode, furthestModeOf, lagForecast, mostRefinement, smallLag } from '../../src/shared/annealingLag';
import { annealingFlowSchema } from '../../src/shared/runFile/methods/annealingFlow';
import { targetSchema } from '../../src/shared/runFile/target';

const circle = targetSchema.parse({ type: 'circle-mixture' });
const flow = (settings: object) => annealingFlowSchema.parse({ type: 'annealing-flow', ...settings });

describe('the furthest mode of a target, from its run file', () => {
  it.each([
    { type: 'circle-mixture', modes: 5, shift: [-5, 2], std: 0.5 },
    { type: 'circle-mixture', dim: 4, modes: 3, height: 2 },
    { type: 'cube-mixture', dim: 4, corners: 2 },
    {
      type: 'gaussian-mixture',
      means: [
        [1, 0],
        [0, 3],
      ],
      stds: [0.1, 2],
    },
    { type: 'bimodal', dim: 3 },
    { type: 'exponentially-weighted-gaussian', dim: 12 },
  ])('is that of the target itself: %o', async (spec) => {
    const parsed = targetSchema.parse(spec);
    const known = furthestMode((await buildTarget(parsed, '.')).modes);
    expect(known).toBeDefined();
    expect(furthestModeOf(parsed)?.distance).toBeCloseTo(known?.distance ?? NaN, 12);
    expect(furthestModeOf(parsed)?.std).toBeCloseTo(known?.std ?? NaN, 12);
  });

  it('is not known where modes are drawn, of unlike widths, or none', () => {
    for (const spec of [
      { type: 'gaussian-mixture', dim: 2 },
      { type: 'crossed-mixture' },
      { type: 'exponentially-weighted-gaussian', dim: 2, variances: [0.5] },
      { type: 'funnel' },
    ]) {
      expect(furthestModeOf(targetSchema.parse(spec))).toBeUndefined();
      expect(lagForecast(flow({}), targetSchema.parse(spec))).toBeUndefined();
    }
  });
});

describe('what a penalty will leave', () => {
  it('is a lag after each block, what it costs, and what would mend it', () => {
    const {
      blocks = [],
      final = NaN,
      lost,
      effective,
      refinement,
    } = lagForecast(flow({ gamma: 0.5, refinement: 1 }), circle) ?? {};
    expect(blocks.map(({ refinement }) => refinement)).toEqual([...Array<boolean>(8).fill(false), true]);
    expect(final).toBeCloseTo(0.498, 3);
    expect(lost).toBeCloseTo(0.124, 3);
    expect(effective).toBeCloseTo(0.78, 2);
    // A half is closed by each.
    expect(refinement).toBe(4);
    for (const [count, small] of [
      [3, false],
      [4, true],
    ] as const)
      expect((lagForecast(flow({ gamma: 0.5, refinement: count }), circle)?.final ?? NaN) <= smallLag).toBe(small);
  });

  it('needs no refinement without a penalty, and never enough with nothing but one', () => {
    expect(lagForecast(flow({ gamma: 0 }), circle)).toMatchObject({ final: 0, effective: 1, refinement: 0 });
    const heavy = lagForecast(flow({ gamma: 1e5, refinement: mostRefinement }), circle);
    expect(heavy?.refinement).toBeUndefined();
    expect(heavy?.final).toBeGreaterThan(7);
  });

  it('is not said of a flow that is drawn from again', () => {
    expect(lagForecast(flow({ flow: 'kept.safetensors' }), circle)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { geometricBridge } from '../../../../src/main/trainers/flow/bridge';
import { evaluateAnnealingFlow } from '../../../../src/main/trainers/flow/density';
import { evaluateInverse } from '../../../../src/main/trainers/flow/inverse';
import { FlowPrograms, type AnnealingFlow } from '../../../../src/main/trainers/flow/programs';
import { velocityShapes } from '../../../../src/main/trainers/flow/velocity';
import { drawnWeights, goldenNetwork, goldenWeights } from '../../../support/blocks';
import { finish } from '../../../support/finish';
import { circle, flowContext } from '../../../support/trainedFlow';

const six = await circle(6, 8);
const context = await flowContext('float64');
const affine = { dim: 2, hidden: [], activation: 'tanh', timeInput: false } as const;
/** v = 0.7 x, twice: standard deviations grow to e^{1.4}. */
const linear: AnnealingFlow = {
  network: affine,
  rule: 'rk4',
  blocks: [1, 2].map(() => ({ '0.weight': Float64Array.of(0.7, 0, 0, 0.7), '0.bias': new Float64Array(2) })),
};
const wide = await buildTarget({ type: 'gaussian', dim: 2, mean: 0, std: Math.exp(1.4) }, '.');

describe('a flow that stays where it is', () => {
  it('has the density of its base and weights to match', async () => {
    const network = { dim: 2, hidden: [8, 8], activation: 'tanh', timeInput: false } as const;
    const zeros = Object.fromEntries(
      Object.entries(velocityShapes(network)).map(([name, shape]) => [
        name,
        new Float64Array(shape.reduce((a, b) => a * b, 1)),
      ]),
    );
    const flow = { network, rule: 'rk4', blocks: [zeros, zeros] } as const;
    const bridge = geometricBridge(six, [0.5, 1], 1);
    const { trained } = await finish(
      evaluateAnnealingFlow(flow, bridge, { samples: 50, steps: 3, scale: 1, keep: 50 }, context),
    );
    const modes = six.modes ?? [];
    for (let row = 0; row < 50; row += 1) {
      const [x = NaN, y = NaN] = trained.samples.subarray(2 * row);
      const parts = modes.map(({ location: [a = NaN, b = NaN] }) => Math.exp(-0.5 * ((x - a) ** 2 + (y - b) ** 2)) / 6);
      const expected = Math.log(parts.reduce((a, b) => a + b, 0)) + 0.5 * (x * x + y * y);
      expect(Math.abs((trained.sampleLogWeights[row] ?? NaN) - expected)).toBeLessThan(1e-11);
    }
    expect(trained.stages[2]).toEqual(trained.stages[0]);
    expect(trained.blocks.map(({ energy }) => energy)).toEqual([0, 0]);
    expect(trained.stepError).toBe(0);
  });
});

describe('a linear flow', () => {
  const bridge = geometricBridge(wide, [0.5, 1], 1);

  it('grows by what four stages make of e^{0.7}', async () => {
    const programs = await FlowPrograms.open({ ...context, bridge, network: affine, rule: 'rk4', rows: 1 });
    const moved = await programs.push(Float64Array.of(1, -2), linear.blocks[0] ?? {}, 3);
    expect(moved.x[0]).toBeCloseTo(2.01372402, 8);
    expect(moved.x[1]).toBeCloseTo(-2 * 2.01372402, 7);
    expect(moved.divergence[0]).toBeCloseTo(1.4, 14);
    const back = await programs.push(moved.x, linear.blocks[0] ?? {}, 3, true);
    expect(back.x[0]).toBeCloseTo(1, 4);
    expect(back.divergence[0]).toBeCloseTo(-1.4, 14);
    await programs.dispose();
  });

  it('is its target, seen from both sides', async () => {
    const options = { samples: 4000, steps: 3, scale: 1 };
    const { trained: forward } = await finish(evaluateAnnealingFlow(linear, bridge, options, context));
    expect(Math.abs(forward.estimate)).toBeLessThan(1e-4);
    expect(forward.effectiveSampleSize / 4000).toBeGreaterThan(0.9999);
    expect(Math.abs(forward.bound.value)).toBeLessThan(1e-4);
    const exact = wide.sample?.(3000, 2) ?? new Float64Array(0);
    const { trained: backward } = await finish(
      evaluateInverse(linear, bridge, { exact, steps: 12, scale: 1 }, context),
    );
    expect(Math.abs(backward.bound.value)).toBeLessThan(1e-5);
    expect(Math.abs(backward.estimate)).toBeLessThan(1e-5);
    expect(backward.ess).toBeGreaterThan(0.9999);
    expect(backward.reconstruction).toBeLessThan(1e-4);
  });

  it('is refused where a block is forgotten or the base has another scale', async () => {
    const options = { samples: 4000, steps: 3, scale: 1 };
    const short = { ...linear, blocks: linear.blocks.slice(1) };
    const { trained: forward } = await finish(evaluateAnnealingFlow(short, bridge, options, context));
    expect(forward.effectiveSampleSize / 4000).toBeLessThan(0.9);
    const scaled = geometricBridge(wide, [0.5, 1], 1.3);
    const back = { exact: wide.sample?.(500, 2) ?? new Float64Array(0), steps: 12, scale: 1.3 };
    const { trained: backward } = await finish(evaluateInverse(linear, scaled, back, context));
    expect(Math.abs(backward.bound.value)).toBeGreaterThan(0.1);
  });

  it('means the same in coordinates of another scale', async () => {
    // Half as far in coordinates that are twice as wide: one block less a factor of two.
    const half = geometricBridge(wide, [1], Math.exp(0.7));
    const options = { samples: 2000, steps: 12, scale: Math.exp(0.7) };
    const short = { ...linear, blocks: linear.blocks.slice(1) };
    const { trained } = await finish(evaluateAnnealingFlow(short, half, options, context));
    expect(Math.abs(trained.estimate)).toBeLessThan(1e-6);
    expect(trained.effectiveSampleSize / 2000).toBeGreaterThan(0.999999);
    expect(Math.abs((trained.std[0] ?? NaN) / Math.exp(1.4) - 1)).toBeLessThan(0.08);
  });
});

describe('evaluations that are taken up again', () => {
  const flow: AnnealingFlow = {
    network: goldenNetwork('tanh'),
    rule: 'rk4',
    blocks: [goldenWeights, drawnWeights(goldenNetwork('tanh'), 2)],
  };
  const bridge = geometricBridge(six, [0.4, 1], 2);

  it('end with the same bits', async () => {
    // Three programs' worth of rows and a bit.
    const options = { samples: 3100, steps: 2, scale: 2 };
    const whole = await finish(evaluateAnnealingFlow(flow, bridge, options, context));
    expect(whole.steps).toHaveLength(4);
    const rest = await finish(
      evaluateAnnealingFlow(
        flow,
        bridge,
        options,
        context,
        await early(evaluateAnnealingFlow(flow, bridge, options, context)),
      ),
    );
    expect(rest.steps).toHaveLength(2);
    expect(rest.trained).toEqual(whole.trained);
    const back = { exact: six.sample?.(3100, 3) ?? new Float64Array(0), steps: 2, scale: 2 };
    const inverse = await finish(evaluateInverse(flow, bridge, back, context));
    const again = await finish(
      evaluateInverse(flow, bridge, back, context, await early(evaluateInverse(flow, bridge, back, context))),
    );
    expect(again.steps).toHaveLength(2);
    expect(again.trained).toEqual(inverse.trained);
  });

  it('do not depend on how many rows are computed at once', async () => {
    const options = { samples: 1500, steps: 2, scale: 2, keep: 1500 };
    const many = await finish(evaluateAnnealingFlow(flow, bridge, options, context));
    const few = await finish(evaluateAnnealingFlow(flow, bridge, { ...options, samples: 40, keep: 40 }, context));
    few.trained.sampleLogWeights.forEach((value, row) =>
      expect(value).toBeCloseTo(many.trained.sampleLogWeights[row] ?? NaN, 12),
    );
  });
});

/** What a generator could be taken up from after its second step. */
async function early<S>(generator: AsyncGenerator<{ readonly capture: () => S }, unknown>): Promise<S> {
  await generator.next();
  const { value } = (await generator.next()) as { value: { capture: () => S } };
  const snapshot = structuredClone(value.capture());
  await generator.return(undefined);
  return snapshot;
}

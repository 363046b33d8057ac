import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { openDevice } from '../../../../src/main/tensor/devices';
import { compileStep } from '../../../../src/main/trainers/step';
import { blockFeeds, geometricBridge } from '../../../../src/main/trainers/flow/bridge';
import { blockLoss, lossInputs, type LossSettings } from '../../../../src/main/trainers/flow/loss';
import { velocityShapes, type VelocityNetwork } from '../../../../src/main/trainers/flow/velocity';
import { drawnWeights } from '../../../support/blocks';
import { random } from '../../../support/random';

const target = await buildTarget(
  {
    type: 'gaussian-mixture',
    means: [
      [2, 0],
      [-1, 1],
      [0, -2],
    ],
    weights: [3, 2, 1],
  } as never,
  '.',
);
const bridge = geometricBridge(target, [0.3, 1], 1.5);
const batch = 5;

interface Case extends Partial<LossSettings> {
  readonly network?: Partial<VelocityNetwork>;
}

/** The largest difference between gradient and central differences, relative to the largest derivative. */
async function gradientError({ network: changes = {}, ...more }: Case, seed: number): Promise<number> {
  const network: VelocityNetwork = { dim: 2, hidden: [4, 4], activation: 'tanh', timeInput: false, ...changes };
  const settings: LossSettings = { loss: 'type-1', rule: 'rk4', steps: 2, divergence: 'exact', sigma: 0.1, ...more };
  const shapes = velocityShapes(network);
  const weights = drawnWeights(network, seed);
  const source = random(seed + 100);
  const inputs = lossInputs(bridge, settings, batch);
  const step = await compileStep(await openDevice('cpu'), {
    ...{ shapes, inputs, constants: bridge.constants, precision: 'float64' },
    loss: blockLoss(network, bridge, settings),
  });
  const feeds = {
    x: Float64Array.from({ length: 2 * batch }, () => source.normal()),
    gamma: Float64Array.of(0.4),
    ...blockFeeds(bridge, 0),
    ...(settings.divergence === 'exact'
      ? {}
      : { probes: Float64Array.from({ length: settings.steps * 2 * batch }, () => source.normal()) }),
  };
  const at = (values: Record<string, Float64Array>) =>
    step.run({
      ...feeds,
      ...Object.fromEntries(Object.entries(values).map(([name, data]) => [`parameters/${name}`, data])),
    });
  const found = await at(weights);
  let [worst, largest] = [0, 0];
  for (const [name, values] of Object.entries(weights)) {
    for (let i = 0; i < values.length; i += 1) {
      const by = 1e-5;
      const moved = async (sign: number): Promise<number> => {
        const changed = values.slice();
        changed[i] = (changed[i] ?? NaN) + sign * by;
        return (await at({ ...weights, [name]: changed }))['loss']?.[0] ?? NaN;
      };
      const slope = ((await moved(1)) - (await moved(-1))) / (2 * by);
      const gradient = found[`gradients/${name}`]?.[i] ?? NaN;
      worst = Math.max(worst, Math.abs(gradient - slope));
      largest = Math.max(largest, Math.abs(slope));
    }
  }
  await step.dispose();
  return worst / largest;
}

describe('the gradient of the loss of a block', () => {
  it.each([1, 2, 3])('is that of central differences, weights %i', async (seed) => {
    expect(await gradientError({}, seed)).toBeLessThan(1e-6);
  });

  const cases: Case[] = [
    { network: { activation: 'softplus20' } },
    { network: { timeInput: true } },
    { network: { hidden: [] } },
    { network: { hidden: [4] } },
    { network: { hidden: [3, 4, 3] } },
    { rule: 'rk4-38', steps: 3 },
    { divergence: 'hutchinson' },
    { divergence: 'finite-difference' },
    { loss: 'reference' },
  ];
  it.each(cases)('is so with %o', async (each) => {
    expect(await gradientError(each, 4)).toBeLessThan(1e-6);
  });

  it('is another where the score is held fixed, which the same check sees', async () => {
    expect(await gradientError({ loss: 'type-2' }, 4)).toBeGreaterThan(1e-3);
  });
});

describe('the three terms', () => {
  it('add up to the loss, and depend on the block', async () => {
    const network: VelocityNetwork = { dim: 2, hidden: [4, 4], activation: 'tanh', timeInput: false };
    const settings: LossSettings = { loss: 'type-1', rule: 'rk4', steps: 3, divergence: 'exact', sigma: 0.1 };
    const step = await compileStep(await openDevice('cpu'), {
      shapes: velocityShapes(network),
      ...{ inputs: lossInputs(bridge, settings, 1), constants: bridge.constants, precision: 'float64' },
      loss: blockLoss(network, bridge, settings),
    });
    // Weights of zero leave x where it is.
    const zeros = Object.fromEntries(
      Object.entries(velocityShapes(network)).map(([name, shape]) => [
        `parameters/${name}`,
        new Float64Array(shape.reduce((a, b) => a * b, 1)),
      ]),
    );
    const losses: number[] = [];
    for (const block of [0, 1]) {
      const feeds = { ...zeros, x: Float64Array.of(0.3, -1), gamma: Float64Array.of(1), ...blockFeeds(bridge, block) };
      const { loss = [], ...found } = await step.run(feeds);
      losses.push(loss[0] ?? NaN);
      expect(found['report/divergence']?.[0]).toBe(0);
      expect(found['report/penalty']?.[0]).toBe(0);
      expect(found['report/energy']?.[0]).toBe(loss[0]);
    }
    await step.dispose();
    const [x, y] = [0.3 * 1.5, -1.5];
    const normal = -0.5 * (0.3 ** 2 + 1) - Math.log(2 * Math.PI);
    const part = (weight: number, a: number, b: number): number =>
      (weight / 6) * Math.exp(-0.5 * ((x - a) ** 2 + (y - b) ** 2));
    const log = Math.log(part(3, 2, 0) + part(2, -1, 1) + part(1, 0, -2)) - Math.log(2 * Math.PI) + 2 * Math.log(1.5);
    expect(losses[0]).toBeCloseTo(-(0.7 * normal + 0.3 * log), 12);
    expect(losses[1]).toBeCloseTo(-log, 12);
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { openDevice } from '../../../../src/main/tensor/devices';
import { blockFeeds, geometricBridge } from '../../../../src/main/trainers/flow/bridge';
import { blockLoss, lossInputs, type LossSettings } from '../../../../src/main/trainers/flow/loss';
import { blockPath } from '../../../../src/main/trainers/flow/path';
import { velocityShapes, type VelocityField } from '../../../../src/main/trainers/flow/velocity';
import { compileStep } from '../../../../src/main/trainers/step';
import { once } from '../../../support/blocks';

// A block that leads one normal to another has a best map in closed form. Two rows, one standard deviation to either side of the mean, have
// the moments of the normal, so that minibatches of them have exact losses.

/** (d/2) log 2πe: the entropy that the loss of a block is above its KL divergence and its penalty by. */
const entropy = 0.5 * Math.log(2 * Math.PI * Math.E);

/** N(0, s²) to N(m, s₁²): the slope a and the shift t of the best x → t + a x along straight lines, with the weight λ on their length. */
function bestLines(s: number, s1: number, m: number, weight: number): { a: number; t: number } {
  const curvature = s * s * (1 / (s1 * s1) + 2 * weight);
  return {
    a: (weight * s * s + Math.sqrt((weight * s * s) ** 2 + curvature)) / curvature,
    t: m / (1 + 2 * weight * s1 * s1),
  };
}

/** v(y, t) = (a − 1)(y − t·shift)/(1 + (a − 1) t) + shift: straight lines that x → shift + a x follows. */
function alongLines(a: number, shift: number): VelocityField {
  return {
    dim: 1,
    at: (y, time) => {
      const stretch = tf.add(1, tf.mul(a - 1, time));
      const slope = tf.div(a - 1, stretch);
      return {
        velocity: tf.add(tf.mul(slope, tf.sub(y, tf.mul(time, shift))), shift),
        divergence: () => tf.broadcastTo<tf.Rank.R1>(tf.reshape(slope, [1]), [y.shape[0]]),
        jacobianProduct: () => {
          throw new Error('Nobody asks for it.');
        },
      };
    },
  };
}

describe.each([
  { s: 1, s1: 2, m: 3, weight: 0, a: 2, t: 3, kl: 0, path: 0 },
  { s: 1, s1: 2, m: 3, weight: 0.05, a: 1.83919173, t: 2.14285714, kl: 0.098486, path: 0.26480397 },
  { s: 1, s1: 2, m: 3, weight: 0.5, a: 1.3797959, t: 0.6, kl: 0.82919118, path: 0.25212246 },
  { s: 1, s1: 2, m: 3, weight: 5, a: 1.06704108, t: 0.07317073, kl: 1.34137099, path: 0.04924231 },
  { s: 1, s1: 1, m: 2, weight: 0.5, a: 1, t: 1, kl: 0.5, path: 0.5 },
  { s: 1, s1: 0.5, m: 0, weight: 0.5, a: 0.55825757, t: 0, kl: 0.01309068, path: 0.09756819 },
])('the best straight lines to N($m, $s1²) at γ = $weight', ({ s, s1, m, weight, ...known }) => {
  /** The objective of a block along such lines: KL divergence, and the penalty. */
  async function objective(a: number, t: number): Promise<{ kl: number; path: number }> {
    const steps = 24;
    const settings = { rule: 'rk4', steps, divergence: 'exact', sigma: 1 } as const;
    const {
      end = [],
      divergence = [],
      energy = [],
    } = await once(
      (tensors) => {
        const path = blockPath(alongLines(a, t), tensors['x'] as tf.Tensor2D, settings);
        const moves = path.states.slice(1).map((to, step) => tf.square(tf.sub(to, path.states[step] as tf.Tensor2D)));
        return {
          ...{ end: path.states[steps] as tf.Tensor, divergence: path.divergence },
          energy: tf.mul(tf.addN(moves), steps),
        };
      },
      { x: { shape: [2, 1], data: Float64Array.of(s, -s) } },
    );
    const mean = (of: (row: number) => number): number => (of(0) + of(1)) / 2;
    const cross = mean((row) => 0.5 * (((end[row] ?? NaN) - m) / s1) ** 2) + Math.log(s1) + 0.5 * Math.log(2 * Math.PI);
    const shrink = mean((row) => divergence[row] ?? NaN);
    return { kl: cross - shrink - entropy - Math.log(s), path: weight * mean((row) => energy[row] ?? NaN) };
  }

  it('are those of the closed form, whose terms are known', async () => {
    const { a, t } = bestLines(s, s1, m, weight);
    expect(a).toBeCloseTo(known.a, 7);
    expect(t).toBeCloseTo(known.t, 7);
    const { kl, path } = await objective(a, t);
    expect(Math.abs(kl - known.kl)).toBeLessThan(1e-6);
    expect(Math.abs(path - known.path)).toBeLessThan(1e-6);
  });

  it('are where the objective has its minimum', async () => {
    const { a, t } = bestLines(s, s1, m, weight);
    const by = 1e-3;
    const total = async (da: number, dt: number): Promise<number> => {
      const { kl, path } = await objective(a + da, t + dt);
      return kl + path;
    };
    const middle = await total(0, 0);
    for (const [da, dt] of [
      [by, 0],
      [0, by],
    ] as const) {
      const [up, down] = [await total(da, dt), await total(-da, -dt)];
      expect(Math.abs(up - down) / (2 * by)).toBeLessThan(3e-6);
      expect(Math.min(up, down)).toBeGreaterThan(middle);
    }
  });
});

describe('the best affine velocity that does not know the time', () => {
  it.each([
    { s1: 2, m: 3, gamma: 0.5, slope: 0.31735745, shift: 0.50680435, best: 1.08319874 },
    { s1: 2, m: 3, gamma: 0.1, slope: 0.53472975, shift: 1.24893168, best: 0.57945549 },
    { s1: 0.5, m: 0, gamma: 0.5, slope: -0.57743551, shift: 0, best: 0.11305997 },
  ])('to N($m, $s1²) at γ = $gamma is where descent ends', async ({ s1, m, gamma, slope, shift, best }) => {
    const target = await buildTarget({ type: 'gaussian', dim: 1, mean: m, std: s1 }, '.');
    const bridge = geometricBridge(target, [1], 1);
    const network = { dim: 1, hidden: [], activation: 'tanh', timeInput: false } as const;
    const settings: LossSettings = { loss: 'type-1', rule: 'rk4', steps: 3, divergence: 'exact', sigma: 1 };
    const program = await compileStep(await openDevice('cpu'), {
      shapes: velocityShapes(network),
      ...{ inputs: lossInputs(bridge, settings, 2), constants: bridge.constants, precision: 'float64' },
      loss: blockLoss(network, bridge, settings),
    });
    const [weights, bias] = [new Float64Array(1), new Float64Array(1)];
    const parameters = { 'parameters/0.weight': weights, 'parameters/0.bias': bias };
    const feeds = { x: Float64Array.of(1, -1), gamma: Float64Array.of(gamma), ...blockFeeds(bridge, 0), ...parameters };
    let loss = NaN;
    for (let step = 0; step < 400; step += 1) {
      const found = await program.run(feeds);
      loss = found['loss']?.[0] ?? NaN;
      weights[0] = (weights[0] ?? NaN) - 0.15 * (found['gradients/0.weight']?.[0] ?? NaN);
      bias[0] = (bias[0] ?? NaN) - 0.15 * (found['gradients/0.bias']?.[0] ?? NaN);
    }
    await program.dispose();
    expect(Math.abs((weights[0] ?? NaN) - slope)).toBeLessThan(1e-6);
    expect(Math.abs((bias[0] ?? NaN) - shift)).toBeLessThan(1e-6);
    expect(Math.abs(loss - entropy - best)).toBeLessThan(1e-6);
  });
});

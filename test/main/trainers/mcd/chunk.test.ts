import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { layerNorm, swish } from '../../../../src/main/trainers/mcd/activations';
import { ScoreChunk, type ScoredPath } from '../../../../src/main/trainers/mcd/scoreChunk';
import { initialScore, scoreNetwork } from '../../../../src/main/trainers/mcd/scoreNetwork';
import { normals } from '../../../support/flows';
import { doubleNetwork, slope } from '../../../support/mcd';

const [rows, dim, steps] = [3, 2, 5];
const network = scoreNetwork({ dim, steps, momentum: true, conditioning: 2, width: 4, blocks: 2, embedding: 3 });
const device = await openDevice('cpu');
const told = normals(rows * 2, 90);

/** A path whose every number is its own. */
const path: ScoredPath = {
  scoreInput: (k) => ({ position: normals(rows * dim, k), momentum: normals(rows * dim, 20 + k) }),
  residual: (k, out) => out.set(normals(rows * dim, 40 + k)),
  correctionWeights: (k) => ({ linear: 1 + 0.1 * k, quadratic: Float64Array.of(0.2 * k, 0.3) }),
};
const cotangent = Float64Array.of(0.5, -0.3, 0.2);

async function chunkOf(
  transitions: number,
  gradients: 'none' | 'parameters' | 'inputs' = 'inputs',
): Promise<ScoreChunk> {
  const chunk = await ScoreChunk.open({ device, network, rows, precision: 'float64', transitions, gradients });
  chunk.tell(told);
  return chunk;
}

/** All transitions, through as many chunks as that takes. */
async function work(transitions: number) {
  const chunk = await chunkOf(transitions);
  const memory = doubleNetwork(network);
  const sums: Record<string, Float64Array> = {
    ...(memory.gradients as Record<string, Float64Array>),
    conditioningBar: new Float64Array(rows * 2),
  };
  const [scores, bars]: [number[][], number[][]] = [[], []];
  const logWeights = new Float64Array(rows);
  for (let first = 1; first <= steps; first += chunk.transitions) {
    const count = Math.min(chunk.transitions, steps - first + 1);
    for (let slot = 0; slot < count; slot += 1) chunk.put(slot, first + slot, path);
    await chunk.run(memory.feeds, { cotangent, sums });
    for (let slot = 0; slot < count; slot += 1) {
      scores.push([...chunk.score(slot)]);
      bars.push([...chunk.positionBar(slot), ...chunk.momentumBar(slot)]);
      chunk.correct(slot, logWeights);
    }
  }
  await chunk.dispose();
  return { scores, bars, sums, logWeights };
}

describe('a score network in chunks of transitions', () => {
  it('gives the same whatever the size of the chunks, an unfilled last one included', async () => {
    const [whole, pairs] = [await work(5), await work(2)];
    const all = (found: Awaited<ReturnType<typeof work>>): number[] => [
      ...found.scores.flat(),
      ...found.bars.flat(),
      ...found.logWeights,
      ...Object.values(found.sums).flatMap((values) => [...values]),
    ];
    expect(whole.scores).toHaveLength(steps);
    all(whole).forEach((value, i) => expect(value).toBeCloseTo(all(pairs)[i] ?? Number.NaN, 12));
    expect(all(whole).every((value) => value !== 0)).toBe(true);
  });

  it('evaluates as the network by itself does, and each transition by its own row of the table', async () => {
    const { scores } = await work(5);
    const alone = await chunkOf(1, 'none');
    const { feeds } = doubleNetwork(network);
    for (let k = 1; k <= steps; k += 1) {
      alone.place(0, k, path.scoreInput(k));
      await alone.run(feeds);
      alone.score(0).forEach((value, i) => expect(value).toBeCloseTo(scores[k - 1]?.[i] ?? Number.NaN, 13));
    }
    alone.place(0, 2, path.scoreInput(1));
    await alone.run(feeds);
    expect(alone.score(0)[0]).not.toBeCloseTo(scores[0]?.[0] ?? Number.NaN, 3);
    await alone.dispose();
  });

  it('differentiates what it is told of the rows', async () => {
    const { sums } = await work(5);
    const chunk = await chunkOf(5);
    const { feeds } = doubleNetwork(network);
    const value = async (): Promise<number> => {
      chunk.tell(told);
      for (let slot = 0; slot < steps; slot += 1) chunk.put(slot, slot + 1, path);
      await chunk.run(feeds, { cotangent, sums: {} });
      const logWeights = new Float64Array(rows);
      for (let slot = 0; slot < steps; slot += 1) chunk.correct(slot, logWeights);
      return logWeights.reduce((total, weight, row) => total + weight * (cotangent[row] ?? Number.NaN), 0);
    };
    for (let place = 0; place < told.length; place += 1) {
      expect(sums['conditioningBar']?.[place]).toBeCloseTo(await slope(told, place, value), 7);
    }
    await chunk.dispose();
  });

  it('takes as many transitions at once as memory allows', async () => {
    const wide = scoreNetwork({ dim, steps: 64, momentum: false, width: 32, blocks: 3, embedding: 8 });
    const options = { device, network: wide, rows: 8, precision: 'float32', gradients: 'inputs' } as const;
    const sizes: number[] = [];
    for (const memory of [1, 2 ** 20, 2 ** 30]) {
      const chunk = await ScoreChunk.open({ ...options, memory });
      sizes.push(chunk.transitions);
      await chunk.dispose();
    }
    expect(sizes[0]).toBe(1);
    expect(sizes[1]).toBeGreaterThan(8);
    expect(sizes[1]).toBeLessThan(40);
    expect(sizes[2]).toBe(64);
  });

  it('begins with ŝ = 0', async () => {
    const chunk = await chunkOf(5, 'none');
    const parameters = initialScore(network, 3);
    const feeds = Object.fromEntries(
      Object.entries(parameters).map(([name, values]) => [`parameters/${name}`, values]),
    );
    for (let slot = 0; slot < steps; slot += 1) chunk.place(slot, slot + 1, path.scoreInput(slot + 1));
    await chunk.run(feeds);
    for (let slot = 0; slot < steps; slot += 1) expect([...chunk.score(slot)].every((value) => value === 0)).toBe(true);
    expect(parameters['0.norm.gain']?.every((value) => value === 1)).toBe(true);
    expect(parameters['1.outer.weight']?.some((value) => value !== 0)).toBe(true);
    await chunk.dispose();
  });
});

describe('activations with gradients of their own', () => {
  it('have the derivatives of what they compute', async () => {
    const plainNorm = (value: tf.Tensor): tf.Tensor => {
      const { mean, variance } = tf.moments(value, -1, true);
      return tf.div(tf.sub(value, mean), tf.sqrt(tf.add(variance, 1e-5)));
    };
    const plainSwish = (value: tf.Tensor): tf.Tensor => tf.mul(value, tf.sigmoid(value));
    const pairs = [
      [swish, plainSwish],
      [layerNorm, plainNorm],
    ] as const;
    const feeds = { x: Float64Array.of(0.3, -2, 1.5, 0.1, 4, -0.7), dy: Float64Array.of(0.5, -1, 2, 0.3, 0.2, -0.4) };
    const inputs = { x: { shape: [2, 3] }, dy: { shape: [2, 3] } };
    for (const pair of pairs) {
      const [own, plain] = await Promise.all(
        pair.map(async (fn) => {
          const program = await device.compile(
            ({ x, dy }) => ({ value: fn(x as tf.Tensor), slope: tf.grad(fn)(x as tf.Tensor, dy) }),
            { inputs, precision: 'float64' },
          );
          const { value = [], slope: gradient = [] } = await program.run(feeds);
          await program.dispose();
          return [...value, ...gradient];
        }),
      );
      expect(own).toHaveLength(12);
      own?.forEach((value, i) => expect(value).toBeCloseTo(plain?.[i] ?? Number.NaN, 12));
    }
  });
});

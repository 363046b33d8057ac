import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { criticNetwork, type Critic } from '../../../src/main/models/critic';
import { initialParameters, type Parameters } from '../../../src/main/models/network';
import { openDevice } from '../../../src/main/tensor/devices';
import { sizeOf, type Device, type Program, type TensorData } from '../../../src/main/tensor/types';
import { criticBase } from '../../../src/main/trainers/criticBase';
import { criticInputs, criticLoss, type CriticSetup } from '../../../src/main/trainers/criticLoss';
import { ownScores, priorScores, type Scores } from '../../../src/main/trainers/objectives/scores';
import { criticObjectives, type CriticObjective } from '../../../src/shared/runFile';
import { criticSpec, wideProposal } from '../../support/critics';
import { lg2 } from '../../support/linearModel';
import { linearModel } from '../../support/models';
import { random } from '../../support/random';

const model = linearModel(lg2);
const [batch, samples] = [3, 4];
let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});

function setupOf(objective: CriticObjective, kind: 'prior' | 'fixed' | 'trained', K = samples): CriticSetup {
  const spec = criticSpec({ objective, batch, samples: K, hidden: [4], trainBase: kind === 'trained' });
  const base = criticBase(kind === 'prior' ? 'prior' : wideProposal(lg2, 0.5), kind === 'trained', model);
  return { spec, model, base, critic: criticNetwork({ latent: 2, outputs: 3, hidden: [4], activation: 'tanh' }) };
}

/** The loss with its gradients, in doubles. */
async function compiled(setup: CriticSetup): Promise<Program> {
  const { critic, base } = setup;
  const shapes = { ...critic.shapes, ...base.shapes };
  const names = Object.keys(shapes);
  const loss = criticLoss(setup);
  const specs = Object.entries(shapes).map(([name, shape]) => [`parameters/${name}`, { shape }] as const);
  return device.compile(
    (tensors) => {
      const values = names.map((name) => tensors[`parameters/${name}`] as tf.Tensor);
      const of = (...parameters: tf.Tensor[]): tf.Scalar =>
        loss(Object.fromEntries(names.map((name, index) => [name, parameters[index] as tf.Tensor])), tensors).loss;
      const { value, grads } = tf.valueAndGrads(of)(values);
      return { loss: value, ...Object.fromEntries(names.map((name, index) => [name, grads[index] as tf.Tensor])) };
    },
    {
      inputs: { ...criticInputs(setup), ...Object.fromEntries(specs) },
      constants: { ...model.decoder.constants, ...base.constants },
      precision: 'float64',
    },
  );
}

function feedsOf(setup: CriticSetup): Record<string, TensorData> {
  const { normals } = random(17);
  const inputs = Object.entries(criticInputs(setup)).map(
    ([name, { shape }]) => [name, Float64Array.from(normals(sizeOf(shape)))] as const,
  );
  // A moving average that this minibatch does not move: the loss then is the function whose gradient it has.
  return { ...Object.fromEntries(inputs), logKept: Float64Array.of(0.4), logWeight: Float64Array.of(-1e30) };
}

const cases = criticObjectives.flatMap((objective) =>
  (objective === 'infonce' ? (['prior'] as const) : (['prior', 'fixed', 'trained'] as const)).map(
    (base) => [objective, base] as const,
  ),
);

describe.each(cases)('the loss of "%s" with its base %s', (objective, kind) => {
  it('has the gradient that its finite differences have', async () => {
    const setup = setupOf(objective, kind);
    const shapes = { ...setup.critic.shapes, ...setup.base.shapes };
    const program = await compiled(setup);
    const feeds = feedsOf(setup);
    const start: Parameters = { ...initialParameters(setup.critic.shapes, 31), ...setup.base.initial };
    const at = async (parameters: Readonly<Record<string, TensorData>>) => {
      const named = Object.fromEntries(Object.entries(parameters).map(([name, data]) => [`parameters/${name}`, data]));
      return (await program.run({ ...feeds, ...named })) as Record<string, Float64Array>;
    };
    const gradients = await at(start);
    const step = 1e-5;
    for (const [name, shape] of Object.entries(shapes)) {
      // One direction for each parameter.
      const direction = random(name.length).normals(sizeOf(shape));
      const moved = (by: number) => ({
        ...start,
        [name]: Float64Array.from(start[name] ?? [], (value, index) => value + by * (direction[index] ?? 0)),
      });
      const [up, down] = [(await at(moved(step)))['loss']?.[0] ?? NaN, (await at(moved(-step)))['loss']?.[0] ?? NaN];
      const slope = direction.reduce((sum, value, index) => sum + value * (gradients[name]?.[index] ?? NaN), 0);
      // The last bias moves nothing but MINE.
      expect(slope).toBeCloseTo((up - down) / (2 * step), 6);
      const still = name === '1.bias' && ['infonce', 'giwae', 'mine-ais'].includes(objective);
      if (still) expect(slope).toBeCloseTo(0, 10);
      else expect(Math.abs(slope)).toBeGreaterThan(1e-5);
    }
    await program.dispose();
  });
});

type Scoring = (t: Record<string, tf.Tensor>) => Scores;

describe('the critic’s values of a minibatch', () => {
  const critic: Critic = criticNetwork({ latent: 2, outputs: 3, hidden: [4], activation: 'tanh' });
  const parameters = initialParameters(critic.shapes, 6);
  const { normals } = random(4);
  const x = normals(batch * 3);
  const z = normals(batch * 2);
  const others = normals(8 * 2);

  /** T of every x with every given z, `[B, N]`. */
  async function pairs(rows: readonly number[]): Promise<number[][]> {
    const out = await run((t) => ({ T: critic.pairs(t, t['x'] as tf.Tensor2D, t['others'] as tf.Tensor2D) }), rows);
    return listed(out['T'], rows.length / 2);
  }

  async function run(fn: (t: Record<string, tf.Tensor>) => Record<string, tf.Tensor>, rows: readonly number[]) {
    const specs = Object.entries(critic.shapes).map(([name, shape]) => [name, { shape }] as const);
    const inputs = { x: { shape: [batch, 3] }, z: { shape: [batch, 2] }, others: { shape: [rows.length / 2, 2] } };
    const program = await device.compile(fn, { inputs: { ...inputs, ...Object.fromEntries(specs) } });
    const feeds = { x: Float32Array.from(x), z: Float32Array.from(z), others: Float32Array.from(rows) };
    const out = await program.run({ ...feeds, ...parameters });
    await program.dispose();
    return out as Record<string, Float32Array>;
  }

  const listed = (values: Float32Array | undefined, width: number): number[][] =>
    Array.from({ length: batch }, (_, i) => Array.from(values?.subarray(i * width, (i + 1) * width) ?? []));

  /** Checks rows of T, whose positives must be where `hot` says, against the true ones in any order. */
  async function check(
    fn: Scoring,
    rows: readonly number[],
    expected: (i: number) => { positive: number; negatives: readonly number[] },
    K: number,
  ): Promise<void> {
    const out = await run((t) => ({ ...fn(t) }), rows);
    const [all, hot] = [listed(out['all'], K), listed(out['hot'], K)];
    all.forEach((row, i) => {
      const { positive, negatives } = expected(i);
      expect(out['positive']?.[i]).toBeCloseTo(positive, 5);
      const place = hot[i]?.indexOf(1) ?? -1;
      expect(hot[i]).toEqual(row.map((_, k) => Number(k === place)));
      expect(row[place]).toBeCloseTo(positive, 5);
      const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
      const left = sorted(row.filter((_, k) => k !== place));
      sorted(negatives).forEach((value, k) => expect(left[k]).toBeCloseTo(value, 5));
      expect(left).toHaveLength(negatives.length);
    });
  }
  const minibatch = (t: Record<string, tf.Tensor>) => ({ x: t['x'] as tf.Tensor2D, z: t['z'] as tf.Tensor2D });

  it.each([2, 3, 5])('take other rows’ z as negatives from the prior, and fresh ones beyond, at K = %i', async (K) => {
    const T = await pairs([...z, ...others]);
    const fresh = others.slice(0, 2 * Math.max(0, K - batch));
    await check(
      (t) => priorScores(critic, t, minibatch(t), K, fresh.length > 0 ? (t['others'] as tf.Tensor2D) : undefined),
      fresh.length > 0 ? fresh : others,
      (i) => {
        const columns = Array.from({ length: K - 1 }, (_, k) => (k < batch - 1 ? (i + k + 1) % batch : k + 1));
        return { positive: T[i]?.[i] ?? NaN, negatives: columns.map((column) => T[i]?.[column] ?? NaN) };
      },
      K,
    );
  });

  it('take negatives of their own for each x, chain-major', async () => {
    const rows = others.slice(0, 2 * 2 * batch);
    const T = await pairs([...z, ...rows]);
    await check(
      (t) => ownScores(critic, t, minibatch(t), t['others'] as tf.Tensor2D),
      rows,
      (i) => ({ positive: T[i]?.[i] ?? NaN, negatives: [T[i]?.[batch + i] ?? NaN, T[i]?.[2 * batch + i] ?? NaN] }),
      3,
    );
  });
});

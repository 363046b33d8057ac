import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { giwae } from '../../../src/main/trainers/objectives/giwae';
import { contrastive } from '../../../src/main/trainers/objectives/infonce';
import { energyDifference, movedRows } from '../../../src/main/trainers/objectives/mineAis';
import { logMeanOfNegatives, mineDv } from '../../../src/main/trainers/objectives/mineDv';
import { mineF } from '../../../src/main/trainers/objectives/mineF';
import type { Scores } from '../../../src/main/trainers/objectives/scores';
import { openDevice } from '../../../src/main/tensor/devices';
import type { Device } from '../../../src/main/tensor/types';
import { bestDiagonal, critic, energyPath, posteriorPath, standardNormal } from '../../support/gaussianPaths';
import { draw, lg2, logLikelihood, logPrior, simulatePair } from '../../support/linearModel';
import { discrepancy, estimate, mean } from '../../support/moments';
import { random, type Random } from '../../support/random';

const [batch, samples] = [4, 5];
const place = (row: number): number => (row * 2) % samples;
let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});

type Matrix = readonly (readonly number[])[];
const at = (rows: Matrix, i: number, j: number): number => rows[i]?.[j] ?? Number.NaN;
const lme = (values: readonly number[]): number => {
  const top = Math.max(...values);
  return top + Math.log(mean(values.map((value) => Math.exp(value - top))));
};

/** T of a minibatch in doubles, each positive in a column of its own. */
function table(seed: number, scale = 2): number[][] {
  const { normals } = random(seed);
  return Array.from({ length: batch }, () => normals(samples).map((value) => scale * value));
}
const positives = (all: Matrix): number[] => all.map((row, i) => row[place(i)] ?? Number.NaN);
const negatives = (all: Matrix): number[] => all.flatMap((row, i) => row.filter((_, k) => k !== place(i)));
const { normals: baNormals } = random(99);
const ba = baNormals(batch);

function scoresOf(all: tf.Tensor): Scores {
  const hot = tf.tensor2d(
    Array.from({ length: batch }, (_, i) => Array.from({ length: samples }, (_, k) => Number(k === place(i)))),
  );
  return { all: all as tf.Tensor2D, hot, positive: tf.sum(tf.mul(all, hot), 1) };
}

/** Values and, of the one named `loss`, the gradient in T; in doubles. */
async function computed(
  fn: (scores: Scores, ba: tf.Tensor1D) => Record<string, tf.Tensor>,
  all: Matrix,
): Promise<Record<string, number[]>> {
  const program = await device.compile(
    (t) => {
      const values = fn(scoresOf(t['all'] as tf.Tensor), t['ba'] as tf.Tensor1D);
      const loss = (input: tf.Tensor): tf.Scalar => fn(scoresOf(input), t['ba'] as tf.Tensor1D)['loss'] as tf.Scalar;
      return { ...values, ...('loss' in values ? { gradient: tf.grad(loss)(t['all'] as tf.Tensor) } : {}) };
    },
    { inputs: { all: { shape: [batch, samples] }, ba: { shape: [batch] } }, precision: 'float64' },
  );
  const out = await program.run({ all: Float64Array.from(all.flat()), ba: Float64Array.from(ba) });
  await program.dispose();
  return Object.fromEntries(Object.entries(out).map(([name, values]) => [name, Array.from(values as Float64Array)]));
}

// Numbers in a traced function, such as log K, are rounded to float32.
function expectClose(actual: readonly number[] | undefined, expected: readonly number[], digits = 6): void {
  expect(actual).toHaveLength(expected.length);
  actual?.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? Number.NaN, digits));
}

/** The gradient of a function of the table, by central differences. */
function differences(fn: (all: Matrix) => number, all: Matrix): number[] {
  const step = 1e-5;
  return all.flatMap((row, i) =>
    row.map((_, k) => {
      const moved = (by: number): Matrix =>
        all.map((values, j) => values.map((value, l) => (i === j && k === l ? value + by : value)));
      return (fn(moved(step)) - fn(moved(-step))) / (2 * step);
    }),
  );
}

describe('InfoNCE and GIWAE', () => {
  const plain = (all: Matrix): number[] => all.map((row, i) => at(all, i, place(i)) - lme(row));

  it('are the positive less the log of the mean', async () => {
    const all = table(1);
    const out = await computed(
      (scores, base) => ({
        infonce: contrastive(scores),
        giwae: giwae(scores, base),
        loss: tf.mean(contrastive(scores)),
      }),
      all,
    );
    expectClose(out['infonce'], plain(all));
    expectClose(
      out['giwae'],
      plain(all).map((value, i) => value + (ba[i] ?? 0)),
    );
    expectClose(
      out['gradient'],
      differences((rows) => mean(plain(rows)), all),
      8,
    );
  });

  it.each([1, 30, 1e4])('never exceed log K, sample by sample, at T of size %d', async (scale) => {
    for (let seed = 0; seed < 3; seed += 1) {
      const { infonce = [] } = await computed((scores) => ({ infonce: contrastive(scores) }), table(seed, scale));
      for (const value of infonce) expect(value).toBeLessThanOrEqual(Math.log(samples) + 1e-12);
    }
  });

  it('do not change with a function of x added to T', async () => {
    const all = table(2);
    const shifted = all.map((row, i) => row.map((value) => value + 7 * i - 3));
    const value = (rows: Matrix) => computed((scores, base) => ({ giwae: giwae(scores, base) }), rows);
    expectClose((await value(shifted))['giwae'], (await value(all))['giwae'] ?? []);
  });

  it('are the bound of the base where T is constant in z', async () => {
    const all = table(0).map((row, i) => row.map(() => 5 * i));
    const out = await computed((scores, base) => ({ giwae: giwae(scores, base) }), all);
    expect(out['giwae']).toEqual(ba);
  });

  it('are the lower bound of IWAE where T = log w, sample by sample', async () => {
    const source = random(5);
    const base = bestDiagonal(lg2, 'reverse');
    const { logBase, logRatio } = posteriorPath(lg2, base);
    const data = Array.from({ length: batch }, (_, i) => {
      const { x, z } = simulatePair(lg2, source);
      const q = base.mean(x);
      const proposals = Array.from({ length: samples }, () =>
        source.normals(2).map((value, axis) => (q[axis] ?? 0) + Math.sqrt(base.variance[axis] ?? 0) * value),
      );
      proposals[place(i)] = z;
      return { x, z, proposals };
    });
    const weights = data.map(({ x, proposals }) => proposals.map((z) => logRatio(x, z)));
    const iwae = data.map(({ x, z }, i) => logLikelihood(lg2, x, z) - lme(weights[i] ?? []));
    const out = await computed((scores) => ({ contrastive: contrastive(scores) }), weights);
    const terms = data.map(({ x, z }) => logBase(x, z) - logPrior(z));
    expectClose(
      out['contrastive']?.map((value, i) => value + (terms[i] ?? 0)),
      iwae,
    );
  });
});

describe('MINE-DV', () => {
  const plain = (all: Matrix): number =>
    mean(positives(all).map((value, i) => value + (ba[i] ?? 0))) - lme(negatives(all));
  const dv = (logKept: number, logWeight: number) => (scores: Scores, base: tf.Tensor1D) => ({
    ...mineDv(scores, base, { logKept: tf.scalar(logKept), logWeight: tf.scalar(logWeight) }),
  });

  it('estimates by the mean over the negatives of all x', async () => {
    const all = table(3);
    const { estimate: value, logAverage } = await computed(dv(-1e30, 0), all);
    expectClose(value, [plain(all)]);
    // The first minibatch is the whole average.
    expectClose(logAverage, [lme(negatives(all))]);
  });

  it('has the gradient of its bound where the average is the minibatch’s own', async () => {
    const all = table(3);
    const { gradient } = await computed(dv(-1e30, 0), all);
    expectClose(
      gradient,
      differences((rows) => -plain(rows), all),
      8,
    );
  });

  it('divides by the moving average, and moves it on', async () => {
    const all = table(4);
    const [before, weight] = [0.7, 0.01];
    const { gradient, logAverage } = await computed(dv(Math.log(1 - weight) + before, Math.log(weight)), all);
    const average = (1 - weight) * Math.exp(before) + weight * Math.exp(lme(negatives(all)));
    expectClose(logAverage, [Math.log(average)]);
    const count = batch * (samples - 1);
    const expected = all.flatMap((row, i) =>
      row.map((value, k) => (k === place(i) ? -1 / batch : Math.exp(value) / count / average)),
    );
    expectClose(gradient, expected);
  });

  it('does not change with a constant added to T, neither in its value nor, with the average, in its gradient', async () => {
    const all = table(4);
    const shifted = all.map((row) => row.map((value) => value + 40));
    const [a, b] = [await computed(dv(0.25, -2), all), await computed(dv(40.25, -2), shifted)];
    expectClose(b['estimate'], a['estimate'] ?? []);
    expectClose(b['gradient'], a['gradient'] ?? []);
    // A function of x does change it.
    const tilted = all.map((row, i) => row.map((value) => value + i));
    expect(Math.abs((await computed(dv(0.25, -2), tilted))['estimate']?.[0] ?? 0)).not.toBeCloseTo(
      Math.abs(a['estimate']?.[0] ?? 0),
      3,
    );
  });
});

describe('MINE-F', () => {
  const plain = (all: Matrix): number =>
    mean(positives(all).map((value, i) => value + (ba[i] ?? 0))) -
    mean(negatives(all).map((value) => Math.exp(value - 1)));
  const bound = (scores: Scores, base: tf.Tensor1D) => {
    const loss = mineF(scores, base);
    return { bound: loss, loss };
  };

  it('takes off the mean of e^(T − 1)', async () => {
    const all = table(6);
    const { bound: value, gradient } = await computed(bound, all);
    expectClose(value, [plain(all)]);
    expectClose(gradient, differences(plain, all));
  });

  it('is the bound of the base at T = 1 and at no other constant', async () => {
    const constant = (value: number): Matrix => table(0).map((row) => row.map(() => value));
    expectClose((await computed(bound, constant(1)))['bound'], [mean(ba)]);
    expect((await computed(bound, constant(0)))['bound']?.[0]).toBeLessThan(mean(ba) - 0.3);
    expect((await computed(bound, constant(2)))['bound']?.[0]).toBeLessThan(mean(ba) - 0.7);
  });

  it('is MINE-DV’s value after the best shift, 1 − log E[e^T]', async () => {
    const all = table(6);
    const shift = 1 - lme(negatives(all));
    const { bound: value } = await computed(
      bound,
      all.map((row) => row.map((entry) => entry + shift)),
    );
    const dv = mean(positives(all)) + mean(ba) - lme(negatives(all));
    expectClose(value, [dv]);
  });

  it('stays finite where e^T does not, and still points down there', async () => {
    const all = table(6).map((row) => row.map((value) => value + 1e4));
    const { bound: value, gradient } = await computed(bound, all);
    expect(Number.isFinite(value?.[0])).toBe(true);
    expect(value?.[0]).toBeLessThan(-1e17);
    const largest = negatives(all).indexOf(Math.max(...negatives(all)));
    const slopes = negatives(
      Array.from({ length: batch }, (_, i) => gradient?.slice(i * samples, (i + 1) * samples) ?? []),
    );
    expect(slopes.every((slope) => slope < 0 && Number.isFinite(slope))).toBe(true);
    expect(slopes.indexOf(Math.min(...slopes))).toBe(largest);
  });
});

it('leaves positives out of the mean over negatives, however large', async () => {
  const all = table(7).map((row, i) => row.map((value, k) => (k === place(i) ? 500 : value)));
  const { mean: value } = await computed((scores) => ({ mean: logMeanOfNegatives(scores) }), all);
  expectClose(value, [lme(negatives(all))]);
});

describe('MINE-AIS', () => {
  const data = 4000;
  const unit = critic(lg2, 1);

  /** d/da of −(energy difference) for T_a, whatever a: negatives come from `negative`, and there is one value for each datum. */
  function ascent(negative: (x: readonly number[], source: Random) => number[]): number[] {
    const source = random(21);
    return Array.from({ length: data }, () => {
      const { x, z } = simulatePair(lg2, source);
      return unit(x, z) - unit(x, negative(x, source));
    });
  }
  const exact = (a: number) => {
    const path = energyPath(lg2, a, standardNormal(2));
    return (x: readonly number[], source: Random) => draw(path.at(x, 1), source);
  };

  it('has the gradient of IBAL, with exact samples of π: 0 at the best critic, 2.185298 at a = 0.3', () => {
    // Four standard errors: one false alarm in 16,000 for each.
    expect(discrepancy(estimate(ascent(exact(1))), 0)).toBeLessThan(4);
    expect(discrepancy(estimate(ascent(exact(0.3))), 2.185298)).toBeLessThan(4);
    // What the check must catch: negatives of another critic, and of the base.
    expect(discrepancy(estimate(ascent(exact(1))), 2.185298)).toBeGreaterThan(8);
    expect(discrepancy(estimate(ascent((_x, { normals }) => normals(2))), 0)).toBeGreaterThan(8);
  });

  it('computes the difference of energies and its gradient, and nothing of chains that have not moved', async () => {
    const [truth, ends, moved] = [
      [1, -2, 0.5],
      [0.25, 4, 100],
      [1, 1, 0],
    ];
    const program = await device.compile(
      (t) => {
        const [a, b] = [t['truth'] as tf.Tensor1D, t['ends'] as tf.Tensor1D];
        const loss = (x: tf.Tensor, y: tf.Tensor) =>
          energyDifference(x as tf.Tensor1D, y as tf.Tensor1D, t['moved'] as tf.Tensor1D);
        const [first, second] = tf.grads(loss)([a, b]) as [tf.Tensor, tf.Tensor];
        const rows = movedRows(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([1, 2, 3, 4.5], [2, 2]));
        return { value: loss(a, b), first, second, rows };
      },
      { inputs: { truth: { shape: [3] }, ends: { shape: [3] }, moved: { shape: [3] } }, precision: 'float64' },
    );
    const out = await program.run({
      truth: Float64Array.from(truth),
      ends: Float64Array.from(ends),
      moved: Float64Array.from(moved),
    });
    await program.dispose();
    expectClose(Array.from(out['value'] ?? []), [(-0.75 + 6) / 3]);
    expectClose(Array.from(out['first'] ?? []), [-1 / 3, -1 / 3, 0]);
    expectClose(Array.from(out['second'] ?? []), [1 / 3, 1 / 3, 0]);
    expect(Array.from(out['rows'] ?? [])).toEqual([0, 1]);
  });
});

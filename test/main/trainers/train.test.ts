import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialParameters, network } from '../../../src/main/models/network';
import { openDevice } from '../../../src/main/tensor/devices';
import { reference } from '../../../src/main/tensor/devices/reference';
import { fillNormals } from '../../../src/main/tensor/random/streams';
import { finish } from '../../support/finish';
import { mean } from '../../support/moments';
import type { Device } from '../../../src/main/tensor/types';
import { train, type TrainingProblem } from '../../../src/main/trainers';
import type { TrainingSnapshot } from '../../../src/main/trainers/train';

let cpu: Device;
beforeAll(async () => {
  cpu = await openDevice('cpu');
});

const rows = 16;
const net = network({ inputs: 3, hidden: [8], outputs: 1, activation: 'tanh' });

/** Regression of the product of two coordinates on all three. */
function regression(change: Partial<TrainingProblem> = {}): TrainingProblem {
  return {
    device: cpu,
    shapes: net.shapes,
    initial: initialParameters(net.shapes, 4),
    inputs: { x: { shape: [rows, 3] } },
    loss: (parameters, tensors) => {
      const x = tensors['x'] as tf.Tensor2D;
      const [a, b] = tf.split(x, [1, 1, 1], 1) as [tf.Tensor, tf.Tensor];
      const loss: tf.Scalar = tf.mean(tf.square(tf.sub(net.apply(parameters, x), tf.mul(a, b))));
      return { loss, report: { 'squared error': loss, twice: tf.mul(2, loss) } };
    },
    feed: (step, { x }) => {
      const place = { firstChain: 0, chains: 1, firstDatum: 0, data: rows, width: 3 };
      fillNormals(x as Float32Array, { seed: 1, stream: 'trainingLatent', step, ...place });
    },
    iterations: 40,
    learningRate: 0.02,
    decay: 'cosine',
    ...change,
  };
}

/** The state after some updates, as it would be read back from a file. */
async function stopped(problem: TrainingProblem, after: number): Promise<TrainingSnapshot> {
  const training = train(problem);
  for (;;) {
    const { value, done } = await training.next();
    if (done === true) throw new Error('The training ended too early.');
    if (value.iteration < after) continue;
    const snapshot = structuredClone(value.capture());
    // Steps after the capture must not reach into what was captured.
    await training.next();
    await training.return(undefined as never);
    return snapshot;
  }
}

describe('train', () => {
  it('reduces the loss, with one yield for each update', async () => {
    const { trained, steps } = await finish(train(regression({ iterations: 600 })));
    expect(steps.map((step) => step.iteration)).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    const errors = trained.curve.values['squared error'] ?? [];
    expect(mean(errors.slice(-20))).toBeLessThan(0.5 * mean(errors.slice(0, 20)));
  });

  it('takes the steps of plain Adam on the gradient of the loss', async () => {
    // loss = ½ Σ (w − 3)², whose gradient is w − 3.
    const { trained } = await finish(
      train(
        regression({
          shapes: { w: [2] },
          initial: { w: Float32Array.of(1, -2) },
          inputs: {},
          loss: ({ w }) => ({ loss: tf.mul(0.5, tf.sum(tf.square(tf.sub(w as tf.Tensor, 3)))) }),
          feed: () => undefined,
          iterations: 3,
          learningRate: 0.1,
          decay: 'constant',
        }),
      ),
    );
    const expected = [1, -2].map((start) => {
      let [w, m, v] = [start, 0, 0];
      for (let t = 1; t <= 3; t += 1) {
        m = 0.9 * m + 0.1 * (w - 3);
        v = 0.999 * v + 0.001 * (w - 3) ** 2;
        w -= (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
      }
      return w;
    });
    expected.forEach((w, index) => expect(trained.parameters['w']?.[index]).toBeCloseTo(w, 5));
    expect(trained.curve.values['loss']).toHaveLength(3);
  });

  it.each([1, 17, 39, 40])('ends with the same bits when taken up again after %i updates', async (after) => {
    const whole = await finish(train(regression()));
    const rest = await finish(train(regression(), await stopped(regression(), after)));
    expect(rest.steps).toHaveLength(40 - after);
    expect(rest.trained).toEqual(whole.trained);
    expect(rest.steps.map((step) => step.report)).toEqual(whole.steps.slice(after).map((step) => step.report));
  });

  it('keeps its curve short and equal to the means of its windows, across a resume too', async () => {
    const problem = regression({ iterations: 1203, learningRate: 1e-3 });
    const { trained, steps } = await finish(train(problem));
    // 1203 updates make windows of 3.
    const { iterations, values } = trained.curve;
    expect(iterations).toEqual(Array.from({ length: 401 }, (_, index) => 3 * (index + 1)));
    const report = steps.slice(3, 6).map((step) => step.report['squared error'] ?? Number.NaN);
    expect(values['squared error']?.[1]).toBeCloseTo(report.reduce((sum, value) => sum + value, 0) / 3, 12);
    expect(values['twice']).toHaveLength(401);
    const points = steps.flatMap((step) => step.point ?? []);
    expect(points.map((point) => point.iteration)).toEqual(iterations);
    expect(points.map((point) => point.values['twice'])).toEqual(values['twice']);
    const rest = await finish(train(problem, await stopped(problem, 601)));
    expect(rest.trained.curve).toEqual(trained.curve);
  });

  it('goes on from another problem with the same optimiser and the same curve', async () => {
    const whole = await finish(train(regression({ decay: 'constant', iterations: 1201 })));
    const half = await finish(train(regression({ decay: 'constant', iterations: 1000, end: 1201 })));
    const second = regression({ decay: 'constant', begin: 1000, iterations: 1201 });
    const rest = await finish(train(second, half.trained.snapshot));
    expect(rest.steps).toHaveLength(201);
    expect(rest.trained).toEqual(whole.trained);
  });

  it('leaves gaps in the curve where a quantity is not reported', async () => {
    const half = await finish(train(regression({ iterations: 2, end: 4 })));
    const second = regression({
      begin: 2,
      iterations: 4,
      loss: (parameters, { x }) => ({ loss: tf.mean(net.apply(parameters, x as tf.Tensor2D)) }),
    });
    const { curve } = (await finish(train(second, half.trained.snapshot))).trained;
    expect(curve.iterations).toEqual([1, 2, 3, 4]);
    expect(
      Object.fromEntries(Object.entries(curve.values).map(([name, list]) => [name, list.map(Number.isFinite)])),
    ).toEqual({
      'squared error': [true, true, false, false],
      twice: [true, true, false, false],
      loss: [false, false, true, true],
    });
  });

  it('makes no update where none is asked for', async () => {
    const problem = regression({ iterations: 0 });
    const { trained, steps } = await finish(train(problem));
    expect(steps).toEqual([]);
    expect(trained.parameters).toEqual(problem.initial);
    expect(trained.curve.iterations).toEqual([]);
  });

  it('agrees with the reference device', async () => {
    const compiled = await finish(train(regression({ iterations: 5 })));
    const eager = await finish(train(regression({ iterations: 5, device: reference })));
    for (const [name, values] of Object.entries(compiled.trained.parameters)) {
      values.forEach((value, index) => expect(value).toBeCloseTo(eager.trained.parameters[name]?.[index] ?? NaN, 4));
    }
    expect(compiled.steps[0]?.report['twice']).toBeCloseTo(eager.steps[0]?.report['twice'] ?? NaN, 4);
  });

  it('ends with a sentence when the loss explodes', async () => {
    const exploding = regression({
      name: 'The critic "T"',
      learningRate: 1,
      decay: 'constant',
      iterations: 500,
      loss: (parameters, { x }) => {
        const loss: tf.Scalar = tf.neg(tf.exp(tf.sum(tf.square(net.apply(parameters, x as tf.Tensor2D)))));
        return { loss };
      },
    });
    await expect(finish(train(exploding))).rejects.toThrow(
      /^The critic "T" diverged in training: at update \d+ its loss is -Infinity\. Use a "learningRate" below 1 or a "decay" to zero\.$/,
    );
  });

  it('ends with a sentence when squares of gradients overflow, which stops Adam without a trace in the loss', async () => {
    const stuck = regression({
      iterations: 10,
      loss: (parameters, { x }) => ({ loss: tf.mul(1e25, tf.mean(net.apply(parameters, x as tf.Tensor2D))) }),
    });
    await expect(finish(train(stuck))).rejects.toThrow(/at update \d the average gradient of ".*" is not finite/);
  });

  it('ends with a sentence when a parameter explodes that the loss does not show', async () => {
    const hidden = regression({
      shapes: { w: [1] },
      initial: { w: Float32Array.of(0) },
      inputs: {},
      // The slope of √w² at 0 is 0 / 0.
      loss: ({ w }) => ({ loss: tf.sum(tf.sqrt(tf.square(w as tf.Tensor))) }),
      feed: () => undefined,
      iterations: 1,
    });
    await expect(finish(train(hidden))).rejects.toThrow(/at update 1 "w" is not finite/);
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildModel, type GenerativeModel } from '../../../src/main/models';
import { gaussianNetwork } from '../../../src/main/models/conditionalGaussian';
import { initialParameters } from '../../../src/main/models/network';
import { openDevice } from '../../../src/main/tensor/devices';
import type { TensorSpec } from '../../../src/main/tensor/types';
import { fillPairs, pairInputs } from '../../../src/main/trainers';
import { drawnSamples, proposalLoss, refinementLoss } from '../../../src/main/trainers/proposalLoss';
import type { LossFunction } from '../../../src/main/trainers/step';
import { proposalObjectives } from '../../../src/shared/runFile';
import { lg2 } from '../../support/linearModel';
import { checkpointOf, linearModel, linearTensors } from '../../support/models';
import { random } from '../../support/random';

const batch = 5;
const gaussian = gaussianNetwork({ latent: 2, outputs: 3, hidden: [4], activation: 'tanh' });
const names = Object.keys(gaussian.shapes);
const models: Record<string, GenerativeModel> = {
  gaussian: linearModel(lg2),
  bernoulli: buildModel(
    { checkpoint: 'model.pth', decoder: [{ linear: 'fc' }, 'tanh'], likelihood: { type: 'bernoulli' } },
    checkpointOf(linearTensors(lg2)),
  ),
};

/** Loss, gradient as training takes it, and the loss at other parameters, all in doubles. */
async function compiled(model: GenerativeModel, loss: LossFunction, more: Record<string, TensorSpec>) {
  const shapes = Object.fromEntries(names.map((name) => [`q/${name}`, { shape: gaussian.shapes[name] ?? [] }]));
  const named = (values: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
    Object.fromEntries(names.map((name, index) => [name, values[index] as tf.Tensor]));
  return (await openDevice('cpu')).compile(
    (tensors) => {
      const values = names.map((name) => tensors[`q/${name}`] as tf.Tensor);
      const { value, grads } = tf.valueAndGrads((...p: tf.Tensor[]) => loss(named(p), tensors).loss)(values);
      return { loss: value, ...Object.fromEntries(names.map((name, index) => [name, grads[index] as tf.Tensor])) };
    },
    {
      inputs: { ...pairInputs(model, batch), ...shapes, ...more },
      constants: model.decoder.constants,
      precision: 'float64',
    },
  );
}

async function expectGradient(model: GenerativeModel, loss: LossFunction, more: Record<string, TensorSpec>) {
  const program = await compiled(model, loss, more);
  const { normals } = random(8);
  const noise = { latent: new Float32Array(batch * 2), noise: new Float32Array(batch * 3) };
  fillPairs(model, noise, 3, 0);
  const extra = Object.entries(more).map(([name, { shape }]) => [
    name,
    Float64Array.from(normals(shape.reduce((product, extent) => product * extent, 1))),
  ]);
  const start = initialParameters(gaussian.shapes, 2);
  const parameters = Object.fromEntries(names.map((name) => [`q/${name}`, Float64Array.from(start[name] ?? [])]));
  const feeds = { ...noise, ...(Object.fromEntries(extra) as Record<string, Float64Array>), ...parameters };
  const run = async (): Promise<Record<string, Float64Array>> =>
    (await program.run(feeds)) as Record<string, Float64Array>;
  const at = await run();
  const step = 1e-5;
  for (const name of names) {
    const values = parameters[`q/${name}`] as Float64Array;
    // A few entries of each: the whole would be slow.
    for (let entry = 0; entry < values.length; entry += Math.ceil(values.length / 4)) {
      const value = values[entry] as number;
      values[entry] = value + step;
      const above = (await run())['loss']?.[0] ?? Number.NaN;
      values[entry] = value - step;
      const below = (await run())['loss']?.[0] ?? Number.NaN;
      values[entry] = value;
      const slope = (above - below) / (2 * step);
      const gradient = at[name]?.[entry] ?? Number.NaN;
      expect(Math.abs(gradient - slope), `${name}[${entry}]`).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    }
  }
  await program.dispose();
}

describe.each(Object.keys(models))('gradients with a %s likelihood', (type) => {
  const model = models[type] as GenerativeModel;

  it.each(proposalObjectives)('agree with finite differences: %s', async (objective) => {
    const rows = drawnSamples(objective, 4) * batch;
    const more: Record<string, TensorSpec> = rows > 0 ? { samples: { shape: [rows, 2] } } : {};
    await expectGradient(model, proposalLoss(objective, model, gaussian), more);
  });

  it('agree with finite differences: refine', async () => {
    await expectGradient(model, refinementLoss(model, gaussian), {
      x: { shape: [batch, 3] },
      samples: { shape: [batch, 2] },
    });
  });
});

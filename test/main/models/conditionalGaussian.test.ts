import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  divergenceFromPrior,
  gaussianNetwork,
  leastLogStd,
  logDensityOf,
  sampleOf,
  type Moments,
} from '../../../src/main/models/conditionalGaussian';
import { initialParameters } from '../../../src/main/models/network';
import { openDevice } from '../../../src/main/tensor/devices';
import { reference } from '../../../src/main/tensor/devices/reference';
import type { Device } from '../../../src/main/tensor/types';
import { random } from '../../support/random';

const [data, samples, latent] = [3, 4, 2];
const { normals } = random(3);
const [mean, logStd, z] = [normals(data * latent), normals(data * latent), normals(samples * data * latent)];

async function computed(device: Device): Promise<Record<string, Float32Array>> {
  const program = await device.compile(
    (t) => {
      const moments: Moments = { mean: t['mean'] as tf.Tensor2D, logStd: t['logStd'] as tf.Tensor2D };
      const rows = t['z'] as tf.Tensor2D;
      return {
        logDensity: logDensityOf(moments, rows),
        one: logDensityOf(moments, tf.slice(rows, [0, 0], [data, latent])),
        sample: sampleOf(moments, rows),
        divergence: divergenceFromPrior(moments),
      };
    },
    {
      inputs: {
        mean: { shape: [data, latent] },
        logStd: { shape: [data, latent] },
        z: { shape: [samples * data, latent] },
      },
    },
  );
  const feeds = { mean: Float32Array.from(mean), logStd: Float32Array.from(logStd), z: Float32Array.from(z) };
  const outputs = (await program.run(feeds)) as Record<string, Float32Array>;
  await program.dispose();
  return outputs;
}

const at = (values: readonly number[], index: number): number => values[index] ?? Number.NaN;

it.each(['cpu', 'reference'])(
  'has the density, the samples and the divergence of its formulas, chain-major (%s)',
  async (name) => {
    const outputs = await computed(name === 'cpu' ? await openDevice('cpu') : reference);
    for (let row = 0; row < samples * data; row += 1) {
      let density = 0;
      for (let axis = 0; axis < latent; axis += 1) {
        const place = (row % data) * latent + axis;
        const value = at(z, row * latent + axis);
        const scaled = (value - at(mean, place)) / Math.exp(at(logStd, place));
        density += -0.5 * scaled ** 2 - at(logStd, place) - 0.5 * Math.log(2 * Math.PI);
        expect(outputs['sample']?.[row * latent + axis]).toBeCloseTo(
          at(mean, place) + Math.exp(at(logStd, place)) * value,
          5,
        );
      }
      expect(outputs['logDensity']?.[row]).toBeCloseTo(density, 4);
      if (row < data) expect(outputs['one']?.[row]).toBeCloseTo(density, 4);
    }
    for (let datum = 0; datum < data; datum += 1) {
      let divergence = 0;
      for (let axis = 0; axis < latent; axis += 1) {
        const [m, s] = [at(mean, datum * latent + axis), at(logStd, datum * latent + axis)];
        divergence += 0.5 * (m ** 2 + Math.exp(2 * s) - 1) - s;
      }
      expect(outputs['divergence']?.[datum]).toBeCloseTo(divergence, 4);
    }
  },
);

it('reads mean and log standard deviation off a network, and stops the second at its least', async () => {
  const gaussian = gaussianNetwork({ latent: 2, outputs: 3, hidden: [5, 4], activation: 'tanh' });
  expect(gaussian.shapes).toEqual({
    '0.weight': [5, 3],
    '0.bias': [5],
    '1.weight': [4, 5],
    '1.bias': [4],
    '2.weight': [4, 4],
    '2.bias': [4],
  });
  const parameters = { ...initialParameters(gaussian.shapes, 9), '2.bias': Float32Array.of(1, 2, 0.5, -400) };
  const [x, hidden] = [[0.3, -1, 2], [] as number[][]];
  const layer = (input: readonly number[], index: number): number[] => {
    const bias = parameters[`${index}.bias` as keyof typeof parameters] as Float32Array;
    const weight = parameters[`${index}.weight` as keyof typeof parameters] as Float32Array;
    return Array.from(bias, (b, row) =>
      input.reduce((sum, value, column) => sum + value * (weight[row * input.length + column] ?? 0), b),
    );
  };
  hidden.push(layer(x, 0).map(Math.tanh));
  hidden.push(layer(hidden[0] as number[], 1).map(Math.tanh));
  const expected = layer(hidden[1] as number[], 2);
  const program = await (
    await openDevice('cpu')
  ).compile((t) => ({ ...gaussian.moments(t, t['x'] as tf.Tensor2D) }), {
    inputs: {
      x: { shape: [1, 3] },
      ...Object.fromEntries(Object.entries(gaussian.shapes).map(([key, shape]) => [key, { shape }])),
    },
  });
  const out = (await program.run({ x: Float32Array.from(x), ...parameters })) as Record<keyof Moments, Float32Array>;
  await program.dispose();
  [0, 1].forEach((axis) => expect(out.mean[axis]).toBeCloseTo(at(expected, axis), 5));
  expect(out.logStd[0]).toBeCloseTo(at(expected, 2), 5);
  expect(out.logStd[1]).toBe(leastLogStd);
});

import type * as tf from '@tensorflow/tfjs-core';
import type { Constant, Device } from '../tensor/types';
import type { Base, BaseAt } from './base';
import { logDensityOf, type ConditionalGaussian } from './conditionalGaussian';
import type { Parameters } from './network';

/** Data whose moments are computed at once. */
const most = 4096;

/**
 * A learned q(z | x) as a base. Its network is evaluated once for given data; chains then read mean and log standard deviation.
 * @param name the proposal's
 */
export function learnedBase(name: string, gaussian: ConditionalGaussian, parameters: Parameters, device: Device): Base {
  const { latent } = gaussian;
  return {
    name,
    isPrior: false,
    inputs: (data) => ({ baseMean: { shape: [data, latent] }, baseLogStd: { shape: [data, latent] } }),
    logDensity: (tensors) => {
      const moments = { mean: tensors['baseMean'] as tf.Tensor2D, logStd: tensors['baseLogStd'] as tf.Tensor2D };
      return (z) => logDensityOf(moments, z);
    },
    at: async (x, count) => baseAt(await momentsOf(gaussian, parameters, device, x, count), latent),
  };
}

interface MomentValues {
  /** `[count, d]` */
  readonly mean: Float32Array;
  readonly logStd: Float32Array;
}

async function momentsOf(
  gaussian: ConditionalGaussian,
  parameters: Parameters,
  device: Device,
  x: Float32Array,
  count: number,
): Promise<MomentValues> {
  const { latent, outputs, shapes } = gaussian;
  const mean = new Float32Array(count * latent);
  const logStd = new Float32Array(count * latent);
  for (let first = 0; first < count;) {
    const rows = Math.min(most, count - first);
    const program = await device.compile((t) => ({ ...gaussian.moments(t, t['x'] as tf.Tensor2D) }), {
      inputs: { x: { shape: [rows, outputs] } },
      constants: constantsOf(parameters, shapes),
    });
    // Whole pieces share one program; the last may be shorter.
    for (; first + rows <= count;) {
      const out = await program.run({ x: x.subarray(first * outputs, (first + rows) * outputs) });
      mean.set(out['mean'] as Float32Array, first * latent);
      logStd.set(out['logStd'] as Float32Array, first * latent);
      first += rows;
    }
    await program.dispose();
  }
  return { mean, logStd };
}

function baseAt({ mean, logStd }: MomentValues, latent: number): BaseAt {
  return {
    feeds: ({ firstDatum, data }) => {
      const [from, to] = [firstDatum * latent, (firstDatum + data) * latent];
      return { baseMean: mean.subarray(from, to), baseLogStd: logStd.subarray(from, to) };
    },
    fromNormals: (normals, { firstDatum, data }) => {
      const [offset, width] = [firstDatum * latent, data * latent];
      for (let index = 0; index < normals.length; index += 1) {
        const place = offset + (index % width);
        normals[index] = (mean[place] ?? 0) + Math.exp(logStd[place] ?? 0) * (normals[index] ?? 0);
      }
    },
  };
}

/** Parameters that no longer change, as constants of a program. @param prefix keeps them apart from others */
export function constantsOf(
  parameters: Parameters,
  shapes: Readonly<Record<string, readonly number[]>>,
  prefix = '',
): Record<string, Constant> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, data]) => [
      `${prefix}${name}`,
      { shape: shapes[name] ?? [data.length], data },
    ]),
  );
}

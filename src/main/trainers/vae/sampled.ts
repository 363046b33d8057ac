import type * as tf from '@tensorflow/tfjs-core';
import { fillNormals } from '../../tensor/random/streams';
import type { Device, TensorSpec } from '../../tensor/types';
import { componentSeed } from '../componentSeed';
import { elboOf, iwaeOf, lossOf } from './bounds';
import type { Vae } from './networks';
import type { Draws, VaeObjective } from './objective';

/**
 * Bounds by samples of q(z | x): the ELBO, or with several samples that of importance weighting. The bound with its gradient is one
 * program.
 * @param samples K; undefined for the ELBO
 */
export function sampledObjective(vae: Vae, device: Device, samples: number | undefined): VaeObjective {
  const { latent, pixels, shapes } = vae;
  const chains = samples ?? 1;
  const bound = samples === undefined ? elboOf(vae) : iwaeOf(vae);
  const quantity = samples === undefined ? 'ELBO' : 'IWAE';
  const draw = (normals: Float32Array, rows: number, { seed, step, firstDatum }: Draws): void =>
    fillNormals(normals, {
      ...{ seed, stream: 'trainingNoise', step, firstDatum, data: rows },
      ...{ firstChain: 0, chains, width: latent },
    });
  const inputs = (rows: number): Record<string, TensorSpec> => ({
    x: { shape: [rows, pixels] },
    normals: { shape: [chains * rows, latent] },
  });
  return {
    quantity,
    shapes,
    particles: chains,
    initial: vae.initial,
    problem: (batch, seed) => {
      const own = componentSeed(seed, 'vae/noise');
      return {
        inputs: inputs(batch),
        loss: lossOf(bound, quantity),
        fill: (feeds, step) => draw(feeds['normals'] as Float32Array, batch, { seed: own, step, firstDatum: 0 }),
      };
    },
    open: async (rows) => {
      const parameters = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
      const program = await device.compile(
        (tensors) => ({ bound: bound(tensors, tensors['x'] as tf.Tensor2D, tensors['normals'] as tf.Tensor2D) }),
        { inputs: { ...inputs(rows), ...parameters } },
      );
      const normals = new Float32Array(chains * rows * latent);
      const values = { bound: new Float32Array(rows) };
      return {
        of: async (weights, x, draws) => {
          draw(normals, rows, draws);
          await program.run({ ...weights, x, normals }, values);
          return values.bound;
        },
        dispose: () => program.dispose(),
      };
    },
  };
}

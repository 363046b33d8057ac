import type * as tf from '@tensorflow/tfjs-core';
import type { Decoder } from '../../src/main/models';
import { openDevice } from '../../src/main/tensor/devices';

/** What a decoder gives for rows of z, on the device that runs use by default. */
export async function decoded(decoder: Decoder, z: readonly number[]): Promise<number[]> {
  const device = await openDevice('cpu');
  const rows = z.length / decoder.latent;
  const program = await device.compile((t) => ({ output: decoder.apply(t, t['z'] as tf.Tensor2D) }), {
    inputs: { z: { shape: [rows, decoder.latent] } },
    constants: decoder.constants,
  });
  const { output } = await program.run({ z: Float32Array.from(z) });
  await program.dispose();
  return [...(output as Float32Array)];
}

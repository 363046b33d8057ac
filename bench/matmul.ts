import * as tf from '@tensorflow/tfjs-core';
import type { Device } from '../src/main/tensor/types';

/** Speed of plain matrix products through the same runtime: the ceiling for everything else. */
export async function matmul(device: Device, rows: number, size: number): Promise<() => Promise<number>> {
  const depth = 8;
  const weights = new Float32Array(size * size).map((_, index) => Math.sin(index) / size);
  const program = await device.compile(
    (t) => {
      let x = t['x'] as tf.Tensor2D;
      for (let layer = 0; layer < depth; layer += 1) x = tf.matMul(x, t['w'] as tf.Tensor2D, false, true);
      return { y: x };
    },
    { inputs: { x: { shape: [rows, size] } }, constants: { w: { shape: [size, size], data: weights } } },
  );
  const x = new Float32Array(rows * size).fill(0.5);
  const y = new Float32Array(rows * size);
  await program.run({ x }, { y });
  return async () => {
    const began = performance.now();
    await program.run({ x }, { y });
    return (2 * depth * rows * size * size) / ((performance.now() - began) / 1000);
  };
}

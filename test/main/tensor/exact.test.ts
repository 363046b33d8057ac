import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openDevice } from '../../../src/main/tensor/devices';
import { exact } from '../../../src/main/tensor/exact';

it('keeps the digits of a number, which tfjs rounds to float32', async () => {
  const times = async (factor: () => tf.Scalar | number): Promise<number> => {
    const program = await (
      await openDevice('cpu')
    ).compile(({ x }) => ({ y: tf.mul(x as tf.Tensor, factor()) }), {
      inputs: { x: { shape: [1] } },
      precision: 'float64',
    });
    const { y } = await program.run({ x: Float64Array.of(3) });
    await program.dispose();
    return y?.[0] ?? Number.NaN;
  };
  expect(await times(() => exact(0.1))).toBe(3 * 0.1);
  expect(await times(() => 0.1)).toBe(3 * Math.fround(0.1));
});

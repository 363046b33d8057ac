import type * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openDevice } from '../../../src/main/tensor/devices';
import { adam, adamRate } from '../../../src/main/trainers/adam';

it('takes the steps that the paper defines', async () => {
  const cpu = await openDevice('cpu');
  const program = await cpu.compile(
    (tensors) => {
      const { w, gradient, first, second, rate } = tensors as Record<
        'w' | 'gradient' | 'first' | 'second' | 'rate',
        tf.Tensor
      >;
      const { parameter, moments } = adam(w, gradient, { first, second }, rate);
      return { parameter, ...moments };
    },
    { inputs: Object.fromEntries(['w', 'gradient', 'first', 'second', 'rate'].map((name) => [name, { shape: [] }])) },
  );
  let [w, m, v] = [1, 0, 0];
  let outputs = { parameter: Float32Array.of(w), first: Float32Array.of(m), second: Float32Array.of(v) };
  for (const [index, g] of [0.3, -0.2, 5].entries()) {
    const [t, rate] = [index + 1, Float32Array.of(adamRate(0.1, index + 1))];
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    const feeds = {
      w: outputs.parameter,
      gradient: Float32Array.of(g),
      first: outputs.first,
      second: outputs.second,
      rate,
    };
    outputs = (await program.run(feeds)) as typeof outputs;
    expect(outputs.parameter[0]).toBeCloseTo(w, 5);
  }
  await program.dispose();
});

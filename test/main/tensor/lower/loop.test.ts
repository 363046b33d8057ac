import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { repeat } from '../../../../src/main/tensor/repeat';
import type { CompileOptions, Outputs, TensorFunction } from '../../../../src/main/tensor/types';
import { devices, difference } from './parity';

type Body = (state: tf.Tensor[], inputs: Record<string, tf.Tensor>) => tf.Tensor[];

const weights = Float32Array.from({ length: 12 }, (_, index) => Math.sin(index));
const x = Float32Array.of(0.1, -0.4, 0.3, 0.9, -0.2, 0.5);

const options: CompileOptions = {
  inputs: { count: { shape: [], dtype: 'int32' }, x: { shape: [2, 3] }, scale: { shape: [] }, row: { shape: [1, 3] } },
  constants: { w: { shape: [3, 4], data: weights } },
};

/** Log density with a hidden layer, so that its gradient has products with weights of the outer graph in both directions. */
function logDensity(z: tf.Tensor, w: tf.Tensor): tf.Tensor {
  return tf.sub(tf.sum(tf.softplus(tf.matMul(z as tf.Tensor2D, w as tf.Tensor2D)), 1), tf.sum(tf.square(z), 1));
}

const bodies: Record<string, Body> = {
  'plain arithmetic': ([z], { scale }) => [tf.add(tf.mul(z as tf.Tensor, scale as tf.Tensor), 0.1)],
  'a state that does not change': ([z]) => [z as tf.Tensor],
  'an outer tensor, unexpanded, expanded in the body': ([z], { row }) => [
    tf.add(tf.reverse(tf.broadcastTo(row as tf.Tensor, [2, 3]), 1), z as tf.Tensor),
  ],
  'uniform tensors': ([z]) => [tf.concat([tf.slice(z as tf.Tensor, [0, 1], [2, 2]), tf.ones([2, 1])], 1)],
  'a gradient of outer weights': ([z], { w, scale }) => {
    const gradient = tf.grad((v: tf.Tensor) => tf.sum(logDensity(v, w as tf.Tensor)))(z as tf.Tensor);
    return [tf.add(z as tf.Tensor, tf.mul(gradient, tf.mul(scale as tf.Tensor, 0.1)))];
  },
  'a second-order gradient': ([z], { w }) => {
    const norm = (v: tf.Tensor): tf.Tensor =>
      tf.sum(tf.square(tf.grad((u: tf.Tensor) => tf.sum(logDensity(u, w as tf.Tensor)))(v)));
    return [tf.sub(z as tf.Tensor, tf.mul(tf.grad(norm)(z as tf.Tensor), 0.01))];
  },
};

function program(body: Body): TensorFunction {
  return (inputs) => {
    const row = inputs['row'] as tf.Tensor;
    const [z] = repeat(inputs['count'] as tf.Scalar, [inputs['x'] as tf.Tensor], (state) => body(state, inputs));
    // What the body expanded for itself must still be usable out here.
    return {
      z: z as tf.Tensor,
      after: tf.reverse(tf.broadcastTo(row, [2, 3]), 1),
      shifted: tf.add(z as tf.Tensor, row),
    };
  };
}

async function run(name: 'reference' | (typeof devices)[number], body: Body, count: number): Promise<Outputs> {
  const device = await openDevice(name);
  const compiled = await device.compile(program(body), options);
  const feeds = { count: Int32Array.of(count), x, scale: Float32Array.of(0.7), row: Float32Array.of(1, 2, 3) };
  const result = await compiled.run(feeds);
  await compiled.dispose();
  return result;
}

describe.each(devices)('repeat on %s', (name) => {
  describe.each(Object.entries(bodies))('%s', (_, body) => {
    it.each([0, 1, 7])('%d times equals an eager loop', async (count) => {
      const [expected, actual] = [await run('reference', body, count), await run(name, body, count)];
      for (const [output, values] of Object.entries(expected)) {
        expect(difference(actual[output] as Float32Array, values), output).toBeLessThan(2e-6);
      }
    });
  });

  it('takes its count from each run', async () => {
    const device = await openDevice(name);
    const body: Body = ([z]) => [tf.add(z as tf.Tensor, 1)];
    const compiled = await device.compile(program(body), options);
    for (const count of [3, 0, 5]) {
      const feeds = { count: Int32Array.of(count), x, scale: Float32Array.of(1), row: new Float32Array(3) };
      const { z } = await compiled.run(feeds);
      expect(z?.[0]).toBeCloseTo(0.1 + count, 5);
    }
  });

  it('carries several tensors of different types', async () => {
    const device = await openDevice(name);
    const compiled = await device.compile(
      ({ count, x: start }) => {
        const state = [start as tf.Tensor, tf.scalar(0, 'int32'), tf.scalar(false, 'bool')];
        const [z, steps, big] = repeat(count as tf.Scalar, state, ([v, n]) => {
          const next = tf.mul(v as tf.Tensor, 2);
          return [next, tf.add(n as tf.Tensor, tf.scalar(1, 'int32')), tf.any(tf.greater(next, 5))];
        });
        return { z: z as tf.Tensor, steps: steps as tf.Tensor, big: big as tf.Tensor };
      },
      { inputs: { count: { shape: [], dtype: 'int32' }, x: { shape: [2] } } },
    );
    const result = await compiled.run({ count: Int32Array.of(3), x: Float32Array.of(1, 0.5) });
    expect(Array.from(result['z'] ?? [])).toEqual([8, 4]);
    expect(Array.from(result['steps'] ?? [])).toEqual([3]);
    expect(Array.from(result['big'] ?? [])).toEqual([1]);
  });

  it('runs a convolution of outer weights inside', async () => {
    const step: TensorFunction = ({ count, x: image, w }) => {
      const [y] = repeat(count as tf.Scalar, [image as tf.Tensor], ([v]) => [
        tf.tanh(tf.conv2d(v as tf.Tensor4D, w as tf.Tensor4D, 1, 'same')),
      ]);
      return { y: y as tf.Tensor };
    };
    const shape = { inputs: { count: { shape: [], dtype: 'int32' }, x: { shape: [1, 4, 5, 2] } } } as const;
    const constants = {
      w: { shape: [3, 3, 2, 2], data: Float32Array.from({ length: 36 }, (_, index) => Math.cos(index)) },
    };
    const feeds = { count: Int32Array.of(4), x: Float32Array.from({ length: 40 }, (_, index) => Math.sin(3 * index)) };
    const outputs = await Promise.all(
      (['reference', name] as const).map(async (which) => {
        const compiled = await (await openDevice(which)).compile(step, { ...shape, constants });
        return (await compiled.run(feeds))['y'] as Float32Array;
      }),
    );
    expect(difference(outputs[1] as Float32Array, outputs[0] as Float32Array)).toBeLessThan(1e-5);
  });

  it('drops dead code in the body and what only that needed outside', async () => {
    const device = await openDevice(name);
    const dead: Body = ([z], { w }) => {
      tf.exp(tf.matMul(z as tf.Tensor2D, w as tf.Tensor2D));
      return [tf.neg(z as tf.Tensor)];
    };
    const live: Body = ([z]) => [tf.neg(z as tf.Tensor)];
    const [a, b] = [await device.compile(program(dead), options), await device.compile(program(live), options)];
    expect(a.nodes).toBe(b.nodes);
  });

  it('refuses a state that changes its shape', async () => {
    const device = await openDevice(name);
    const grow: Body = ([z]) => [tf.concat([z as tf.Tensor, z as tf.Tensor], 0)];
    await expect(device.compile(program(grow), options)).rejects.toThrow('Entry 0 of a loop');
  });
});

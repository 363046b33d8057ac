import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { trace } from '../../../../src/main/tensor/trace/trace';
import type { CompileOptions, TensorFunction } from '../../../../src/main/tensor/types';

/** The ops of the traced graph in order, without those that only write an output in full and under its name. */
function ops(fn: (x: tf.Tensor) => tf.Tensor, shape: readonly number[] = [2, 3]): string[] {
  const { graph } = trace((inputs) => ({ y: fn(inputs['x'] as tf.Tensor) }), { inputs: { x: { shape } } });
  return graph.nodes.map((node) => node.op).filter((op) => op !== 'Identity' && op !== 'Expand');
}

describe('simplification while tracing', () => {
  it('drops what no output needs', () => {
    const { graph } = trace(
      ({ x }) => {
        tf.exp(tf.add(x as tf.Tensor, tf.tensor([1, 2, 3])));
        return { y: tf.sin(x as tf.Tensor) };
      },
      { inputs: { x: { shape: [3] } } },
    );
    expect(graph.nodes.map((node) => node.op).filter((op) => op !== 'Identity')).toEqual(['Sin']);
    expect([...graph.initializers.keys()]).toEqual([]);
  });

  it('leaves neutral operands out', () => {
    expect(ops((x) => tf.add(tf.mul(tf.sub(tf.div(x, 1), 0), tf.onesLike(x)), tf.zerosLike(x)))).toEqual([]);
  });

  it('keeps the shape that a neutral operand broadcasts to', async () => {
    const device = await openDevice('cpu');
    const program = await device.compile(({ x }) => ({ y: tf.add(x as tf.Tensor, tf.zeros([2, 3])) }), {
      inputs: { x: { shape: [3] } },
    });
    expect(program.outputs['y']?.shape).toEqual([2, 3]);
    expect((await program.run({ x: Float32Array.of(1, 2, 3) }))['y']).toEqual(Float32Array.of(1, 2, 3, 1, 2, 3));
  });

  it('leaves products with zero out, and the layers below them', () => {
    expect(ops((x) => tf.matMul(tf.mul(tf.exp(x), tf.zerosLike(x)), tf.ones([3, 2])))).toEqual([]);
    // The second derivative of ReLU: no product with the derivative of its step.
    const second = tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.grad((v: tf.Tensor) => tf.sum(tf.relu(v)))(x))));
    expect(ops((x) => second(x))).toEqual([]);
  });

  it('computes with numbers that fill a tensor', () => {
    expect(ops((x) => tf.add(x, tf.sum(tf.mul(tf.ones([4, 2]), tf.fill([2], 3)))))).toEqual(['Add']);
  });

  it('does not expand a broadcast that only passes through', () => {
    const fn: TensorFunction = ({ x }) => ({
      y: tf.sum(tf.mul(tf.broadcastTo(tf.sum(x as tf.Tensor, 1, true), [2, 3]), x as tf.Tensor)),
    });
    const { graph } = trace(fn, { inputs: { x: { shape: [2, 3] } } });
    expect(graph.nodes.map((node) => node.op)).not.toContain('Expand');
  });

  it('keeps integers integers', async () => {
    const device = await openDevice('cpu');
    const program = await device.compile(
      () => ({
        quotient: tf.div(tf.scalar(7, 'int32'), tf.scalar(2, 'int32')),
        half: tf.div(tf.scalar(7), tf.scalar(2)),
      }),
      { inputs: {} },
    );
    const result = await program.run({});
    expect(result['quotient']).toEqual(Int32Array.of(3));
    expect(result['half']).toEqual(Float32Array.of(3.5));
  });
});

describe('constants', () => {
  const w = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };

  it('become initializers that inputs need not repeat', async () => {
    const fn: TensorFunction = (inputs) => ({ y: tf.matMul(inputs['x'] as tf.Tensor, inputs['w'] as tf.Tensor) });
    const options = { inputs: { x: { shape: [1, 2] } }, constants: { w } };
    const { graph } = trace(fn, options);
    expect([...graph.initializers.values()].map(({ dims, type }) => ({ dims, type }))).toEqual([
      { dims: [2, 3], type: 'float32' },
    ]);
    expect(graph.inputs).toHaveLength(1);
    const program = await (await openDevice('cpu')).compile(fn, options);
    expect((await program.run({ x: Float32Array.of(1, -1) }))['y']).toEqual(Float32Array.of(-3, -3, -3));
  });

  it('are left out where nothing needs them', () => {
    const { graph } = trace(({ x }) => ({ y: tf.exp(x as tf.Tensor) }), {
      inputs: { x: { shape: [2] } },
      constants: { w },
    });
    expect(graph.initializers.size).toBe(0);
  });

  it('are doubles in a program of doubles', () => {
    const fn: TensorFunction = (inputs) => ({ y: tf.add(inputs['x'] as tf.Tensor, inputs['w'] as tf.Tensor) });
    const { graph } = trace(fn, { inputs: { x: { shape: [2, 3] } }, constants: { w }, precision: 'float64' });
    expect([...graph.initializers.values()][0]?.data).toBeInstanceOf(Float64Array);
  });

  it('count a gradient once where an op hands its input on', async () => {
    const program = await (
      await openDevice('cpu')
    ).compile(({ x }) => ({ y: tf.grad((v: tf.Tensor) => tf.addN([tf.sum(tf.add(v, 0))]))(x as tf.Tensor) }), {
      inputs: { x: { shape: [2] } },
    });
    expect((await program.run({ x: Float32Array.of(3, 4) }))['y']).toEqual(Float32Array.of(1, 1));
  });
});

describe('factor fusion', () => {
  const product: TensorFunction = ({ x, w }) => ({
    y: tf.sub(1, tf.mul(2.5, tf.matMul(x as tf.Tensor, w as tf.Tensor))),
  });
  const inputs = { x: { shape: [2, 3] }, w: { shape: [3, 2] } };

  it('takes a number into the product', () => {
    const { graph } = trace(product, { inputs });
    expect(graph.nodes.map((node) => node.op).filter((op) => op !== 'Identity')).toEqual(['Gemm', 'Sub']);
  });

  it('leaves doubles that no single float is as they are', async () => {
    const tenth: TensorFunction = ({ x, w, c }) => ({
      y: tf.mul(c as tf.Tensor, tf.matMul(x as tf.Tensor, w as tf.Tensor)),
    });
    const program = await (
      await openDevice('cpu')
    ).compile(tenth, {
      ...{ inputs, precision: 'float64' },
      constants: { c: { shape: [], data: Float64Array.of(0.1) } },
    });
    const { y } = await program.run({ x: new Float64Array(6).fill(1), w: new Float64Array(6).fill(1) });
    expect(y).toEqual(new Float64Array(4).fill(3 * 0.1));
  });

  it('leaves the product alone where something else reads it', () => {
    const shared: TensorFunction = ({ x, w }) => {
      const plain = tf.matMul(x as tf.Tensor, w as tf.Tensor);
      return { y: tf.sub(1, tf.mul(2.5, plain)), z: tf.exp(plain) };
    };
    const { graph } = trace(shared, { inputs });
    expect(graph.nodes.filter((node) => node.op === 'Mul')).toHaveLength(1);
  });

  it('computes the same', async () => {
    const device = await openDevice('cpu');
    const program = await device.compile(product, { inputs });
    const { y } = await program.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6), w: Float32Array.of(1, 0, 0, 1, 1, 1) });
    expect(y).toEqual(Float32Array.of(1 - 2.5 * 4, 1 - 2.5 * 5, 1 - 2.5 * 10, 1 - 2.5 * 11));
  });
});

describe('bias fusion', () => {
  const layer: TensorFunction = ({ x, w, b }) => ({
    y: tf.add(tf.matMul(x as tf.Tensor, w as tf.Tensor), b as tf.Tensor),
  });
  const data = { w: [1, 2, 3, 4, 5, 6], b: [10, 20] };
  const constants = {
    w: { shape: [3, 2], data: Float32Array.from(data.w) },
    b: { shape: [2], data: Float32Array.from(data.b) },
  };

  it('takes a constant row into the product', () => {
    const { graph } = trace(layer, { inputs: { x: { shape: [4, 3] } }, constants });
    expect(graph.nodes.map((node) => node.op).filter((op) => op !== 'Identity')).toEqual(['Gemm']);
  });

  it('leaves the product alone where something else reads it', () => {
    const shared: TensorFunction = ({ x, w, b }) => {
      const product = tf.matMul(x as tf.Tensor, w as tf.Tensor);
      return { y: tf.add(product, b as tf.Tensor), z: tf.exp(product) };
    };
    const { graph } = trace(shared, { inputs: { x: { shape: [4, 3] } }, constants });
    expect(graph.nodes.filter((node) => node.op === 'Add')).toHaveLength(1);
  });

  it('changes no result', async () => {
    const device = await openDevice('cpu');
    const fused = await device.compile(layer, { inputs: { x: { shape: [1, 3] } }, constants });
    const free: CompileOptions = { inputs: { x: { shape: [1, 3] }, w: { shape: [3, 2] }, b: { shape: [2] } } };
    const plain = await device.compile(layer, free);
    const x = Float32Array.of(1, 0, -1);
    const feeds = { x, w: constants.w.data, b: constants.b.data };
    expect((await fused.run({ x }))['y']).toEqual((await plain.run(feeds))['y']);
  });
});

describe('what cannot be traced', () => {
  const options = { inputs: { x: { shape: [2, 2] } } };

  it.each([
    ['an op without a lowering', (x: tf.Tensor) => tf.unique(x, 0).values, /The op Unique has no lowering to ONNX/],
    [
      'reading a value',
      (x: tf.Tensor) => tf.scalar(tf.exp(x).dataSync()[0] ?? 0),
      /asks for the value of a tensor.*last op was Exp/,
    ],
    ['a tensor from outside', (x: tf.Tensor) => tf.add(x, outside), /made outside the traced function/],
  ])('%s is refused by name', async (_, fn, message) => {
    const device = await openDevice('cpu');
    await expect(device.compile(({ x }) => ({ y: fn(x as tf.Tensor) }), options)).rejects.toThrow(message);
  });

  it('leaves the device usable', async () => {
    const device = await openDevice('cpu');
    const program = await device.compile(({ x }) => ({ y: tf.neg(x as tf.Tensor) }), options);
    expect((await program.run({ x: Float32Array.of(1, 2, 3, 4) }))['y']).toEqual(Float32Array.of(-1, -2, -3, -4));
  });
});

/** Belongs to the eager backend that is the default in a test. */
const outside = await (async () => {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  return tf.tensor2d([1, 2, 3, 4], [2, 2]);
})();

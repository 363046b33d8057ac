import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { repeat } from '../../../../src/main/tensor/repeat';
import { difference } from './parity';

/** Doubles exist on this device only. */
const device = await openDevice('cpu');

async function inDoubles(
  fn: (x: tf.Tensor) => tf.Tensor,
  x: Float64Array,
  shape: readonly number[] = [x.length],
): Promise<Float64Array> {
  const program = await device.compile((inputs) => ({ y: fn(inputs['x'] as tf.Tensor) }), {
    inputs: { x: { shape } },
    precision: 'float64',
  });
  const { y } = await program.run({ x });
  await program.dispose();
  return y as Float64Array;
}

const wide = Float64Array.from({ length: 41 }, (_, index) => (index - 20) * 0.37 + 1e-3);
const small = Float64Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 1 : -1) * 10 ** -(index / 2));
const unit = Float64Array.from({ length: 21 }, (_, index) => (index - 10) * 0.095);
const positive = Float64Array.from({ length: 20 }, (_, index) => 0.05 + index * 0.4);
const both = Float64Array.of(...wide, ...small);

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
const functions: [string, (x: tf.Tensor) => tf.Tensor, (v: number) => number, Float64Array][] = [
  ['exp', tf.exp, Math.exp, wide],
  ['log', tf.log, Math.log, positive],
  ['sqrt', tf.sqrt, Math.sqrt, positive],
  ['rsqrt', tf.rsqrt, (v) => 1 / Math.sqrt(v), positive],
  ['tanh', tf.tanh, Math.tanh, both],
  ['sigmoid', tf.sigmoid, sigmoid, both],
  ['softplus', tf.softplus, (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))), both],
  ['elu', tf.elu, (v) => (v < 0 ? Math.expm1(v) : v), wide],
  ['selu', tf.selu, (v) => 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * Math.expm1(v) : v), wide],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.1), (v) => (v < 0 ? 0.1 * v : v), wide],
  ['expm1', tf.expm1, Math.expm1, both],
  ['log1p', tf.log1p, Math.log1p, Float64Array.of(...unit, ...small.slice(2), 1e3)],
  ['sin', tf.sin, Math.sin, wide],
  ['cos', tf.cos, Math.cos, wide],
  ['tan', tf.tan, Math.tan, unit],
  ['sinh', tf.sinh, Math.sinh, both],
  ['cosh', tf.cosh, Math.cosh, wide],
  ['asinh', tf.asinh, Math.asinh, both],
  ['acosh', tf.acosh, Math.acosh, Float64Array.of(1, 1 + 1e-9, 1.01, 2, 50)],
  ['atanh', tf.atanh, Math.atanh, Float64Array.of(...unit, ...small.slice(2))],
  ['pow', (x) => tf.pow(x, 2.5), (v) => v ** 2.5, positive],
];

describe('doubles', () => {
  it.each(functions)('%s agrees with JavaScript', async (_, fn, expected, x) => {
    const [actual, wanted] = [await inDoubles(fn, x), x.map(expected)];
    // Each number to its own scale: near zero is where a careless formula loses digits.
    actual.forEach((value, index) => {
      const want = wanted[index] as number;
      expect(Math.abs(value - want), `at ${x[index]}`).toBeLessThan(1e-12 * Math.max(Math.abs(want), 1e-3));
    });
  });

  it.each([
    ['expm1', tf.expm1, Math.expm1, small],
    ['log1p', tf.log1p, Math.log1p, small.slice(2)],
    ['sinh', tf.sinh, Math.sinh, small],
    ['asinh', tf.asinh, Math.asinh, small],
    ['atanh', tf.atanh, Math.atanh, small.slice(2)],
  ] as [string, (x: tf.Tensor) => tf.Tensor, (v: number) => number, Float64Array][])(
    '%s keeps its digits near zero in both precisions',
    async (_, fn, expected, x) => {
      const doubles = await inDoubles(fn, x);
      const floats = Float32Array.from(x);
      const program = await device.compile((inputs) => ({ y: fn(inputs['x'] as tf.Tensor) }), {
        inputs: { x: { shape: [x.length] } },
      });
      const singles = (await program.run({ x: floats }))['y'] as Float32Array;
      x.forEach((value, index) => {
        expect(Math.abs((doubles[index] as number) / expected(value) - 1)).toBeLessThan(1e-14);
        expect(Math.abs((singles[index] as number) / expected(floats[index] as number) - 1)).toBeLessThan(1e-6);
      });
    },
  );

  it('a network, its gradient and its second-order gradient agree with JavaScript', async () => {
    // One unit: y = softplus(a x) with its derivatives a σ, a² σ (1 − σ), a³ σ (1 − σ)(1 − 2σ).
    const a = 1.5;
    const f = (x: tf.Tensor): tf.Tensor => tf.sum(tf.softplus(tf.matMul(tf.reshape(x, [-1, 1]), tf.fill([1, 1], a))));
    const first = tf.grad(f);
    const second = tf.grad((x: tf.Tensor) => tf.sum(first(x)));
    const s = wide.map((v) => sigmoid(a * v));
    expect(
      difference(
        await inDoubles(first, wide),
        s.map((v) => a * v),
      ),
    ).toBeLessThan(1e-14);
    expect(
      difference(
        await inDoubles(second, wide),
        s.map((v) => a * a * v * (1 - v)),
      ),
    ).toBeLessThan(1e-13);
    const third = tf.grad((x: tf.Tensor) => tf.sum(second(x)));
    const wanted = s.map((v) => a ** 3 * v * (1 - v) * (1 - 2 * v));
    expect(difference(await inDoubles(third, wide), wanted)).toBeLessThan(1e-12);
  });

  it('softmax, reductions, gathers and joins', async () => {
    const log = wide.map((v) => v / 4);
    const total = Math.log(log.reduce((sum, v) => sum + Math.exp(v), 0));
    expect(
      difference(
        await inDoubles((x) => tf.logSoftmax(tf.div(x, 4)), wide),
        log.map((v) => v - total),
      ),
    ).toBeLessThan(1e-14);
    expect(
      difference(
        await inDoubles((x) => tf.softmax(tf.div(x, 4)), wide),
        log.map((v) => Math.exp(v - total)),
      ),
    ).toBeLessThan(1e-14);
    const picked = await inDoubles(
      (x) => tf.concat([tf.gather(x, [3, 1]), tf.cumsum(x), tf.reshape(tf.max(x), [1])]),
      positive,
    );
    let sum = 0;
    const wanted = [
      positive[3] as number,
      positive[1] as number,
      ...positive.map((v) => (sum += v)),
      Math.max(...positive),
    ];
    expect(difference(picked, Float64Array.from(wanted))).toBeLessThan(1e-15);
  });

  it('sums what single precision cannot hold', async () => {
    const x = Float64Array.of(1e8, 1, -1e8, 1e-8);
    expect((await inDoubles((v) => tf.sum(v), x))[0]).toBeCloseTo(1.00000001, 12);
  });

  it('a loop', async () => {
    const count = tf.scalar;
    const [y] = await inDoubles(
      (x) => repeat(count(1000, 'int32'), [x], ([v]) => [tf.mul(v as tf.Tensor, 1.0009765625)])[0] as tf.Tensor,
      Float64Array.of(1),
    );
    expect(Math.abs((y as number) / 1.0009765625 ** 1000 - 1)).toBeLessThan(1e-12);
  });

  it('images are resized in doubles too', async () => {
    const up = await inDoubles(
      (x) => tf.image.resizeBilinear(tf.reshape<tf.Rank.R4>(x, [1, 2, 1, 1]), [3, 1], true),
      Float64Array.of(0.1, 0.3),
      [2],
    );
    expect(difference(up, Float64Array.of(0.1, 0.2, 0.3))).toBeLessThan(1e-15);
  });

  it.each([
    ['Conv2D', (x: tf.Tensor) => tf.conv2d(tf.reshape<tf.Rank.R4>(x, [1, 3, 3, 1]), tf.ones([2, 2, 1, 1]), 1, 'valid')],
    [
      'Conv2DBackpropInput',
      (x: tf.Tensor) =>
        tf.conv2dTranspose(tf.reshape<tf.Rank.R4>(x, [1, 3, 3, 1]), tf.ones([2, 2, 1, 1]), [1, 4, 4, 1], 1, 'valid'),
    ],
    ['AvgPool', (x: tf.Tensor) => tf.avgPool(tf.reshape<tf.Rank.R4>(x, [1, 3, 3, 1]), 2, 1, 'valid')],
    ['Erf', (x: tf.Tensor) => tf.erf(x)],
    ['Atan', (x: tf.Tensor) => tf.atan(x)],
  ])('%s is refused by name', async (op, fn) => {
    await expect(inDoubles(fn, Float64Array.from({ length: 9 }, Math.cos))).rejects.toThrow(
      `The op ${op} has no double-precision lowering; use precision float32.`,
    );
  });
});

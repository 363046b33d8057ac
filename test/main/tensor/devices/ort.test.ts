import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../../../src/shared/errors';
import { ortProgram } from '../../../../src/main/tensor/devices/ort';
import type { CompileOptions, Feeds, Outputs, Program, TensorFunction } from '../../../../src/main/tensor/types';

const compile = (fn: TensorFunction, options: CompileOptions): Promise<Program> =>
  ortProgram(fn, options, { provider: 'cpu', threads: 1 });

const vector = { inputs: { x: { shape: [4] } } };
const plusOne = (): Promise<Program> => compile((t) => ({ y: tf.add(t['x'] as tf.Tensor, 1) }), vector);
const x = Float32Array.of(1, 2, 3, 4);

async function message(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'nothing was refused',
    (error: unknown) => (error as Error).message,
  );
}

describe('arrays in and out', () => {
  it('reads and writes parts of larger arrays', async () => {
    const program = await plusOne();
    const large = Float32Array.from({ length: 16 }, (_, index) => index);
    const target = new Float32Array(8);
    const { y } = await program.run({ x: large.subarray(5, 9) }, { y: target.subarray(2, 6) });
    expect([...target]).toEqual([0, 0, 6, 7, 8, 9, 0, 0]);
    expect(y?.buffer).toBe(target.buffer);
  });

  it('sees changes of an array that it has seen before', async () => {
    const program = await plusOne();
    const input = x.slice();
    const target = new Float32Array(4);
    await program.run({ x: input }, { y: target });
    input.fill(7);
    await program.run({ x: input }, { y: target });
    expect([...target]).toEqual([8, 8, 8, 8]);
  });

  it('gives fresh outputs that later runs leave alone', async () => {
    const program = await plusOne();
    const { y: first } = await program.run({ x });
    await program.run({ x: Float32Array.of(9, 9, 9, 9) });
    expect([...(first ?? [])]).toEqual([2, 3, 4, 5]);
  });

  it('narrows wider floats and widens narrower ones', async () => {
    const single = await plusOne();
    expect([...((await single.run({ x: Float64Array.from(x) }))['y'] ?? [])]).toEqual([2, 3, 4, 5]);
    const double = await compile((t) => ({ y: tf.mul(t['x'] as tf.Tensor, 0.1) }), { ...vector, precision: 'float64' });
    const { y } = await double.run({ x });
    expect(y).toBeInstanceOf(Float64Array);
    expect(y?.[2]).toBeCloseTo(0.3, 8);
  });

  it('keeps the names of inputs and outputs apart', async () => {
    const program = await compile((t) => ({ x: tf.add(t['x'] as tf.Tensor, 1), same: t['x'] as tf.Tensor }), vector);
    const outputs = await program.run({ x });
    expect([...(outputs['x'] ?? [])]).toEqual([2, 3, 4, 5]);
    expect([...(outputs['same'] ?? [])]).toEqual([1, 2, 3, 4]);
  });

  it('takes outputs that are inputs, constants or numbers, and inputs that nothing reads', async () => {
    const program = await compile(
      (t) => ({ ...t, twice: t['x'] as tf.Tensor, mask: tf.ones([2], 'bool'), count: tf.scalar(3, 'int32') }),
      { inputs: { x: { shape: [4] } }, constants: { w: { shape: [2], data: Float64Array.of(7, 8) } } },
    );
    const outputs = await program.run({ x });
    const lists = Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, [...values]]));
    expect(lists).toEqual({ x: [1, 2, 3, 4], w: [7, 8], twice: [1, 2, 3, 4], mask: [1, 1], count: [3] });
    const unread = await compile(() => ({ y: tf.zeros([2]) }), vector);
    expect([...((await unread.run({ x }))['y'] ?? [])]).toEqual([0, 0]);
  });
});

describe('refusals', () => {
  const cases: [string, Feeds, Outputs, string][] = [
    ['a missing input', {}, {}, 'The input x is missing.'],
    ['another size', { x: new Float32Array(3) }, {}, 'The input x has 3 numbers; its shape [4] wants 4.'],
    [
      'another type',
      { x: new Int32Array(4) },
      {},
      'The input x is an Int32Array; float32 wants a Float32Array or Float64Array.',
    ],
    [
      'a target of another type',
      { x },
      { y: new Float64Array(4) },
      'The output y is written into a Float32Array of 4; it was given a Float64Array of 4.',
    ],
    [
      'a target of another size',
      { x },
      { y: new Float32Array(5) },
      'The output y is written into a Float32Array of 4; it was given a Float32Array of 5.',
    ],
    [
      'a target that is being read',
      { x },
      { y: x },
      'The output y would overwrite the input x while it is read; use two arrays.',
    ],
  ];
  it.each(cases)('names %s', async (_, feeds, into, expected) => {
    expect(await message((await plusOne()).run(feeds, into))).toBe(expected);
  });

  it('names constants of another size and programs without outputs', async () => {
    const short = { inputs: {}, constants: { w: { shape: [2, 2], data: new Float32Array(3) } } };
    expect(await message(compile((t) => ({ ...t }), short))).toBe(
      'The constant w has 3 numbers; its shape [2, 2] wants 4.',
    );
    expect(await message(compile(() => ({}), vector))).toBe('A program must have an output.');
  });

  it('says in a sentence that memory ran out', async () => {
    // Ten million rows by ten million: more than an address holds, so that no system hands it out and regrets it.
    const huge = await compile(
      (t) => {
        const column = tf.reshape<tf.Rank.R2>(t['x'] as tf.Tensor, [10_000_000, 1]);
        return { y: tf.sum(tf.matMul(column, column, false, true)) };
      },
      { inputs: { x: { shape: [10_000_000] } } },
    );
    const failed = huge.run({ x: new Float32Array(10_000_000) });
    await expect(failed).rejects.toBeInstanceOf(RunError);
    expect(await message(failed)).toBe(
      'The device "cpu" ran out of memory. It asked for 400,000 GB at once. Use fewer chains, samples or data at once.',
    );
  });
});

describe('lifetime', () => {
  it('computes runs that are started together one after the other', async () => {
    const program = await plusOne();
    const results = await Promise.all([1, 2, 3].map((value) => program.run({ x: new Float32Array(4).fill(value) })));
    expect(results.map((outputs) => outputs['y']?.[0])).toEqual([2, 3, 4]);
  });

  it('waits for a run before it is disposed of, which happens once', async () => {
    const program = await plusOne();
    const running = program.run({ x });
    await Promise.all([program.dispose(), program.dispose()]);
    await program.dispose();
    expect([...((await running)['y'] ?? [])]).toEqual([2, 3, 4, 5]);
    expect(await message(program.run({ x }))).toBe('The program has been disposed of.');
  });
});

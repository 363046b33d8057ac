import { describe, expect, it } from 'vitest';
import {
  blockSize,
  fillNormals,
  fillUniforms,
  streams,
  type Block,
  type Stream,
} from '../../../../src/main/tensor/random/streams';
import { normalQuantile } from './normalQuantile';
import { referenceUniforms, sameBits } from './reference';

const small: Block = {
  seed: 1,
  stream: 'preview',
  step: 0,
  firstChain: 0,
  chains: 2,
  firstDatum: 0,
  data: 3,
  width: 5,
};

function normals(block: Block): Float64Array {
  const out = new Float64Array(blockSize(block));
  fillNormals(out, block);
  return out;
}

function uniforms(block: Block): Float64Array {
  const out = new Float64Array(blockSize(block));
  fillUniforms(out, block);
  return out;
}

/** Compares all four kinds of numbers of a block with the reference, bit for bit. */
function expectReference(block: Block): void {
  const wantedUniforms = referenceUniforms(block);
  const wantedNormals = wantedUniforms.map(normalQuantile);
  const single = new Float32Array(blockSize(block));
  expect(sameBits(uniforms(block), wantedUniforms)).toBe(true);
  expect(sameBits(normals(block), wantedNormals)).toBe(true);
  fillUniforms(single, block);
  expect(sameBits(single, new Float32Array(wantedUniforms))).toBe(true);
  fillNormals(single, block);
  expect(sameBits(single, new Float32Array(wantedNormals))).toBe(true);
}

describe('the same bits as the reference', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 100])('in rows of %d', (width) => {
    // More counters than are made at once, so that a piece ends inside a row where a row has several counters.
    expectReference({ ...small, seed: 20_260_101, step: 7, chains: 23, data: 59, width });
  });

  it.each([4095, 4096, 4097, 9001])('in one row of %d', (width) => {
    expectReference({ ...small, chains: 1, data: 1, width });
  });

  it.each([0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52 + 12_345, 2 ** 53 - 1])('with seed %d', (seed) => {
    expectReference({ ...small, seed });
  });

  it('at the last steps, chains and data', () => {
    expectReference({ ...small, step: 2 ** 31, firstDatum: 2 ** 31 - 1 });
    expectReference({ ...small, step: 2 ** 32 - 1, firstChain: 2 ** 24 - 2, firstDatum: 2 ** 32 - 3 });
  });

  it.each(Object.keys(streams) as Stream[])('in stream %s', (stream) => {
    expectReference({ ...small, stream });
  });

  it('in a part of a larger array', () => {
    const large = new Float32Array(40).fill(9);
    fillNormals(large.subarray(3, 33), small);
    expect(sameBits(large.slice(3, 33), new Float32Array(normals(small)))).toBe(true);
    expect([...large.slice(0, 3), ...large.slice(33)]).toEqual(Array.from({ length: 10 }, () => 9));
  });

  it('as what stored results were made of', () => {
    // Words by a Philox written in Python from the paper, which gives the published vectors; normals by NormalDist().inv_cdf.
    const golden: [word: number, normal: number][] = [
      [1779785750, -0.21626995961518342],
      [2971591774, 0.5011795731225749],
      [97959469, -1.9989299592287424],
      [3563961533, 0.953373063333626],
      [1151807705, -0.6183384536811499],
      [3808446492, 1.20928361462099],
    ];
    const block: Block = {
      ...small,
      seed: 2 ** 40 + 3,
      stream: 'forwardMomentum',
      step: 5,
      chains: 1,
      data: 2,
      width: 3,
    };
    expect([...uniforms(block)].map((number) => number * 2 ** 32 - 0.5)).toEqual(golden.map(([word]) => word));
    expect([...normals(block)]).toEqual(golden.map(([, normal]) => normal));
  });
});

describe('a number depends on its own indices alone', () => {
  it.each([1, 3, 10])('however a block of rows of %d is cut', (width) => {
    const whole: Block = { ...small, firstChain: 5, chains: 31, firstDatum: 11, data: 67, width };
    const all = normals(whole);
    const joined = new Float64Array(all.length);
    for (const [chain, nextChain] of [
      [0, 1],
      [1, 8],
      [8, 27],
      [27, 31],
    ] as const) {
      for (const [datum, nextDatum] of [
        [0, 20],
        [20, 21],
        [21, 64],
        [64, 67],
      ] as const) {
        const part: Block = {
          ...whole,
          firstChain: whole.firstChain + chain,
          chains: nextChain - chain,
          firstDatum: whole.firstDatum + datum,
          data: nextDatum - datum,
        };
        const numbers = normals(part);
        const length = part.data * width;
        for (let row = 0; row < part.chains; row += 1) {
          joined.set(numbers.subarray(row * length, (row + 1) * length), ((chain + row) * whole.data + datum) * width);
        }
      }
    }
    expect(sameBits(joined, all)).toBe(true);
  });

  it('and a wider row starts with a narrower one', () => {
    const narrow = normals({ ...small, chains: 1, data: 1, width: 6 });
    const wide = normals({ ...small, chains: 1, data: 1, width: 50 });
    expect(sameBits(wide.slice(0, 6), narrow)).toBe(true);
  });

  it('and every index matters', () => {
    const block: Block = { ...small, chains: 8, data: 8, width: 8 };
    const seen = new Set(uniforms(block));
    expect(seen.size).toBe(512);
    const others: Block[] = [
      { ...block, seed: 2 },
      { ...block, seed: 1 + 2 ** 32 },
      { ...block, step: 1 },
      { ...block, firstChain: 8 },
      { ...block, firstDatum: 8 },
      ...(Object.keys(streams) as Stream[])
        .filter((stream) => stream !== block.stream)
        .map((stream) => ({ ...block, stream })),
    ];
    for (const other of others) for (const number of uniforms(other)) seen.add(number);
    // Some 60 million pairs of 32-bit words: 0.015 repeated numbers are expected by chance, and these have none.
    expect(seen.size).toBe(512 * (1 + others.length));
  });

  it('and no two streams have a number', () => {
    expect(new Set(Object.values(streams)).size).toBe(Object.keys(streams).length);
  });
});

describe('what a block may be', () => {
  it.each([{ chains: 0 }, { data: 0 }, { width: 0 }])('nothing: %o', (none) => {
    expect(normals({ ...small, ...none })).toHaveLength(0);
  });

  it('only as large as the array', () => {
    for (const length of [0, 29, 31]) {
      const message = `A block of 30 random numbers does not fit an array of ${length}.`;
      expect(() => fillNormals(new Float32Array(length), small)).toThrow(message);
      expect(() => fillUniforms(new Float64Array(length), small)).toThrow(message);
    }
  });

  it('not beyond the last chain, whose number shares a word with the stream', () => {
    expect(() => normals({ ...small, firstChain: 2 ** 24 - 2 })).not.toThrow();
    expect(() => normals({ ...small, firstChain: 2 ** 24 - 1 })).toThrow(
      'A stream has at most 16,777,216 chains or samples a datum.',
    );
  });
});

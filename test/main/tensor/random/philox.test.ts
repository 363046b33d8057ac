import { describe, expect, it } from 'vitest';
import { noise } from '../../../../src/main/tensor/random/noise';
import { philox } from './philox';

type Words = readonly [number, number, number, number];

function byReference([c0, c1, c2, c3]: Words, key0: number, key1: number): number[] {
  const words = new Uint32Array(4);
  philox(c0, c1, c2, c3, key0, key1, words);
  return [...words];
}

/** Puts the counter into each of the four lanes in turn, beside counters of other rows. */
function byLanes([c0, c1, c2, c3]: Words, key0: number, key1: number): number[][] {
  return [0, 1, 2, 3].map((lane) => {
    noise.counters(4, 4, 0, 7, 7, 11, 13);
    const { buffer } = noise.memory;
    new Uint32Array(buffer, 0)[lane] = c0;
    new Uint32Array(buffer, 0x1010)[lane] = c2;
    new Uint32Array(buffer, 0x2020)[lane] = c3;
    noise.words(4, c1, key0, key1);
    return [...new Uint32Array(buffer, 0x4040 + 16 * lane, 4)];
  });
}

// From kat_vectors of Random123, the authors' own library.
const vectors: { name: string; counter: Words; key: readonly [number, number]; words: Words }[] = [
  {
    name: 'zeros',
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    name: 'ones',
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    name: 'digits of pi',
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

describe.each(vectors)('philox4x32-10 of $name', ({ counter, key, words }) => {
  it('gives the published words one at a time', () => {
    expect(byReference(counter, ...key)).toEqual(words);
  });

  it('gives the published words four at a time', () => {
    expect(byLanes(counter, ...key)).toEqual([words, words, words, words]);
  });
});

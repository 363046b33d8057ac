import { describe, expect, it } from 'vitest';
import { fillNormals, fillUniforms, type Block } from '../../../../src/main/tensor/random/streams';
import { normalQuantile } from './normalQuantile';

// Every score below is standard normal for honest numbers, so each fails them with a probability of 1e-6, and all of this file
// with less than 1e-4, once and for all: the seeds are fixed.
const limit = 4.89;

const block: Block = {
  seed: 314_159_265_358,
  stream: 'forwardMomentum',
  step: 12,
  firstChain: 0,
  chains: 64,
  firstDatum: 0,
  data: 1024,
  width: 16,
};
const size = 2 ** 20;
const normals = new Float64Array(size);
const uniforms = new Float64Array(size);
fillNormals(normals, block);
fillUniforms(uniforms, block);

/** How far the counts of equally likely bins are from equal; the cube root of chi-square is nearly normal (Wilson, Hilferty). */
function evenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  const variance = 2 / (9 * freedom);
  return (Math.cbrt(chiSquare / freedom) - (1 - variance)) / Math.sqrt(variance);
}

function sum(length: number, term: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < length; index += 1) total += term(index);
  return total;
}

/** Of numbers that should be standard normal and independent. */
function normalScores(x: Float64Array): Record<string, number> {
  const moment = (power: number, mean: number, variance: number): number =>
    sum(x.length, (index) => (x[index] as number) ** power - mean) / Math.sqrt(x.length * variance);
  const lagged = (lag: number): number =>
    sum(x.length - lag, (index) => (x[index] as number) * (x[index + lag] as number)) / Math.sqrt(x.length - lag);
  const edges = Array.from({ length: 63 }, (_, index) => normalQuantile((index + 1) / 64));
  const counts = new Array<number>(64).fill(0);
  for (const number of x) {
    let bin = 0;
    for (let half = 32; half >= 1; half /= 2) if (number > (edges[bin + half - 1] as number)) bin += half;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return {
    mean: moment(1, 0, 1),
    variance: moment(2, 1, 2),
    skewness: moment(3, 0, 15),
    kurtosis: moment(4, 3, 96),
    bins: evenness(counts),
    neighbours: lagged(1),
    counters: lagged(4),
    data: lagged(block.width),
    chains: lagged(block.width * block.data),
  };
}

/** Of numbers that should be uniform and come from 32 bits each: leading bits, trailing bits, pairs, and each bit. */
function uniformScores(x: Float64Array): Record<string, number> {
  const leading = new Array<number>(256).fill(0);
  const trailing = new Array<number>(256).fill(0);
  const pairs = new Array<number>(256).fill(0);
  const ones = new Array<number>(32).fill(0);
  let previous = 0;
  x.forEach((number, index) => {
    const word = Math.floor(number * 2 ** 32);
    const top = word >>> 24;
    leading[top] = (leading[top] as number) + 1;
    trailing[word & 255] = (trailing[word & 255] as number) + 1;
    if (index % 2 === 1) {
      const pair = ((previous >>> 28) << 4) | (word >>> 28);
      pairs[pair] = (pairs[pair] as number) + 1;
    }
    for (let bit = 0; bit < 32; bit += 1) ones[bit] = (ones[bit] as number) + ((word >>> bit) & 1);
    previous = word;
  });
  const bits = ones.map((count, bit) => [`bit ${bit}`, (count - x.length / 2) / Math.sqrt(x.length / 4)]);
  return {
    leading: evenness(leading),
    trailing: evenness(trailing),
    pairs: evenness(pairs),
    ...(Object.fromEntries(bits) as Record<string, number>),
  };
}

const failures = (scores: Record<string, number>): string[] =>
  Object.keys(scores).filter((name) => Math.abs(scores[name] as number) > limit);

describe('normals', () => {
  it('have the moments, the distribution and the independence of standard normals', () => {
    expect(failures(normalScores(normals))).toEqual([]);
  });

  it.each<[string, (number: number, index: number) => number, string[]]>([
    ['a mean off by 1 %', (number) => number + 0.01, ['mean', 'bins']],
    ['a scale off by 1 %', (number) => number * 1.01, ['variance', 'kurtosis', 'bins']],
    ['no tails beyond 3', (number) => Math.max(-3, Math.min(3, number)), ['kurtosis']],
    [
      'one number in a hundred repeated',
      (number, index) => (index % 100 === 1 ? (normals[index - 1] as number) : number),
      ['neighbours'],
    ],
    [
      'chains that share 1 %',
      (number, index) => number + 0.01 * (normals[(index + 2 ** 14) % size] as number),
      ['chains'],
    ],
  ])('with %s would be noticed', (_, spoil, noticed) => {
    expect(failures(normalScores(normals.map(spoil)))).toEqual(expect.arrayContaining(noticed));
  });
});

describe('uniforms', () => {
  it('have equally likely bits and pairs', () => {
    expect(failures(uniformScores(uniforms))).toEqual([]);
  });

  it.each<[string, (number: number, index: number) => number, string[]]>([
    ['a mean off by 1 %', (number) => number + 0.005 * (1 - number), ['leading', 'bit 31']],
    ['24 bits only', (number) => Math.floor(number * 2 ** 24) / 2 ** 24, ['trailing', 'bit 0']],
    ['too even a spread', (number, index) => ((index % 256) + number) / 256, ['leading']],
    [
      'pairs alike now and then',
      (number, index) => (index % 50 === 1 ? (uniforms[index - 1] as number) : number),
      ['pairs'],
    ],
  ])('with %s would be noticed', (_, spoil, noticed) => {
    expect(failures(uniformScores(uniforms.map(spoil)))).toEqual(expect.arrayContaining(noticed));
  });
});

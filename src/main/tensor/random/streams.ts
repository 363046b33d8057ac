import { capacity, doubles, noise, singles } from './noise';

/**
 * What random numbers are for. Each use has a stream of its own, so that no two parts of a run ever see the same numbers: a
 * forward chain that started from the noise of the simulated data would start at the exact posterior sample.
 * The numbers are part of every stored result: never renumber.
 */
export const streams = {
  dataLatent: 1,
  dataNoise: 2,
  pilotLatent: 3,
  pilotNoise: 4,
  pilotInitial: 5,
  pilotMomentum: 6,
  pilotAccept: 7,
  forwardInitial: 8,
  forwardMomentum: 9,
  forwardAccept: 10,
  reverseMomentum: 11,
  reverseAccept: 12,
  coupledMomentum: 13,
  coupledAccept: 14,
  iwaeLower: 15,
  iwaeUpper: 16,
  binarise: 17,
  preview: 18,
  trainingWeights: 19,
  trainingLatent: 20,
  trainingNoise: 21,
  trainingSamples: 22,
  trainingMomentum: 23,
  trainingAccept: 24,
  contrastive: 25,
  posterior: 26,
  posteriorLower: 27,
  targetDraw: 28,
  targetSamples: 29,
  pathInitial: 30,
  pathMomentum: 31,
  pathRefreshment: 32,
} as const;
export type Stream = keyof typeof streams;

/**
 * A block of random numbers `[chains, data, width]`, row-major. A number depends on the seed, the stream, the step, its chain,
 * its datum and its place in the row, and on nothing else: not on how a batch is cut into blocks.
 */
export interface Block {
  /** An integer in [0, 2^53). */
  readonly seed: number;
  readonly stream: Stream;
  /** Which step of a chain; an integer in [0, 2^32). */
  readonly step: number;
  /** First chain and how many; below 2^24. */
  readonly firstChain: number;
  readonly chains: number;
  readonly firstDatum: number;
  readonly data: number;
  /** Numbers in a row. */
  readonly width: number;
}

/** Fills `out` with uniforms in the open interval (0, 1), each from 32 bits; as float32, the largest ones round to 1. */
export function fillUniforms(out: Float32Array | Float64Array, block: Block): void {
  fill(out, block, noise.uniforms);
}

/** Fills `out` with standard normals. The largest possible magnitude is 6.3. */
export function fillNormals(out: Float32Array | Float64Array, block: Block): void {
  fill(out, block, noise.normals);
}

/** The number of entries in a block. */
export function blockSize(block: Block): number {
  return block.chains * block.data * block.width;
}

/** Each row starts a new counter, and a counter gives four words; the rest of a row's last four is dropped. */
function fill(out: Float32Array | Float64Array, block: Block, transform: (count: number) => void): void {
  const { seed, step, firstChain, chains, firstDatum, data, width } = block;
  if (out.length !== blockSize(block)) {
    throw new Error(`A block of ${blockSize(block)} random numbers does not fit an array of ${out.length}.`);
  }
  if (firstChain + chains > 0x1000000) throw new Error('A stream has at most 16,777,216 chains or samples a datum.');
  const key1 = Math.floor(seed / 4294967296);
  const tag = streams[block.stream] << 24;
  const perRow = Math.ceil(width / 4);
  const counters = chains * data * perRow;
  let position = 0;
  for (let first = 0; first < counters; first += capacity) {
    const count = Math.min(capacity, counters - first);
    const row = Math.floor(first / perRow);
    const datum = firstDatum + (row % data);
    const chain = tag | (firstChain + Math.floor(row / data));
    const numbers = noise.counters(count, width, first % perRow, datum, firstDatum, firstDatum + data, chain);
    noise.words(count, step, seed, key1);
    transform(numbers);
    if (out instanceof Float32Array) noise.singles(numbers);
    out.set((out instanceof Float32Array ? singles : doubles).subarray(0, numbers), position);
    position += numbers;
  }
}

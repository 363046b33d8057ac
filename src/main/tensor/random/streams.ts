import { normalQuantile } from './normalQuantile';
import { philox } from './philox';

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

const unit = 1 / 4294967296;

/** Fills `out` with uniforms in the open interval (0, 1), each from 32 bits. */
export function fillUniforms(out: Float32Array | Float64Array, block: Block): void {
  fill(out, block, (word) => (word + 0.5) * unit);
}

/** Fills `out` with standard normals. The largest possible magnitude is 6.3. */
export function fillNormals(out: Float32Array | Float64Array, block: Block): void {
  fill(out, block, (word) => normalQuantile((word + 0.5) * unit));
}

/** The number of entries in a block. */
export function blockSize(block: Block): number {
  return block.chains * block.data * block.width;
}

const words = new Uint32Array(4);

function fill(out: Float32Array | Float64Array, block: Block, transform: (word: number) => number): void {
  const { seed, step, firstChain, chains, firstDatum, data, width } = block;
  if (out.length !== blockSize(block)) {
    throw new Error(`A block of ${blockSize(block)} random numbers does not fit an array of ${out.length}.`);
  }
  if (firstChain + chains > 0x1000000) throw new Error('A stream has at most 16,777,216 chains or samples a datum.');
  const key0 = seed >>> 0;
  const key1 = Math.floor(seed / 4294967296) >>> 0;
  const tag = streams[block.stream] << 24;
  let position = 0;
  for (let chain = firstChain; chain < firstChain + chains; chain += 1) {
    for (let datum = firstDatum; datum < firstDatum + data; datum += 1) {
      for (let column = 0; column < width; column += 4) {
        philox(column >>> 2, step, datum, tag | chain, key0, key1, words);
        const count = Math.min(4, width - column);
        for (let lane = 0; lane < count; lane += 1) out[position + lane] = transform(words[lane] as number);
        position += count;
      }
    }
  }
}

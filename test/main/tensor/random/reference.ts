import { blockSize, streams, type Block } from '../../../../src/main/tensor/random/streams';
import { philox } from './philox';

const words = new Uint32Array(4);

/** The uniforms of a block, one number at a time and rounded to nothing. */
export function referenceUniforms(block: Block): Float64Array {
  const { seed, step, firstChain, chains, firstDatum, data, width } = block;
  const out = new Float64Array(blockSize(block));
  let position = 0;
  for (let chain = firstChain; chain < firstChain + chains; chain += 1) {
    for (let datum = firstDatum; datum < firstDatum + data; datum += 1) {
      for (let column = 0; column < width; column += 1) {
        const tag = (streams[block.stream] << 24) | chain;
        philox(column >>> 2, step, datum, tag, seed % 2 ** 32, Math.floor(seed / 2 ** 32), words);
        out[position] = ((words[column % 4] as number) + 0.5) / 2 ** 32;
        position += 1;
      }
    }
  }
  return out;
}

/** Whether two arrays hold the same bits. */
export function sameBits(a: NodeJS.TypedArray, b: NodeJS.TypedArray): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Buffer =>
    Buffer.from(buffer, byteOffset, byteLength);
  return a.length === b.length && bytes(a).equals(bytes(b));
}

import { fillNormals, fillUniforms, type Block } from '../../src/main/tensor/random/streams';

/** What the numbers are for: each purpose has a step of the stream to itself. The shipped file depends on them. */
const purposes = {
  training: 0,
  heldOut: 1,
  weights: 2,
  trainingNoise: 3,
  heldOutNoise: 4,
  samples: 5,
} as const;
export type Purpose = keyof typeof purposes;

/** Fills rows of normals; a row depends on the seed, the purpose and its index alone. */
export function normalRows(
  out: Float32Array,
  seed: number,
  purpose: Purpose,
  rows: { first: number; width: number },
): void {
  fillNormals(out, blockOf(out, seed, purpose, rows));
}

/** Fills rows of uniforms in (0, 1), as {@link normalRows} does. */
export function uniformRows(
  out: Float32Array | Float64Array,
  seed: number,
  purpose: Purpose,
  rows: { first: number; width: number; chain?: number },
): void {
  fillUniforms(out, blockOf(out, seed, purpose, rows));
}

function blockOf(
  out: Float32Array | Float64Array,
  seed: number,
  purpose: Purpose,
  { first, width, chain = 0 }: { first: number; width: number; chain?: number },
): Block {
  const data = out.length / width;
  return {
    seed,
    stream: 'preview',
    step: purposes[purpose],
    firstChain: chain,
    chains: 1,
    firstDatum: first,
    data,
    width,
  };
}

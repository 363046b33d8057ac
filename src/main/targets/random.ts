import { fillNormals, fillUniforms, type Stream } from '../tensor/random/streams';

/** Rows of random numbers, `[count, width]`. A row depends on the seed, the stream, the step and its place alone. */
export interface Rows {
  readonly seed: number;
  readonly stream: Extract<Stream, 'targetDraw' | 'targetSamples'>;
  /** Tells apart what one sample needs several of. */
  readonly step: number;
  readonly count: number;
  /** Place of the first row; 0 when left out. */
  readonly first?: number;
  readonly width: number;
}

export function normalRows(rows: Rows): Float64Array {
  const out = new Float64Array(rows.count * rows.width);
  fillNormals(out, blockOf(rows));
  return out;
}

/** In the open interval (0, 1). */
export function uniformRows(rows: Rows): Float64Array {
  const out = new Float64Array(rows.count * rows.width);
  fillUniforms(out, blockOf(rows));
  return out;
}

function blockOf({ count, first = 0, ...rows }: Rows) {
  return { ...rows, firstChain: 0, chains: 1, firstDatum: first, data: count };
}

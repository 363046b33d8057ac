import { fillUniforms } from '../../tensor/random/streams';
import { componentSeed } from '../componentSeed';

/** Data in rows, and which of them are meant. */
export interface RowsOf {
  /** `[count, width]` */
  readonly values: Float32Array;
  readonly width: number;
  /** Which rows, in the order of the file. */
  readonly rows: Uint32Array;
}

export interface Minibatches {
  /** Updates in a pass over the data. */
  readonly perEpoch: number;
  /** Writes the minibatch of an iteration, `[batch, width]`. It depends on the seed and the iteration alone. */
  readonly fill: (out: Float32Array, iteration: number) => void;
}

/**
 * All data once in an order of its own each epoch, but for the rest that fills no minibatch.
 * @param dynamic draws binary pixels anew each time, with the grey level as probability
 */
export function minibatches(data: RowsOf, batch: number, seed: number, dynamic: boolean): Minibatches {
  const { values, width, rows } = data;
  const perEpoch = Math.floor(rows.length / batch);
  const pixels = componentSeed(seed, 'vae/pixels');
  const uniforms = new Float32Array(dynamic ? batch * width : 0);
  let epoch = -1;
  let order = new Uint32Array();
  return {
    perEpoch,
    fill: (out, iteration) => {
      const wanted = Math.floor(iteration / perEpoch);
      if (wanted !== epoch)
        [epoch, order] = [wanted, permutation(rows.length, componentSeed(seed, 'vae/order'), wanted)];
      const first = (iteration % perEpoch) * batch;
      for (let place = 0; place < batch; place += 1) {
        const row = rows[order[first + place] ?? 0] ?? 0;
        out.set(values.subarray(row * width, (row + 1) * width), place * width);
      }
      if (!dynamic) return;
      const block = { firstChain: 0, chains: 1, firstDatum: 0, data: batch, width };
      fillUniforms(uniforms, { seed: pixels, stream: 'binarise', step: iteration, ...block });
      uniforms.forEach((uniform, at) => (out[at] = Number(uniform < (out[at] ?? 0))));
    },
  };
}

/** 0 to count − 1, ordered by random numbers. */
export function permutation(count: number, seed: number, step: number): Uint32Array<ArrayBuffer> {
  const keys = new Float64Array(count);
  const block = { firstChain: 0, chains: 1, firstDatum: 0, data: count, width: 1 };
  fillUniforms(keys, { seed, stream: 'trainingSamples', step, ...block });
  return Uint32Array.from(keys.keys()).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
}

/** Those rows, `[rows, width]`. */
export function gathered({ values, width, rows }: RowsOf): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, place) => out.set(values.subarray(row * width, (row + 1) * width), place * width));
  return out;
}

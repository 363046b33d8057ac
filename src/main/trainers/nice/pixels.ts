import { fillUniforms } from '../../tensor/random/streams';

/** Height and width. */
export type Size = readonly [number, number];

/** Levels of grey that stay of 256, and how far logits keep away from 0 and 1. */
export const levels = 8;
export const alpha = 0.05;

/**
 * Images of another size by bilinear interpolation between centres of pixels. A smaller image averages over all the pixels that it
 * covers, with weights that fall off linearly (antialiasing).
 * @param images `[count, height · width]`
 */
export function resizeImages(images: Float32Array, from: Size, to: Size): Float32Array {
  const across = resampling(from[1], to[1]);
  const down = resampling(from[0], to[0]);
  const count = images.length / (from[0] * from[1]);
  const out = new Float32Array(count * to[0] * to[1]);
  const rows = new Float64Array(from[0] * to[1]);
  for (let image = 0; image < count; image += 1) {
    const source = images.subarray(image * from[0] * from[1]);
    for (let y = 0; y < from[0]; y += 1) {
      across.forEach(({ first, weights }, x) => {
        rows[y * to[1] + x] = weights.reduce((sum, w, i) => sum + w * (source[y * from[1] + first + i] ?? NaN), 0);
      });
    }
    down.forEach(({ first, weights }, y) => {
      for (let x = 0; x < to[1]; x += 1) {
        const value = weights.reduce((sum, w, i) => sum + w * (rows[(first + i) * to[1] + x] ?? NaN), 0);
        out[(image * to[0] + y) * to[1] + x] = value;
      }
    });
  }
  return out;
}

interface Tap {
  /** The first pixel that counts. */
  readonly first: number;
  /** Of it and those that follow; of sum 1. */
  readonly weights: readonly number[];
}

function resampling(from: number, to: number): Tap[] {
  const step = from / to;
  const reach = Math.max(1, step);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const raw = Array.from({ length: last - first + 1 }, (_, i) =>
      Math.max(0, 1 - Math.abs(first + i - centre) / reach),
    );
    const total = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((weight) => weight / total) };
  });
}

/**
 * Greys of 0 to 1 cut down to 3 bits: floor(255 v / 32) / 8.
 * @returns a new array
 */
export function quantised(images: Float32Array): Float32Array {
  // A grey that was a byte may have lost its last digit when it was divided by 255.
  return images.map((value) => Math.min(levels - 1, Math.floor((255 * value + 1e-3) / (256 / levels))) / levels);
}

/**
 * Spreads quantised greys over their levels and maps them to the whole line: x = v + U(0, 1)/8, then logit(α + (1 − 2α) x). In place.
 * @param step of the random numbers, which differ from step to step
 */
export function dequantise(rows: Float32Array, width: number, seed: number, step: number): void {
  const uniforms = new Float64Array(rows.length);
  const block = { firstChain: 0, chains: 1, firstDatum: 0, data: rows.length / width, width };
  fillUniforms(uniforms, { seed, stream: 'trainingNoise', step, ...block });
  for (let index = 0; index < rows.length; index += 1) {
    const spread = (rows[index] ?? NaN) + (uniforms[index] ?? NaN) / levels;
    const inside = alpha + (1 - 2 * alpha) * spread;
    rows[index] = Math.log(inside) - Math.log1p(-inside);
  }
}

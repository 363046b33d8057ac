import type * as tf from '@tensorflow/tfjs-core';
import type { RunImages } from '../../../shared/result';
import { layoutOf } from '../../datasets/layout';
import type { Parameters } from '../../models/network';
import { fillNormals } from '../../tensor/random/streams';
import type { Device, Program } from '../../tensor/types';
import type { Vae } from '../../trainers/vae/networks';
import type { KeptBack } from './data';

const columns = 10;
const sampleRows = 3;

/** Numbers in a sheet at most: larger images are shrunk. */
const mostNumbers = 2 ** 16;

/** Draws what a VAE makes of some test data, and what it draws from its prior: always of the same z, so that one sees it learn. */
export interface Pictures {
  readonly draw: (parameters: Parameters, iteration: number) => Promise<RunImages[]>;
  readonly dispose: () => Promise<void>;
}

export async function openPictures(
  vae: Vae,
  device: Device,
  { x, count }: KeptBack,
  shape: readonly number[],
): Promise<Pictures> {
  const { pixels, latent } = vae;
  const shown = Math.min(columns, count);
  const drawn = columns * sampleRows;
  const data = x.slice(0, shown * pixels);
  const z = new Float32Array(drawn * latent);
  const block = { firstChain: 0, chains: 1, firstDatum: 0, data: drawn, width: latent };
  fillNormals(z, { seed: 0, stream: 'preview', step: 0, ...block });
  const program: Program = await device.compile(
    (tensors) => ({
      reconstructions: vae.mean(tensors, vae.encode(tensors, tensors['x'] as tf.Tensor2D).mean),
      samples: vae.mean(tensors, tensors['z'] as tf.Tensor2D),
    }),
    {
      inputs: {
        x: { shape: [shown, pixels] },
        z: { shape: [drawn, latent] },
        ...Object.fromEntries(Object.entries(vae.shapes).map(([name, own]) => [name, { shape: own }])),
      },
    },
  );
  const range = rangeOf(data);
  return {
    draw: async (parameters, iteration) => {
      const own = Object.fromEntries(Object.keys(vae.shapes).map((name) => [name, parameters[name] as Float32Array]));
      const out = await program.run({ ...own, x: data, z });
      const both = new Float32Array(2 * data.length);
      both.set(data);
      both.set(out['reconstructions'] as Float32Array, data.length);
      return [
        { name: 'reconstructions', ...sheet(both, 2, shown, shape, range), iteration },
        { name: 'samples', ...sheet(out['samples'] as Float32Array, sampleRows, columns, shape, range), iteration },
      ];
    },
    dispose: () => program.dispose(),
  };
}

/** Images of a shape row by row as bytes, shrunk where they have more than `most` numbers. */
export function sheet(
  values: Float32Array,
  rows: number,
  across: number,
  shape: readonly number[],
  [low, high]: readonly [number, number],
  most = mostNumbers,
): Omit<RunImages, 'name' | 'iteration'> {
  const { height, width, channels, planar } = layoutOf(shape);
  const size = height * width * channels;
  const factor = Math.max(1, Math.ceil(Math.sqrt((rows * across * size) / most)));
  const [h, w] = [Math.max(1, Math.floor(height / factor)), Math.max(1, Math.floor(width / factor))];
  const [stepY, stepX] = [Math.floor(height / h), Math.floor(width / w)];
  const bytes = Buffer.alloc(rows * across * h * w * channels);
  let place = 0;
  for (let image = 0; image < rows * across; image += 1)
    for (let y = 0; y < h; y += 1)
      for (let x = 0; x < w; x += 1)
        for (let c = 0; c < channels; c += 1) {
          let total = 0;
          for (let dy = 0; dy < stepY; dy += 1)
            for (let dx = 0; dx < stepX; dx += 1) {
              const [py, px] = [y * stepY + dy, x * stepX + dx];
              const at = planar ? (c * height + py) * width + px : (py * width + px) * channels + c;
              total += values[image * size + at] ?? 0;
            }
          const share = (total / (stepY * stepX) - low) / (high - low);
          bytes[place] = Math.round(255 * Math.min(1, Math.max(0, share)));
          place += 1;
        }
  return { rows, columns: across, height: h, width: w, channels, pixels: bytes.toString('base64') };
}

/** What black and white are: 0 and 1 for data in between, else the ends of what is shown. */
export function rangeOf(values: Float32Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low >= 0 && high <= 1) return [0, 1];
  return low < high ? [low, high] : [low, low + 1];
}

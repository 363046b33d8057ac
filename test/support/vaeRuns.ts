import { writeNpy } from './writeNpy';
import { random } from './random';
import type { Draft } from './runs';

/** Images of 4 × 4 pixels as an array of bytes 0 to 255: a bright row or column on a dark ground, with noise. */
export function stripes(count: number, seed = 1): Uint8Array {
  const { uniform } = random(seed);
  const pixels = Array.from({ length: count }, () => {
    const [across, at] = [uniform() < 0.5, Math.floor(4 * uniform())];
    return Array.from({ length: 16 }, (_, i) => {
      const lit = (across ? Math.floor(i / 4) : i % 4) === at;
      return Math.round(255 * (lit ? 0.7 + 0.3 * uniform() : 0.3 * uniform()));
    });
  });
  return writeNpy(Uint8Array.from(pixels.flat()), [count, 4, 4]);
}

/** A run that takes a second, on `stripes` in "stripes.npy". */
export const smallVae: Draft = {
  kind: 'vae',
  data: { file: 'stripes.npy', scale: 'unit', binarise: 'dynamic' },
  validation: 20,
  test: 30,
  model: { latent: 2, encoder: [8], decoder: [8] },
  training: { iterations: 40, batch: 20, evaluateEvery: 10, learningRate: 0.01 },
  evaluate: { data: 20, iwae: 50, annealed: { data: 10, temperatures: 5, chains: 4, leapfrog: 2 } },
  seed: 2,
};

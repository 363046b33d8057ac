import { writeSafetensors } from '../../src/main/checkpoints';
import type { Evaluation } from './evaluate';
import { side } from './glyphs';
import { decoderLayers, latent, parameterShapes, type Parameters } from './model';

/** The model as a .safetensors file whose metadata says what it is, with `decoder` and `likelihood` as a run file has them. */
export function exampleCheckpoint(
  parameters: Parameters,
  heldOut: Evaluation,
  { seed, iterations }: { seed: number; iterations: number },
): Uint8Array {
  const tensors = Object.entries(parameterShapes).map(([name, shape]) => ({
    name,
    shape,
    dtype: 'float32' as const,
    data: parameters[name] as Float32Array,
  }));
  return writeSafetensors(tensors, {
    title: 'VAE of letters drawn by a program, 16 × 16',
    latent: String(latent),
    shape: JSON.stringify([1, side, side]),
    decoder: JSON.stringify(decoderLayers),
    likelihood: JSON.stringify({ type: 'bernoulli' }),
    encoder: JSON.stringify([{ linear: 'encoder.fc1' }, 'tanh']),
    encoderMean: 'encoder.mean',
    encoderLogVariance: 'encoder.logvar',
    heldOutElbo: heldOut.elbo.toFixed(4),
    seed: String(seed),
    iterations: String(iterations),
    made: 'npm run train:example: scripts/train-example draws the letters and trains the model; no outside data',
  });
}

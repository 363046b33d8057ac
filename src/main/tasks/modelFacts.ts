import { InputError } from '../../shared/errors';
import type { Layer, LikelihoodSpec } from '../../shared/runFile';
import { readCheckpoint, type Checkpoint } from '../checkpoints';
import { buildDecoder, buildLikelihood, guessDecoder } from '../models';
import type { ModelFacts, ModelSource } from './types';

/** A file of thousands of tensors is shown by its first ones. */
const mostTensors = 5000;

export async function modelFacts({ path, decoder, likelihood }: ModelSource): Promise<ModelFacts> {
  const checkpoint = await readCheckpoint(path);
  const guess = guessDecoder(checkpoint);
  const guessed = 'reason' in guess ? undefined : guess;
  const layers = decoder ?? guessed?.decoder ?? null;
  const density = likelihood ?? guessed?.likelihood ?? null;
  const built = build(layers, density, checkpoint, decoder !== null || likelihood !== null);
  return {
    sha256: checkpoint.sha256,
    format: checkpoint.format,
    tensors: [...checkpoint.tensors.values()]
      .slice(0, mostTensors)
      .map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    decoder: layers,
    likelihood: density,
    ...built,
    notes: [
      ...(decoder === null ? (guessed?.notes ?? []) : []),
      ...(checkpoint.ignored.length > 0
        ? [`Left alone in the file: ${checkpoint.ignored.slice(0, 10).join(', ')}.`]
        : []),
    ],
    problem: built.problem ?? (layers === null && 'reason' in guess ? notRecognised(guess.reason) : null),
  };
}

function build(
  layers: readonly Layer[] | null,
  likelihood: LikelihoodSpec | null,
  checkpoint: Checkpoint,
  given: boolean,
): Pick<ModelFacts, 'latent' | 'outputShape' | 'chain' | 'problem'> {
  if (layers === null) return { latent: null, outputShape: null, chain: [], problem: null };
  try {
    const { latent, outputShape, layers: built } = buildDecoder(layers, checkpoint);
    if (likelihood !== null) buildLikelihood(likelihood, checkpoint);
    const chain = [
      { name: 'z', shape: [latent] },
      ...built.map((layer) => ({ name: layer.name, shape: [...layer.outputShape] })),
    ];
    return { latent, outputShape: [...outputShape], chain, problem: null };
  } catch (error) {
    if (given || !(error instanceof InputError)) throw error;
    return { latent: null, outputShape: null, chain: [], problem: error.message };
  }
}

function notRecognised(reason: string): string {
  return `The layers were not recognised: ${reason}. Name them below.`;
}

import { fileURLToPath } from 'node:url';
import type { Result } from '../../src/shared/result';
import type { ModelRunSpec } from '../../src/shared/runFile';
import { modelRun } from './modelRun';

/** Where the example model lies. */
export const glyphsDirectory = fileURLToPath(new URL('../../resources/examples/', import.meta.url));

/** A run of the example model that is over in about a second but goes through every part of a run. */
export function glyphsSpec(more: Readonly<Record<string, unknown>> = {}): ModelRunSpec {
  return modelRun(
    {
      kind: 'mutual-information',
      model: {
        checkpoint: 'glyphs-vae.safetensors',
        decoder: [{ linear: 'decoder.fc1' }, 'tanh', { linear: 'decoder.fc2' }, 'tanh', { linear: 'decoder.fc3' }],
        likelihood: { type: 'bernoulli' },
      },
      data: { simulate: 3 },
      ais: { chains: 2, temperatures: 32, leapfrog: 2, ladder: true, coupledUpper: true },
      iwae: { samples: 6000 },
      seed: 7,
      ...more,
    },
    'test',
  );
}

/** A result without what depends on the clock and on the run's name. */
export function timeless(result: Result): unknown {
  const { rounds, ...metrics } = result.metrics as { rounds?: { seconds: number }[] };
  return {
    ...result,
    run: '',
    seconds: 0,
    metrics: { ...metrics, rounds: rounds?.map((round) => ({ ...round, seconds: 0 })) },
  };
}

import { z } from 'zod';
import { targetSeed } from './common';

export const seeds = z
  .strictObject({
    type: z.literal('seeds'),
    file: z
      .string()
      .min(1)
      .describe('CSV file with columns r, n, x1 and x2, a row for each plate; relative to the run file.'),
  })
  .describe(
    'Random effects of germinating seeds: r ~ Binomial(n, sigmoid(a₀ + a₁x₁ + a₂x₂ + a₁₂x₁x₂ + b)), b ~ N(0, 1/τ), τ ~ Gamma(0.01, 0.01).',
  );

export const nice = z
  .strictObject({
    type: z.literal('nice'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('Checkpoint of a trained flow (npm run train:nice makes one), relative to the run file.'),
    dim: z
      .int()
      .min(2)
      .max(10_000)
      .optional()
      .describe('Dimension of a flow with random parameters, instead of "file".'),
    width: z.int().min(1).max(4096).default(32).describe('Random parameters: width of the hidden layers.'),
    layers: z.int().min(1).max(10).default(4).describe('Random parameters: hidden layers of each coupling network.'),
    couplings: z.int().min(1).max(32).default(4).describe('Random parameters: how many coupling layers.'),
    seed: targetSeed.describe('Of random parameters.'),
  })
  .refine(({ file, dim }) => (file === undefined) !== (dim === undefined), {
    message: 'needs either "file" or "dim"',
    params: { fix: 'Give "file" for a trained flow or "dim" for one with random parameters.' },
  })
  .describe('The density of a NICE flow, trained on images or with random parameters. Normalised: log Z = 0.');

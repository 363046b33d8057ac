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

const niceTraining = z
  .strictObject({
    file: z.string().min(1).describe('Grey images in an IDX, NumPy or CSV file, relative to the run file.'),
    array: z.string().optional().describe('Which array of an npz archive.'),
    limit: z.int().min(10).optional().describe('How many images to use at the most; all when left out.'),
    size: z.int().min(2).max(64).default(7).describe('Images are resized to so many pixels a side; d is its square.'),
    epochs: z.int().min(1).max(100_000).default(60).describe('Passes over the images at most.'),
    batch: z.int().min(1).max(65_536).default(200).describe('Images in a minibatch.'),
    learningRate: z.number().positive().max(1).default(1e-3).describe('Of Adam.'),
    l2: z.number().min(0).max(1e3).default(1e-5).describe('λ of ½ λ |θ|², which is added to the loss.'),
    patience: z
      .int()
      .min(1)
      .max(100_000)
      .default(20)
      .describe(
        'Epochs without a better log p(x) of held-out images after which training ends. The best flow is kept.',
      ),
  })
  .describe(
    'Train the flow in this run, on images cut down to 3 bits, with noise within the levels. It is kept with the result.',
  );

export const nice = z
  .strictObject({
    type: z.literal('nice'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('Checkpoint of a trained flow, as an earlier run has kept it; relative to the run file.'),
    train: niceTraining.optional(),
    dim: z
      .int()
      .min(2)
      .max(10_000)
      .optional()
      .describe('Dimension of a flow with random parameters, instead of "file" or "train".'),
    width: z.int().min(1).max(4096).default(32).describe('Width of the hidden layers, unless "file" says it.'),
    layers: z
      .int()
      .min(1)
      .max(10)
      .default(4)
      .describe('Hidden layers of each coupling network, unless "file" says it.'),
    couplings: z.int().min(1).max(32).default(4).describe('How many coupling layers, unless "file" says it.'),
    seed: targetSeed.describe('Of random parameters, or of the training.'),
  })
  .refine(({ file, train, dim }) => [file, train, dim].filter((each) => each !== undefined).length === 1, {
    message: 'needs one of "file", "train" and "dim"',
    params: {
      fix: 'Give "file" for a trained flow, "train" to train one, or "dim" for one with random parameters.',
    },
  })
  .describe('The density of a NICE flow, trained on images or with random parameters. Normalised: log Z = 0.');

export type NiceTrainingSpec = z.infer<typeof niceTraining>;

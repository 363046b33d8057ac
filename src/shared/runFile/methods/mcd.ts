import { z } from 'zod';
import { batch, clip, iterations, start } from './common';

const path = {
  steps: z
    .int()
    .min(1)
    .max(100_000)
    .default(64)
    .describe('K: transitions from the initial distribution to the target.'),
  batch: batch(128),
  iterations: iterations(2000),
  learningRate: z
    .number()
    .positive()
    .max(1)
    .default(1e-2)
    .describe("Of Adam, for the sampler's own numbers: step sizes and what else of it is trained."),
  decay: z
    .enum(['constant', 'cosine'])
    .default('cosine')
    .describe('How learning rates go on: as they are, or to zero along half a cosine.'),
  schedule: z.enum(['linear', 'learned']).default('linear').describe('The inverse temperatures.'),
  stepSizes: z
    .enum(['network', 'free', 'constant'])
    .default('network')
    .describe('How δ depends on k: by a small network of k/K, one number a transition, or one for all.'),
  stepSize: z.number().positive().max(10).default(0.1).describe('δ of every transition at the start.'),
  maximum: z.number().positive().max(10).default(0.25).describe('What δ stays below.'),
  learnStepSizes: z.boolean().default(true).describe('Whether step sizes are trained.'),
  start: start.describe('The factorised normal that paths start from.'),
  learnStart: z.boolean().default(false).describe('Whether that normal is trained along.'),
  clip,
};

const underdamped = {
  refreshment: z
    .number()
    .gt(0.01)
    .lt(0.99)
    .default(0.9)
    .describe('h: what the momentum keeps from one transition to the next, at the start.'),
  learnRefreshment: z.boolean().default(true).describe('Whether h is trained.'),
  mass: z
    .enum(['diagonal', 'scaled', 'identity'])
    .default('diagonal')
    .describe('The mass matrix: one number a coordinate, one for all, or fixed at 1.'),
  integrator: z
    .enum(['kick-drift-kick', 'drift-kick-drift'])
    .default('kick-drift-kick')
    .describe('The order of a leapfrog step: gradients at its ends, or one in its middle.'),
};

const learned = {
  score: z
    .strictObject({
      width: z
        .int()
        .min(1)
        .max(16_384)
        .default(64)
        .describe('Of what blocks hand on to each other; inside they are twice as wide.'),
      blocks: z.int().min(0).max(100).default(3).describe('Of two layers each; with none, the network is linear.'),
      residual: z
        .boolean()
        .default(true)
        .describe('Whether a block adds to what it is given. Without, the network is a plain perceptron.'),
      embedding: z.int().min(1).max(4096).default(8).describe('Numbers that stand for the index of a transition.'),
      learningRate: z.number().positive().max(1).default(2e-3).describe('Of Adam, for the network.'),
    })
    .prefault({})
    .describe('The network that learns the reversal.'),
  train: z
    .enum(['joint', 'score-only'])
    .default('joint')
    .describe(
      'The sampler and the network together, or the network alone on paths of a sampler that stays as it begins.',
    ),
  transitions: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe(
      'With "score-only": how many transitions of each path an update looks at, drawn anew; all when left out.',
    ),
};

interface Sizes {
  readonly stepSize: number;
  readonly maximum: number;
}
const below = ({ stepSize, maximum }: Sizes): boolean => stepSize < maximum;
const belowMaximum = {
  path: ['stepSize'],
  message: 'is not below "maximum"',
  params: { fix: 'Lower "stepSize" or raise "maximum".' },
};

interface Training {
  readonly train: 'joint' | 'score-only';
  readonly transitions?: number | undefined;
  readonly steps: number;
}
const looked = ({ train, transitions, steps }: Training): boolean =>
  transitions === undefined || (train === 'score-only' && transitions <= steps);
const lookedAt = {
  path: ['transitions'],
  message: 'goes with "score-only" training and is at most "steps"',
  params: { fix: 'Remove it, or set "train" to "score-only".' },
};

export const ulaSchema = z
  .strictObject({ type: z.literal('ula'), ...path })
  .refine(below, belowMaximum)
  .describe('Annealed importance sampling with unadjusted Langevin transitions, whose step sizes are trained.');
export const uhaSchema = z
  .strictObject({ type: z.literal('uha'), ...path, ...underdamped })
  .refine(below, belowMaximum)
  .describe('Annealed importance sampling with unadjusted Hamiltonian transitions and partial refreshment.');
export const ulaMcdSchema = z
  .strictObject({ type: z.literal('ula-mcd'), ...path, ...learned })
  .refine(below, belowMaximum)
  .refine(looked, lookedAt)
  .describe('Monte Carlo diffusion: unadjusted Langevin transitions with a learned reversal.');
export const uhaMcdSchema = z
  .strictObject({
    type: z.literal('uha-mcd'),
    ...path,
    ...underdamped,
    backwardMean: z
      .enum(['paper', 'tweedie'])
      .default('paper')
      .describe("How the score enters the backward refreshment: the paper's form, or Tweedie's exact one."),
    ...learned,
  })
  .refine(below, belowMaximum)
  .refine(looked, lookedAt)
  .describe('Monte Carlo diffusion: unadjusted Hamiltonian transitions with a learned reversal.');

export type UlaSpec = z.infer<typeof ulaSchema>;
export type UhaSpec = z.infer<typeof uhaSchema>;
export type UlaMcdSpec = z.infer<typeof ulaMcdSchema>;
export type UhaMcdSpec = z.infer<typeof uhaMcdSchema>;
/** The four methods of annealed paths. */
export type PathSpec = UlaSpec | UhaSpec | UlaMcdSpec | UhaMcdSpec;

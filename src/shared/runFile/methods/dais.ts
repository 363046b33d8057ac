import { z } from 'zod';
import { average, batch, clip, iterations, learningRate, start } from './common';

export const daisSchema = z
  .strictObject({
    type: z.literal('dais'),
    steps: z
      .int()
      .min(0)
      .max(100_000)
      .default(16)
      .describe('K: transitions from the initial distribution to the target.'),
    particles: z.int().min(1).max(65_536).default(16).describe('N: chains under one logarithm.'),
    batch: batch(16),
    iterations: iterations(2000),
    learningRate,
    schedule: z.enum(['learned', 'linear']).default('learned').describe('The inverse temperatures.'),
    stepSize: z.number().positive().max(10).default(0.0067379).describe('δ of every transition at the start.'),
    learnStepSizes: z.boolean().default(true).describe('Whether step sizes are trained along.'),
    mass: z
      .enum(['diagonal', 'scaled', 'identity'])
      .default('scaled')
      .describe('The mass matrix: one number a coordinate, one for all, or fixed at 1.'),
    refreshment: z
      .number()
      .gt(0.01)
      .lt(0.99)
      .default(0.7167)
      .describe('η: what the momentum keeps from one transition to the next, at the start.'),
    learnRefreshment: z.boolean().default(true).describe('Whether η is trained along.'),
    objective: z
      .enum(['log-mean-exp', 'mean'])
      .default('log-mean-exp')
      .describe('How particles are put together: under one logarithm, or their log weights averaged.'),
    start,
    clip,
    average,
  })
  .describe('Differentiable annealed importance sampling; its trained initial distribution is reported as DAIS0.');
export type DaisSpec = z.infer<typeof daisSchema>;

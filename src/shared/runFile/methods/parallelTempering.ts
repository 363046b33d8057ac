import { z } from 'zod';
import { acceptance, leapfrog, temperedStart } from './tempered';

export const parallelTemperingSchema = z
  .strictObject({
    type: z.literal('parallel-tempering'),
    temperatures: z
      .int()
      .min(2)
      .max(1000)
      .default(16)
      .describe('M: chains of a ladder, from the normal to the target.'),
    replicas: z
      .int()
      .min(2)
      .max(65_536)
      .default(32)
      .describe('Ladders side by side; R-hat compares their cold chains.'),
    iterations: z.int().min(10).max(10_000_000).default(1000).describe('Kept sweeps of each ladder.'),
    warmUp: z
      .int()
      .min(10)
      .max(10_000_000)
      .default(400)
      .describe('Sweeps that tune step sizes and temperatures and are dropped.'),
    ladder: z
      .enum(['adaptive', 'linear'])
      .default('adaptive')
      .describe('Whether inverse temperatures move while it warms up to where all neighbours swap alike.'),
    leapfrog,
    acceptance,
    start: temperedStart,
  })
  .describe('Chains at several temperatures that swap places, so that the coldest goes from mode to mode.');
export type ParallelTemperingSpec = z.infer<typeof parallelTemperingSchema>;

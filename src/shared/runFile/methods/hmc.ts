import { z } from 'zod';
import { start } from './common';

export const hmcSchema = z
  .strictObject({
    type: z.literal('hmc'),
    chains: z.int().min(2).max(65_536).default(64).describe('Chains from different starts; R-hat compares them.'),
    iterations: z.int().min(10).max(10_000_000).default(1000).describe('Kept transitions of each chain.'),
    warmUp: z
      .int()
      .min(10)
      .max(10_000_000)
      .default(500)
      .describe('Transitions that tune the step size and are dropped.'),
    leapfrog: z
      .int()
      .min(1)
      .max(1000)
      .default(10)
      .describe('Leapfrog steps of a transition at most; each takes a random number up to it.'),
    acceptance: z.number().min(0.1).max(0.99).default(0.8).describe('What the step size is tuned toward.'),
    start,
  })
  .describe('Long Hamiltonian Monte Carlo, the truth that the others are held against.');
export type HmcSpec = z.infer<typeof hmcSchema>;

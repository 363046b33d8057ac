import { z } from 'zod';
import { acceptance, fixedStepSize, leapfrog, temperedSchedule, temperedStart } from './tempered';

export const smcSchema = z
  .strictObject({
    type: z.literal('smc'),
    steps: z.int().min(1).max(100_000).default(64).describe('K: steps of the inverse temperature.'),
    particles: z
      .int()
      .min(2)
      .max(65_536)
      .default(512)
      .describe('N: particles of a population; there are as many populations as fit into the draws of "evaluate".'),
    moves: z.int().min(1).max(1000).default(1).describe('Transitions at each temperature.'),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.3)
      .describe('Share of N below which the effective sample size must fall before a population is resampled.'),
    schedule: temperedSchedule,
    leapfrog,
    acceptance,
    stepSize: fixedStepSize,
    start: temperedStart,
  })
  .describe('Tempered sequential Monte Carlo with Hamiltonian transitions.');
export type SmcSpec = z.infer<typeof smcSchema>;

import { z } from 'zod';
import { acceptance, fixedStepSize, leapfrog, temperedSchedule, temperedStart } from './tempered';

export const annealedSamplingSchema = z
  .strictObject({
    type: z.literal('ais'),
    steps: z.int().min(1).max(100_000).default(128).describe('K: steps of the inverse temperature.'),
    particles: z.int().min(1).max(65_536).default(16).describe('N: chains under one logarithm.'),
    schedule: temperedSchedule,
    leapfrog,
    acceptance,
    stepSize: fixedStepSize,
    reverse: z
      .boolean()
      .default(true)
      .describe('Whether chains also run back from exact samples, where the target has them, for an upper bound.'),
    start: temperedStart,
  })
  .describe('Annealed importance sampling with Hamiltonian transitions that are accepted or refused.');
export type AnnealedSamplingSpec = z.infer<typeof annealedSamplingSchema>;

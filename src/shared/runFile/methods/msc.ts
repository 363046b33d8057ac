import { z } from 'zod';
import { iterations, start } from './common';

export const mscSchema = z
  .strictObject({
    type: z.literal('msc'),
    samples: z
      .int()
      .min(2)
      .max(65_536)
      .default(16)
      .describe('S: candidates of each conditional importance sampling step.'),
    chains: z.int().min(1).max(65_536).default(1).describe('Retained points side by side, whose scores are averaged.'),
    iterations: iterations(20_000),
    learningRate: z.number().positive().max(1).default(5e-3).describe('Of Adam.'),
    start,
    average: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.75)
      .describe('Share of the last iterates that the reported approximation is the mean of.'),
  })
  .describe('Markovian score climbing with a factorised normal, for KL(π ‖ q).');
export type MscSpec = z.infer<typeof mscSchema>;

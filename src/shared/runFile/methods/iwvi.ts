import { z } from 'zod';
import { average, batch, clip, iterations, learningRate, start } from './common';

export const iwviSchema = z
  .strictObject({
    type: z.literal('iwvi'),
    particles: z.int().min(1).max(65_536).default(16).describe('N: samples under one logarithm.'),
    batch: batch(16),
    iterations: iterations(2000),
    learningRate,
    start,
    clip,
    average,
  })
  .describe('Variational inference for the importance-weighted bound.');
export type IwviSpec = z.infer<typeof iwviSchema>;

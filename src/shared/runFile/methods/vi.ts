import { z } from 'zod';
import { average, batch, clip, iterations, learningRate, start } from './common';

export const viSchema = z
  .strictObject({
    type: z.literal('vi'),
    batch: batch(16),
    iterations: iterations(2000),
    learningRate,
    start,
    clip,
    average,
  })
  .describe('Variational inference with a factorised normal, for KL(q ‖ π).');
export type ViSpec = z.infer<typeof viSchema>;

import { z } from 'zod';
import { temperedStart } from './tempered';

export const svgdSchema = z
  .strictObject({
    type: z.literal('svgd'),
    particles: z
      .int()
      .min(2)
      .max(4096)
      .default(300)
      .describe('N: particles, which move together; a step takes time as N².'),
    iterations: z.int().min(1).max(10_000_000).default(1000).describe('Steps of all particles.'),
    stepSize: z.number().positive().max(100).default(0.1).describe('Of every step, before its scaling.'),
    decay: z
      .number()
      .min(0)
      .max(0.9999)
      .default(0.9)
      .describe('Of the running mean of squared directions that scales steps coordinate by coordinate.'),
    bandwidth: z
      .number()
      .positive()
      .max(1e12)
      .optional()
      .describe('h of the kernel exp(−|x − y|²/h); where left out, the squared median distance over log N.'),
    start: temperedStart.describe('The normal that particles begin with.'),
  })
  .describe('Stein variational gradient descent with a Gaussian kernel.');
export type SvgdSpec = z.infer<typeof svgdSchema>;

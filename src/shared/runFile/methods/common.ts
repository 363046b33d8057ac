import { z } from 'zod';

/** Updates of a method that is trained. */
export const iterations = (count: number) => z.int().min(0).max(10_000_000).default(count).describe('Updates of Adam.');
export const learningRate = z.number().positive().max(1).default(1e-2).describe('Of Adam.');
export const average = z
  .number()
  .min(0)
  .max(0.9)
  .default(0.2)
  .describe('Share of the last iterates that the reported approximation is the mean of; 0 takes the very last.');
export const clip = z
  .number()
  .positive()
  .max(1e9)
  .default(10)
  .describe('The norm that a gradient is scaled down to where it is larger.');
export const start = z
  .strictObject({
    mean: z.number().min(-1e6).max(1e6).default(0).describe('Of each coordinate.'),
    std: z.number().min(1e-6).max(1e6).default(1).describe('Of each coordinate.'),
  })
  .prefault({})
  .describe('Where the factorised normal begins.');
export const batch = (count: number) =>
  z.int().min(1).max(65_536).default(count).describe('Estimates of the bound that an update averages.');

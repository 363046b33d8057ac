import { z } from 'zod';

/** What samplers share that go from a normal to the target by temperatures. */
export const temperedSchedule = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('linear') }),
    z.strictObject({
      type: z.literal('sigmoid'),
      rad: z.number().positive().max(50).default(4).describe('How densely the points crowd near 0 and 1.'),
    }),
    z.strictObject({
      type: z.literal('adaptive'),
      conditionalEss: z
        .number()
        .min(0.01)
        .max(0.9999)
        .default(0.95)
        .describe('Share of the conditional effective sample size that each step keeps.'),
    }),
  ])
  .default({ type: 'linear' })
  .describe(
    'The inverse temperatures; "adaptive" finds them in a pilot run, which are then fixed, "steps" of them at the most.',
  );
export const leapfrog = z.int().min(1).max(1000).default(10).describe('L: leapfrog steps of a Hamiltonian transition.');
export const acceptance = z.number().min(0.1).max(0.99).default(0.8).describe('What the step sizes are tuned toward.');
export const fixedStepSize = z
  .number()
  .positive()
  .max(100)
  .optional()
  .describe('ε at every temperature, in units of the starting std; tuned in a pilot run where left out.');
export const temperedStart = z
  .strictObject({
    mean: z.number().min(-1e6).max(1e6).default(0).describe('Of each coordinate.'),
    std: z.number().min(1e-6).max(1e6).default(1).describe('Of each coordinate.'),
  })
  .prefault({})
  .describe('The normal at the inverse temperature 0; it should cover the target.');

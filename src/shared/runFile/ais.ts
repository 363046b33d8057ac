import { z } from 'zod';

export const scheduleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('linear') }),
  z.strictObject({
    type: z.literal('sigmoid'),
    rad: z.number().positive().max(50).default(4).describe('How densely the points crowd near 0 and 1.'),
  }),
]);
export type Schedule = z.infer<typeof scheduleSchema>;

const perDimension = (description: string, number: z.ZodNumber) =>
  z.union([number, z.array(number).min(1)]).describe(description);

export const initialSchema = z.union([
  z.literal('prior'),
  z
    .strictObject({
      type: z.literal('gaussian'),
      mean: perDimension('Mean: one number, or one a latent dimension.', z.number()).default(0),
      std: perDimension('Standard deviation: one number, or one a latent dimension.', z.number().min(1e-6).max(1e6)),
    })
    .describe('A diagonal Gaussian.'),
]);
export type InitialSpec = z.infer<typeof initialSchema>;

export const aisSchema = z.strictObject({
  chains: z.int().min(1).max(1_000_000).default(16).describe('K: chains for each datum.'),
  temperatures: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(500)
    .describe('T: increments of the inverse temperature. Where "gap" is set, the number to start from.'),
  leapfrog: z.int().min(1).max(1000).default(10).describe('L: leapfrog steps in each HMC transition.'),
  schedule: scheduleSchema.default({ type: 'sigmoid', rad: 4 }).describe('How the inverse temperatures are spaced.'),
  initial: initialSchema.default('prior').describe('The distribution that chains start from.'),
  stepSize: z
    .number()
    .positive()
    .max(10)
    .optional()
    .describe('A fixed leapfrog step size. Left out, a pilot run tunes one for each temperature and then freezes it.'),
  acceptance: z
    .number()
    .min(0.1)
    .max(0.99)
    .default(0.65)
    .describe('The acceptance rate that the pilot run tunes step sizes toward.'),
  ladder: z
    .boolean()
    .default(false)
    .describe(
      'First run with T/64, T/16 and T/4 temperatures, to see the sandwich close. Costs a third more; the last round is the result.',
    ),
  coupledUpper: z
    .boolean()
    .default(false)
    .describe(
      'Also run the chains for the lower bound on log p(x) of "cr-ais". They cost half as much again and are rarely the tighter side.',
    ),
  gap: z
    .number()
    .positive()
    .optional()
    .describe('Double the temperatures until upper and lower bound are this close, in nats.'),
  maxSeconds: z
    .number()
    .positive()
    .optional()
    .describe('With "gap": stop doubling when the next round would end later than this.'),
});
export type AisSpec = z.infer<typeof aisSchema>;

export const iwaeSchema = z.strictObject({
  samples: z.int().min(1).max(16_000_000).default(1000).describe('K: samples for each datum.'),
  proposal: initialSchema.default('prior').describe('The distribution that samples are drawn from.'),
});
export type IwaeSpec = z.infer<typeof iwaeSchema>;

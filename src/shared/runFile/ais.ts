import { z } from 'zod';
import { componentName } from './learned';

const scheduleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('linear') }),
  z.strictObject({
    type: z.literal('sigmoid'),
    rad: z.number().positive().max(50).default(4).describe('How densely the points crowd near 0 and 1.'),
  }),
]);
export type Schedule = z.infer<typeof scheduleSchema>;

const perDimension = (description: string, number: z.ZodNumber) =>
  z.union([number, z.array(number).min(1)]).describe(description);

const initialSchema = z.union([
  z.literal('prior'),
  z
    .strictObject({
      type: z.literal('gaussian'),
      mean: perDimension('Mean: one number, or one a latent dimension.', z.number()).default(0),
      std: perDimension('Standard deviation: one number, or one a latent dimension.', z.number().min(1e-6).max(1e6)),
    })
    .describe('A diagonal Gaussian.'),
  z
    .strictObject({
      type: z.literal('proposal'),
      name: componentName('Which of "proposals".'),
    })
    .describe('A learned q(z | x), by its name in "proposals".'),
]);
export type InitialSpec = z.infer<typeof initialSchema>;

/** One distribution, or several to run one after the other. */
const bases = z.union([...initialSchema.options, z.array(initialSchema).min(1).max(8)]);

/** A number, or several of which each is reported. */
const counts = (most: number) => {
  const count = z.int().min(1).max(most);
  return z.union([count, z.array(count).min(1).max(12)]);
};

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
  initial: bases
    .default('prior')
    .describe('The distribution that chains start from; with several, each has chains of its own.'),
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
    .union([z.boolean(), z.array(z.int().min(1).max(10_000_000)).min(1).max(24)])
    .default(false)
    .describe(
      'First run with fewer temperatures, to see the sandwich close: T/64, T/16 and T/4, which costs a third more, or those listed. The last round is the result.',
    ),
  subsets: z
    .array(z.int().min(1).max(1_000_000))
    .max(12)
    .default([])
    .describe(
      'Also report bounds of fewer chains, from subsets of the same ones at no cost: a list of K, each below "chains".',
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
  samples: counts(16_000_000)
    .default(1000)
    .describe('K: samples for each datum. With several, bounds for each from the same stream.'),
  proposal: bases
    .default('prior')
    .describe('The distribution that samples are drawn from; with several, each has samples of its own.'),
});

export const contrastiveSchema = z.strictObject({
  samples: counts(1_000_000)
    .default(100)
    .describe('K: the positive and K − 1 negatives for each datum, in every estimator that uses a critic.'),
});

/** One or several, as a list; what is named twice is there once. */
export function listed<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? [...new Set(value as readonly T[])] : [value as T];
}

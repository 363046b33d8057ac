import { z } from 'zod';
import type { Result } from '../result';

const number = z.number().nullable().catch(null);

/** An estimate of a probability by draws, with what one needs to trust it. Null where draws say nothing. */
const estimateSchema = z.object({
  value: number,
  /** Half-width of the 95 % interval. */
  ci95: number,
  /** Natural logarithm of the value. */
  logValue: number,
  /** Of a single draw: variance over the square of the probability. */
  relativeVariance: number,
  draws: z.number(),
  /** Draws in the event. */
  hits: z.number(),
  /** (Σw)²/Σw² */
  ess: number,
  /** Of the greatest weight in their sum. */
  largestWeight: number,
  /** Estimate over truth, and the half-width of its 95 % interval. */
  ratio: number,
  ratioCi95: number,
});

export const rareEventSchema = z.object({
  event: z.object({ text: z.string(), type: z.string(), dim: z.number(), edge: z.number() }),
  probability: estimateSchema.extend({
    /** How many times fewer draws than of plain Monte Carlo give the same interval. */
    varianceReduction: number,
    /** Draws of plain Monte Carlo that would give the same interval, and how many of those would hit. */
    equivalentDraws: number,
    effectiveHits: number,
  }),
  monteCarlo: estimateSchema.extend({
    /** The 95 % interval by Wilson's formula, which says something also where nothing was hit. */
    interval: z.tuple([z.number(), z.number()]),
    expectedHits: z.number(),
  }),
  truthProbability: number,
  /** Natural logarithm. */
  truth: number,
  ratio: z
    .object({
      /** What the networks make of the same draws. It bounds nothing and has a bias that no interval shows. */
      value: number,
      logValue: number,
      /** Estimate over truth. */
      ratio: number,
      /** Σ_k r_k(x) minus the exact log p(x)/ρ(x) over draws in the event, nats. */
      error: z.object({ mean: z.number(), std: z.number(), largest: z.number() }).nullable().catch(null),
      /** Of each block: logistic loss, nats, and the Jensen–Shannon divergence of the laws before and after it that the loss stands for. */
      losses: z.array(z.number().nullable()),
      divergences: z.array(z.number().nullable()),
    })
    .optional()
    .catch(undefined),
});
export type RareEvent = z.infer<typeof rareEventSchema>;

/** What a run of kind `importance-flow` found; undefined before it has. */
export function rareEventOf({ kind, metrics }: Pick<Result, 'kind' | 'metrics'>): RareEvent | undefined {
  return kind === 'importance-flow' ? rareEventSchema.safeParse(metrics).data : undefined;
}

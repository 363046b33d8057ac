import { z } from 'zod';

const iterations = (count: number) => z.int().min(0).max(10_000_000).default(count).describe('Updates of Adam.');
const learningRate = z.number().positive().max(1).default(1e-2).describe('Of Adam.');
const average = z
  .number()
  .min(0)
  .max(0.9)
  .default(0.2)
  .describe('Share of the last iterates that the reported approximation is the mean of; 0 takes the very last.');
const clip = z
  .number()
  .positive()
  .max(1e9)
  .default(10)
  .describe('The norm that a gradient is scaled down to where it is larger.');
const start = z
  .strictObject({
    mean: z.number().min(-1e6).max(1e6).default(0).describe('Of each coordinate.'),
    std: z.number().min(1e-6).max(1e6).default(1).describe('Of each coordinate.'),
  })
  .prefault({})
  .describe('Where the factorised normal begins.');
const batch = (count: number) =>
  z.int().min(1).max(65_536).default(count).describe('Estimates of the bound that an update averages.');

/** Ways to fit, to sample or to integrate a target, each with what it needs to be told. */
export const methodSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('dais'),
      steps: z
        .int()
        .min(0)
        .max(100_000)
        .default(16)
        .describe('K: transitions from the initial distribution to the target.'),
      particles: z.int().min(1).max(65_536).default(16).describe('N: chains under one logarithm.'),
      batch: batch(16),
      iterations: iterations(2000),
      learningRate,
      schedule: z.enum(['learned', 'linear']).default('learned').describe('The inverse temperatures.'),
      stepSize: z.number().positive().max(10).default(0.0067379).describe('δ of every transition at the start.'),
      learnStepSizes: z.boolean().default(true).describe('Whether step sizes are trained along.'),
      mass: z
        .enum(['diagonal', 'scaled', 'identity'])
        .default('scaled')
        .describe('The mass matrix: one number a coordinate, one for all, or fixed at 1.'),
      refreshment: z
        .number()
        .gt(0.01)
        .lt(0.99)
        .default(0.7167)
        .describe('η: what the momentum keeps from one transition to the next, at the start.'),
      learnRefreshment: z.boolean().default(true).describe('Whether η is trained along.'),
      objective: z
        .enum(['log-mean-exp', 'mean'])
        .default('log-mean-exp')
        .describe('How particles are put together: under one logarithm, or their log weights averaged.'),
      start,
      clip,
      average,
    })
    .describe('Differentiable annealed importance sampling; its trained initial distribution is reported as DAIS0.'),
  z
    .strictObject({
      type: z.literal('vi'),
      batch: batch(16),
      iterations: iterations(2000),
      learningRate,
      start,
      clip,
      average,
    })
    .describe('Variational inference with a factorised normal, for KL(q ‖ π).'),
  z
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
    .describe('Variational inference for the importance-weighted bound.'),
  z
    .strictObject({
      type: z.literal('msc'),
      samples: z
        .int()
        .min(2)
        .max(65_536)
        .default(16)
        .describe('S: candidates of each conditional importance sampling step.'),
      chains: z
        .int()
        .min(1)
        .max(65_536)
        .default(1)
        .describe('Retained points side by side, whose scores are averaged.'),
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
    .describe('Markovian score climbing with a factorised normal, for KL(π ‖ q).'),
  z
    .strictObject({
      type: z.literal('hmc'),
      chains: z.int().min(2).max(65_536).default(64).describe('Chains from different starts; R-hat compares them.'),
      iterations: z.int().min(10).max(10_000_000).default(1000).describe('Kept transitions of each chain.'),
      warmUp: z
        .int()
        .min(10)
        .max(10_000_000)
        .default(500)
        .describe('Transitions that tune the step size and are dropped.'),
      leapfrog: z
        .int()
        .min(1)
        .max(1000)
        .default(10)
        .describe('Leapfrog steps of a transition at most; each takes a random number up to it.'),
      acceptance: z.number().min(0.1).max(0.99).default(0.8).describe('What the step size is tuned toward.'),
      start,
    })
    .describe('Long Hamiltonian Monte Carlo, the truth that the others are held against.'),
]);
export type MethodSpec = z.infer<typeof methodSchema>;
export type DaisSpec = Extract<MethodSpec, { type: 'dais' }>;
export type ViSpec = Extract<MethodSpec, { type: 'vi' }>;
export type IwviSpec = Extract<MethodSpec, { type: 'iwvi' }>;
export type MscSpec = Extract<MethodSpec, { type: 'msc' }>;
export type HmcSpec = Extract<MethodSpec, { type: 'hmc' }>;

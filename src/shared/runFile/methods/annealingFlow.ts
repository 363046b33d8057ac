import { z } from 'zod';
import { learningRate } from './common';

const coefficient = z.number().min(0).max(1e6);

export const annealingFlowSchema = z
  .strictObject({
    type: z.literal('annealing-flow'),
    flow: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A flow that an earlier run has kept, to draw from it again instead of training: its blocks, coefficients, velocity, base and steps are those of the file.',
      ),
    blocks: z.int().min(1).max(200).default(8).describe('K: annealing blocks, with inverse temperatures k/K.'),
    betas: z
      .array(z.number().gt(0).max(1))
      .min(1)
      .max(200)
      .refine((list) => list.at(-1) === 1 && list.every((beta, k) => beta >= (list[k - 1] ?? 0)), {
        message: 'must rise and end with 1',
      })
      .optional()
      .describe('Inverse temperatures of the annealing blocks, in place of k/K.'),
    refinement: z
      .int()
      .min(0)
      .max(100)
      .default(2)
      .describe('R: blocks at the target itself, which remove what the Wasserstein penalty holds back.'),
    gamma: z
      .union([coefficient, z.array(coefficient).min(1).max(300)])
      .default(0.1)
      .describe('Wasserstein coefficient: of every block, or of each, the last for those that follow.'),
    baseScale: z
      .number()
      .min(1e-3)
      .max(1e3)
      .default(1)
      .describe(
        's₀: standard deviation of the normal that blocks start from. Modes outside its reach are lost; penalties count in units of it.',
      ),
    net: z
      .strictObject({
        hidden: z
          .array(z.int().min(1).max(1024))
          .max(8)
          .default([32, 32])
          .describe(
            'Widths of the hidden layers; 64 is better from ten dimensions on. Without any, a velocity is affine.',
          ),
        activation: z.enum(['tanh', 'softplus20']).default('tanh').describe('After each hidden layer.'),
        timeInput: z
          .boolean()
          .default(false)
          .describe('Whether a velocity depends on the time within its block; large blocks need that.'),
      })
      .prefault({})
      .describe('The velocity of a block.'),
    ode: z
      .strictObject({
        steps: z.int().min(1).max(100).default(3).describe('S: Runge–Kutta steps of a block.'),
        inverseSteps: z.int().min(1).max(200).default(12).describe('The same on the way back from exact samples.'),
        rule: z.enum(['rk4', 'rk4-38']).default('rk4').describe('The classic rule of fourth order, or the 3/8 rule.'),
      })
      .prefault({})
      .describe('How a block is integrated.'),
    loss: z
      .enum(['type-1', 'type-2', 'reference'])
      .default('type-1')
      .describe('The objective itself; its first-order surrogate by the score; or that of the published program.'),
    divergence: z
      .enum(['exact', 'hutchinson', 'finite-difference'])
      .default('exact')
      .describe('In training: in closed form, or by one random probe a step. Weights always have the exact one.'),
    probeStep: z
      .number()
      .positive()
      .max(1)
      .default(0.01)
      .describe('Of finite differences, times the square root of the dimension.'),
    iterations: z.int().min(1).max(1_000_000).default(100).describe('Updates of Adam for each block.'),
    batch: z.int().min(1).max(65_536).default(256).describe('Particles of an update.'),
    learningRate: learningRate.default(3e-3),
    clip: z.number().positive().max(1e9).default(1).describe('The norm that a gradient is scaled down to.'),
    particles: z
      .int()
      .min(2)
      .max(1_000_000)
      .default(5000)
      .describe('Drawn once from the base and moved on by each block that is trained.'),
    correction: z
      .strictObject({
        enabled: z.boolean().default(false).describe('Whether to judge the blocks by sequential Monte Carlo too.'),
        threshold: z
          .number()
          .min(0)
          .max(1)
          .default(0.95)
          .describe('Share of effective samples below which particles are resampled.'),
        moves: z.int().min(0).max(100).default(1).describe('Hamiltonian transitions after each block.'),
        leapfrog: z.int().min(1).max(1000).default(5).describe('Steps of a transition; with 1 it is MALA.'),
        stepSize: z.number().positive().max(10).default(0.3).describe('In units of the base scale.'),
        populations: z
          .int()
          .min(2)
          .max(1000)
          .default(8)
          .describe('Independent populations, whose estimates of log Z give its interval.'),
      })
      .prefault({})
      .describe('Resampling and Markov moves between the trained blocks.'),
  })
  .describe('Annealing flow: short continuous flows, one after the other, from a normal along a geometric bridge.');
export type AnnealingFlowSpec = z.infer<typeof annealingFlowSchema>;

/** A setting of the method with what it is for. */
export interface AnnealingFlowPreset {
  readonly label: string;
  readonly note: string;
  readonly settings: Omit<Partial<z.input<typeof annealingFlowSchema>>, 'type'>;
}

/** The published program: 1,000 updates a block at a rate of 1e-4, probes for the divergence, softplus. */
const published = {
  net: { activation: 'softplus20' },
  ode: { rule: 'rk4-38' },
  loss: 'reference',
  divergence: 'finite-difference',
  iterations: 1000,
  batch: 1000,
  learningRate: 1e-4,
  particles: 100_000,
} as const;

/** 1/(9 d δ) of the published program's block lengths δ. */
const lengths = (dim: number, list: readonly (readonly [count: number, delta: number])[]): number[] =>
  list.flatMap(([count, delta]) => new Array<number>(count).fill(1 / (9 * dim * delta)));

const circle = lengths(2, [
  [8, 0.05],
  [9, 0.1],
  [1, 0.5],
]);
const tempered = (count: number): number[] => Array.from({ length: count }, (_, k) => (k + 1) / count);

export const annealingFlowPresets: Readonly<Record<string, AnnealingFlowPreset>> = {
  quick: {
    label: 'Quick',
    note: 'Sixty updates a block: seconds in two dimensions.',
    settings: { refinement: 1, iterations: 60, learningRate: 4e-3 },
  },
  default: { label: 'Default', note: 'Eight blocks and two of refinement.', settings: {} },
  'wide-base': {
    label: 'Wide base',
    note: 'A base of scale 8, for modes that are not around the origin.',
    settings: { baseScale: 8, gamma: 0.5, refinement: 3, iterations: 150 },
  },
  'reference-circle-8': {
    label: 'Published, circle of radius 8',
    note: 'Ten blocks and no refinement: it ends 1.1 short of the modes.',
    settings: { ...published, blocks: 10, refinement: 0, gamma: circle },
  },
  'reference-circle-10': {
    label: 'Published, circle of radius 10',
    note: 'Ten blocks and two of refinement.',
    settings: { ...published, blocks: 10, refinement: 2, gamma: circle },
  },
  'reference-circle-12': {
    label: 'Published, circle of radius 12',
    note: 'Eight blocks and four of refinement, on one radius throughout.',
    settings: { ...published, blocks: 8, refinement: 4, gamma: circle },
  },
  'reference-exp-gauss': {
    label: 'Published, exponentially weighted Gaussian',
    note: 'Twenty blocks and five of refinement in fifty dimensions.',
    settings: {
      ...{ ...published, blocks: 20, refinement: 5 },
      gamma: lengths(50, [
        [15, 0.05],
        [15, 0.1],
      ]),
    },
  },
  'reference-funnel': {
    label: 'Published, funnel',
    note: 'Ten blocks at the target itself; the penalty alone holds them back.',
    settings: {
      ...{ ...published, betas: [1], refinement: 9, probeStep: 0.02 },
      gamma: lengths(5, [[1, 0.1]]),
    },
  },
  'reference-logistic': {
    label: 'Published, logistic regression',
    note: 'Fourteen blocks at the posterior itself, three hidden layers.',
    settings: {
      ...{
        ...published,
        loss: 'type-1',
        net: { ...published.net, hidden: [32, 32, 32] },
        betas: [1],
        refinement: 13,
        probeStep: 0.02,
      },
      gamma: lengths(10, [[1, 0.1]]),
    },
  },
};

/** Inverse temperatures of all blocks, refinement included. */
export function annealingBetas({ blocks, betas, refinement }: AnnealingFlowSpec): number[] {
  return [...(betas ?? tempered(blocks)), ...new Array<number>(refinement).fill(1)];
}

/** Wasserstein coefficients of so many blocks. */
export function annealingGammas({ gamma }: AnnealingFlowSpec, count: number): number[] {
  const list = typeof gamma === 'number' ? [gamma] : gamma;
  return Array.from({ length: count }, (_, k) => list[Math.min(k, list.length - 1)] ?? Number.NaN);
}

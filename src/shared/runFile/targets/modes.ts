import { z } from 'zod';
import { dimension, finite } from './common';

/** Gaussians in a ring: the plane is where samplers are tried for the modes that they find. */
export const circleMixture = z
  .strictObject({
    type: z.literal('circle-mixture'),
    dim: z.int().min(2).max(100_000).default(2).describe('Dimension; the circle lies in the first two coordinates.'),
    modes: z.int().min(1).max(1000).default(6).describe('How many Gaussians, equally spaced from angle 0 on.'),
    radius: z.number().min(0).max(1e6).default(8).describe('Radius of the circle.'),
    height: finite.optional().describe('Mean in every coordinate after the second; half the radius when left out.'),
    std: z.number().min(1e-6).max(1e6).default(1).describe('Standard deviation of each, the same in all directions.'),
    shift: z.tuple([finite, finite]).default([0, 0]).describe('Centre of the circle.'),
    weights: z
      .array(z.number().positive().max(1e9))
      .min(1)
      .max(1000)
      .optional()
      .describe('Weight of each, scaled to a sum of 1; equal when left out.'),
  })
  .refine(({ modes, weights }) => weights === undefined || weights.length === modes, {
    path: ['weights'],
    message: 'are not as many as the modes',
    params: { fix: 'Give one for each mode, or leave them out.' },
  })
  .describe('Gaussians equally spaced on a circle. Normalised: log Z = 0.');

export const cubeMixture = z
  .strictObject({
    type: z.literal('cube-mixture'),
    dim: dimension.default(5).describe('Dimension.'),
    corners: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'How many first coordinates the cube has: 2 to this number of modes. The smaller of 5 and the dimension when left out.',
      ),
    halfWidth: z
      .number()
      .min(0)
      .max(1e6)
      .default(5)
      .describe('Means are at plus or minus this, and at plus this outside the cube.'),
    std: z.number().min(1e-6).max(1e6).default(1).describe('Standard deviation of each Gaussian.'),
  })
  .refine(({ dim, corners = 1 }) => corners <= dim, {
    path: ['corners'],
    message: 'are more than the coordinates',
    params: { fix: 'Lower "corners" or raise "dim".' },
  })
  .describe('Equally weighted Gaussians at the corners of a cube, evaluated as a product. Normalised: log Z = 0.');

export const exponentiallyWeightedGaussian = z
  .strictObject({
    type: z.literal('exponentially-weighted-gaussian'),
    dim: dimension.default(10).describe('Dimension.'),
    folded: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'How many first coordinates have two sides: 2 to this number of modes. The smaller of 10 and the dimension when left out.',
      ),
    distance: z
      .number()
      .min(0)
      .max(100)
      .default(10)
      .describe('c of exp(c|x| − x²/2): where both sides have their top.'),
    variances: z
      .array(z.number().min(1e-6).max(1e6))
      .min(1)
      .max(100_000)
      .optional()
      .describe('What the exponent is divided by, for the first coordinates; 1 for all that are left out.'),
    odds: z
      .array(z.number().min(1e-6).max(1e6))
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'Weight of the positive side over that of the negative one, for the first coordinates; 1 for all that are left out.',
      ),
  })
  .refine(({ dim, folded = 1 }) => folded <= dim, {
    path: ['folded'],
    message: 'are more than the coordinates',
    params: { fix: 'Lower "folded" or raise "dim".' },
  })
  .refine(({ dim, variances = [] }) => variances.length <= dim, {
    path: ['variances'],
    message: 'are more than the coordinates',
    params: { fix: 'Give at most one for each coordinate.' },
  })
  .refine(({ dim, folded = Math.min(10, dim), odds = [] }) => odds.length <= folded, {
    path: ['odds'],
    message: 'are more than the folded coordinates',
    params: { fix: 'Give at most one for each coordinate that has two sides.' },
  })
  .refine(({ distance, odds }) => odds === undefined || distance > 0, {
    path: ['odds'],
    message: 'need a distance above 0',
    params: { fix: 'Raise "distance" or leave "odds" out.' },
  })
  .describe(
    'exp(Σ c|x_i| − |x|²/2): a Gaussian folded outwards in its first coordinates, with a mode for each pattern of signs.',
  );

export const crossedMixture = z
  .strictObject({ type: z.literal('crossed-mixture') })
  .describe('Six Gaussians in the plane, narrow bars that cross each other. Normalised: log Z = 0.');

export const manyWell = z
  .strictObject({
    type: z.literal('many-well'),
    dim: z
      .int()
      .min(2)
      .max(10_000)
      .default(32)
      .describe('Dimension, even: pairs of a double well and a Gaussian coordinate.'),
    barrier: z.number().min(0).max(20).default(6).describe('b of −x⁴ + b x² + t x: how far apart the two wells are.'),
    tilt: z.number().min(-20).max(20).default(0.5).describe('t: how much deeper the right well is.'),
  })
  .refine(({ dim }) => dim % 2 === 0, {
    path: ['dim'],
    message: 'is odd',
    params: { fix: 'Give an even number: each double well has a Gaussian coordinate beside it.' },
  })
  .describe(
    'Pairs with log density −x⁴ + 6x² + x/2 − y²/2: 2 to the number of pairs of unequal modes. log Z by quadrature.',
  );

export const truncatedNormal = z
  .strictObject({
    type: z.literal('truncated-normal'),
    dim: dimension.default(2).describe('Dimension.'),
    radius: z.number().min(0).max(30).default(3).describe('c: what is left is |x| ≥ c.'),
    edge: z
      .enum(['smooth', 'hard'])
      .default('smooth')
      .describe(
        '"smooth": a sigmoid of the distance, which gradients can follow; "hard": nothing inside, log Z is that of the event.',
      ),
    sharpness: z
      .number()
      .min(1)
      .max(100)
      .default(35)
      .describe('κ of the smooth edge 1/(1 + exp(−κ(|x| − c − margin))).'),
    margin: z.number().min(0).max(10).default(0.1).describe('How far outside c the smooth edge lies.'),
  })
  .describe('A standard normal outside a ball. log Z is the log probability of |x| ≥ c where the edge is hard.');

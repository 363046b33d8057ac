import { z } from 'zod';
import { dimension, finite, targetSeed } from './targets/common';
import { nice, seeds } from './targets/data';
import {
  circleMixture,
  crossedMixture,
  cubeMixture,
  exponentiallyWeightedGaussian,
  manyWell,
  truncatedNormal,
} from './targets/modes';

const perCoordinate = (number: z.ZodNumber) => z.union([number, z.array(number).min(1).max(100_000)]);
const scale = z.number().min(1e-6).max(1e6);

/** Which law the means of a drawn mixture have; "drawn from N(3, I)" has been read in three ways. The last is that of a wide square. */
const meanReadings = ['N(3, I)', 'N(0, 9 I)', 'N(0, 3 I)', 'U(-40, 40)'] as const;
export type MeanReading = (typeof meanReadings)[number];

const mixture = z
  .strictObject({
    type: z.literal('gaussian-mixture'),
    dim: dimension.optional().describe('Dimension of a drawn mixture.'),
    components: z.int().min(1).max(1000).optional().describe('Components of a drawn mixture; 8 when left out.'),
    reading: z
      .enum(meanReadings)
      .optional()
      .describe('What the means of a drawn mixture are drawn from: N(3, I) when left out.'),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional().describe('Of the drawn means; 0 when left out.'),
    means: z
      .array(z.array(finite).min(1).max(100_000))
      .min(1)
      .max(1000)
      .optional()
      .describe('The means of an explicit mixture, instead of "dim" and the others.'),
    stds: z
      .array(scale)
      .min(1)
      .max(1000)
      .optional()
      .describe('Standard deviation of each component, the same in all directions; 1 when left out.'),
    weights: z
      .array(z.number().positive().max(1e9))
      .min(1)
      .max(1000)
      .optional()
      .describe('Weight of each component, scaled to a sum of 1; equal when left out.'),
  })
  .refine((value) => (value.dim === undefined) !== (value.means === undefined), {
    message: 'needs either "dim" or "means"',
    params: { fix: 'Give "dim" for a drawn mixture or "means" for an explicit one.' },
  })
  .refine(
    (value) =>
      value.means === undefined ||
      (value.components === undefined && value.reading === undefined && value.seed === undefined),
    {
      message: 'has "means", which leave nothing to draw',
      params: { fix: 'Remove "components", "reading" and "seed", or "means".' },
    },
  )
  .refine(({ means = [] }) => means.every((mean) => mean.length === means[0]?.length), {
    message: 'has means of different lengths',
    params: { fix: 'Give every mean as many numbers as the density has coordinates.' },
  })
  .refine(
    ({ means, components, stds, weights }) => {
      const count = means?.length ?? components ?? 8;
      return [stds, weights].every((list) => list === undefined || list.length === count);
    },
    {
      message: 'has another number of "stds" or "weights" than of components',
      params: { fix: 'Give one for each component.' },
    },
  )
  .describe('A mixture of Gaussians, drawn or explicit. Normalised: log Z = 0.');

const gaussian = z
  .strictObject({
    type: z.literal('gaussian'),
    dim: dimension.optional().describe('Dimension; left out, as many as the lists below have entries.'),
    mean: perCoordinate(finite).default(0).describe('Mean: one number, or one a coordinate.'),
    std: perCoordinate(scale)
      .optional()
      .describe('Standard deviation: one number, or one a coordinate; 1 when left out.'),
    correlation: z.number().gt(-1).lt(1).optional().describe('Correlation of every two coordinates.'),
    covariance: z
      .array(z.array(finite).min(1).max(2000))
      .min(1)
      .max(2000)
      .optional()
      .describe('The whole covariance matrix, instead of "std" and "correlation".'),
  })
  .refine((value) => value.covariance === undefined || (value.std === undefined && value.correlation === undefined), {
    message: 'has a "covariance" beside "std" or "correlation"',
    params: { fix: 'Give one or the other.' },
  })
  .refine(({ covariance = [] }) => covariance.every((row) => row.length === covariance.length), {
    message: 'has a covariance that is not square',
    params: { fix: 'Give as many rows as columns.' },
  })
  .refine(({ dim, mean, std, covariance }) => lengths(dim, mean, std, covariance).size === 1, {
    message: 'does not say one dimension',
    params: { fix: 'Give "dim", or lists of the same length.' },
  })
  .describe('A Gaussian. Normalised: log Z = 0.');

function lengths(...fields: readonly (number | readonly unknown[] | undefined)[]): Set<number> {
  const [dim, ...lists] = fields;
  return new Set([
    ...(typeof dim === 'number' ? [dim] : []),
    ...lists.flatMap((x) => (Array.isArray(x) ? [x.length] : [])),
  ]);
}

const bimodal = z
  .strictObject({
    type: z.literal('bimodal'),
    dim: dimension.default(1).describe('Dimension.'),
    sigma: z.number().min(1e-3).max(1e3).default(0.25).describe('Standard deviation of each mode.'),
  })
  .describe('½ N(0, σ²I) + ½ N(1, σ²I), with means of all zeros and all ones. Normalised: log Z = 0.');

const laplace = z
  .strictObject({
    type: z.literal('laplace'),
    dim: dimension.describe('Dimension.'),
    location: finite.default(0).describe('Location of every coordinate.'),
    scale: scale.default(1).describe('Scale b of every coordinate, whose standard deviation is b√2.'),
  })
  .describe('Independent Laplace coordinates. Normalised: log Z = 0.');

const studentT = z
  .strictObject({
    type: z.literal('student-t'),
    dim: dimension.describe('Dimension.'),
    degrees: z.number().min(0.1).max(1e6).default(3).describe('Degrees of freedom.'),
    location: finite.default(0).describe('Location of every coordinate.'),
    scale: scale.default(1).describe('Scale of every coordinate.'),
  })
  .describe("Independent coordinates with Student's t distribution. Normalised: log Z = 0.");

const funnel = z
  .strictObject({
    type: z.literal('funnel'),
    dim: z.int().min(2).max(100_000).default(10).describe('Dimension.'),
    sigma: z.number().min(1e-3).max(10).default(3).describe('Standard deviation of the first coordinate.'),
  })
  .describe("Neal's funnel: x₁ ~ N(0, σ²), the others given x₁ independent N(0, exp(x₁)). Normalised: log Z = 0.");

const gaussianProcess = z
  .strictObject({
    type: z.literal('gaussian-process'),
    observations: z.int().min(1).max(1000).default(30).describe('How many sites have an observation: the dimension.'),
    lengthScale: z.number().min(1e-3).max(1e3).default(0.8).describe('ρ of the kernel exp(−(t − t′)²/(2ρ²)).'),
    noise: z.number().min(1e-4).max(1e3).default(0.25).describe('Standard deviation of the observation noise.'),
    jitter: z.number().min(1e-10).max(1).default(1e-5).describe('Added to the diagonal of the Gram matrix.'),
    interval: z.tuple([finite, finite]).default([0, 10]).describe('Where the sites are.'),
    data: z
      .enum(['fixed', 'drawn'])
      .default('fixed')
      .describe(
        '"fixed": equally spaced sites with y = sin t + 0.25 cos 7t; "drawn": a path of the prior with noise at random sites of a grid.',
      ),
    grid: z
      .int()
      .min(2)
      .max(2000)
      .default(100)
      .describe('Drawn data: equally spaced points that sites are taken from.'),
    seed: targetSeed.describe('Of drawn data.'),
  })
  .refine((value) => value.interval[0] < value.interval[1], {
    path: ['interval'],
    message: 'ends before it begins',
    params: { fix: 'Give the smaller end first.' },
  })
  .refine((value) => value.data === 'fixed' || value.observations <= value.grid, {
    path: ['observations'],
    message: 'are more than the grid has points',
    params: { fix: 'Lower "observations" or raise "grid".' },
  })
  .describe('The values of a Gaussian process at observed sites, given noisy observations. Its posterior is known.');

const column = z.union([z.string().min(1), z.int().min(1)]);

const logisticRegression = z
  .strictObject({
    type: z.literal('logistic-regression'),
    file: z.string().min(1).describe('CSV or LIBSVM file, relative to the run file.'),
    format: z
      .enum(['auto', 'csv', 'libsvm'])
      .default('auto')
      .describe('LIBSVM has a label and index:value pairs in each row; "auto" looks for the colon.'),
    label: column
      .optional()
      .describe(
        'The column of the label, by name or by number from 1. Left out: "label", "class", "target" or "y", else the last.',
      ),
    positive: z
      .union([z.string(), z.number()])
      .optional()
      .describe('Which label is class 1; the greater of the two when left out.'),
    exclude: z
      .array(column)
      .max(1000)
      .default([])
      .describe('Columns that are no features, by name or by number from 1.'),
    missing: z
      .enum(['refuse', 'drop'])
      .default('refuse')
      .describe('What becomes of a row with an empty cell, NA or ?: an error, or it is left out.'),
    scaling: z
      .enum(['standardise', 'min-max', 'none'])
      .default('standardise')
      .describe('Each feature to mean 0 and variance 1, to [0, 1], or as it is in the file. A constant one stays.'),
    priorStd: scale.default(1).describe('Standard deviation of the prior of every weight, the intercept included.'),
    precision: z
      .strictObject({
        shape: scale.default(1).describe('Shape of the gamma prior.'),
        rate: scale.default(0.01).describe('Rate of the gamma prior.'),
      })
      .optional()
      .describe('Learn the precision λ of that prior too, λ ~ Gamma(shape, rate); log λ is one coordinate more.'),
    split: z
      .strictObject({
        train: z.number().gt(0).lt(1).default(0.8).describe('Fraction of the rows to fit, rounded down.'),
        seed: targetSeed.describe('Of the order in which rows are taken.'),
      })
      .optional()
      .describe('Keep some rows back for testing. Left out, all are fitted.'),
  })
  .describe('Bayesian logistic regression: weights ~ N(0, I), the intercept first, y ~ Bernoulli(sigmoid(xᵀw)).');

/** An unnormalised density that methods are tried on. */
export const targetSchema = z.discriminatedUnion('type', [
  mixture,
  gaussian,
  bimodal,
  laplace,
  studentT,
  funnel,
  gaussianProcess,
  logisticRegression,
  seeds,
  nice,
  circleMixture,
  cubeMixture,
  crossedMixture,
  exponentiallyWeightedGaussian,
  manyWell,
  truncatedNormal,
]);
export type TargetSpec = z.infer<typeof targetSchema>;
export type TargetType = TargetSpec['type'];
export type TargetOf<Type extends TargetType> = Extract<TargetSpec, { type: Type }>;

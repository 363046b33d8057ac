import { z } from 'zod';
import { classifierSchema } from './classifier';
import { deviceNames } from './devices';
import { greyLevels } from './greyLevels';
import { modelSchema } from './model';

/** What metrics that look at pairs of points cost more or less by. */
const costs = {
  floors: z
    .int()
    .min(0)
    .max(50)
    .default(3)
    .describe(
      'How often every distance is measured again between two exact sets of the same sizes, for a band that tells good from perfect. Each costs as much as the distances themselves.',
    ),
  permutations: z
    .int()
    .min(0)
    .max(10_000)
    .default(100)
    .describe('Permutations behind the p-values of MMD; 0 leaves them out.'),
  matched: z
    .int()
    .min(0)
    .max(2000)
    .default(500)
    .describe(
      'Points at most that exact and entropic transport match, whose cost grows with their cube and square; 0 leaves both out.',
    ),
};
const neighbours = z
  .int()
  .min(1)
  .max(100)
  .default(5)
  .describe('k: the neighbour whose distance is the radius of a point, for precision, recall, density and coverage.');

/** How far the draws of a run's methods are held against the modes and exact samples of the target. */
export const targetCoverageSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      samples: z
        .int()
        .min(10)
        .max(20_000)
        .default(1000)
        .describe(
          'Draws of each method, and exact samples of the target, that distances between all pairs are taken over, at most; fewer in thousands of dimensions.',
        ),
      ...costs,
      floors: costs.floors.default(2),
      matched: costs.matched.default(200),
      neighbours,
    }),
  ])
  .prefault({})
  .describe(
    'Modes found, mode weights, and distances of the draws from exact samples of the target; false leaves them out.',
  );
export type TargetCoverageSpec = Exclude<z.infer<typeof targetCoverageSchema>, false>;

const labelsSchema = z.strictObject({
  file: z.string().min(1).describe('IDX, NumPy or CSV file with a whole number a datum, relative to the run file.'),
  array: z.string().optional().describe('Which array of an npz archive.'),
});

const coverageReferenceSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe(
      'IDX, CIFAR-10, NumPy or CSV file of real items that the model was not trained on, relative to the run file.',
    ),
  array: z.string().optional().describe('Which array of an npz archive.'),
  offset: z.int().min(0).default(0).describe('How many data to skip.'),
  limit: z.int().min(10).max(100_000).default(5000).describe('How many data to use at the most.'),
  ...greyLevels,
  labels: labelsSchema.optional().describe('The classes of the same data, in the same order.'),
});

const trainingSchema = z.strictObject({
  file: z.string().min(1).describe('Data file, relative to the run file.'),
  array: z.string().optional().describe('Which array of an npz archive.'),
  offset: z.int().min(0).default(0).describe('How many data to skip.'),
  limit: z.int().min(10).max(100_000).default(10_000).describe('How many data to use at the most.'),
});

const coverageFeaturesSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('pixels') }).describe('The numbers of an item as they are.'),
  z
    .strictObject({
      type: z.literal('pca'),
      components: z.int().min(1).max(1024).default(64).describe('Principal components of the real items.'),
    })
    .describe('Principal components of the real items, each scaled to variance 1 over them.'),
  z
    .strictObject({ type: z.literal('classifier') })
    .describe('What the last hidden layer of the classifier makes of an item.'),
]);
export type CoverageFeaturesSpec = z.infer<typeof coverageFeaturesSchema>;

/** A generator held against real items: which classes it draws, and how near to them. */
export const coverageRunSchema = z
  .strictObject({
    kind: z.literal('coverage'),
    name: z.string().max(200).optional().describe('What this run is called in tables.'),
    model: modelSchema,
    reference: coverageReferenceSchema.describe('The real items.'),
    training: trainingSchema
      .optional()
      .describe(
        'What the model was trained on, scaled as the reference is: whether drawn items lie nearer to it than real ones that it never saw. Left out, nothing is said of memorisation.',
      ),
    classifier: classifierSchema
      .optional()
      .describe(
        'A trained network that tells the classes of items. Left out, an item has that of its nearest real one.',
      ),
    samples: z
      .int()
      .min(10)
      .max(100_000)
      .default(5000)
      .describe('Items to draw from the model: z from the prior, then x of z.'),
    draws: z
      .enum(['mean', 'sample'])
      .default('mean')
      .describe('What an item is: the mean of p(x | z), as pictures of a model show it, or a draw with its noise.'),
    rescale: z
      .enum(['none', 'from-tanh'])
      .default('none')
      .describe('What becomes of drawn items: as they are, or from -1 to 1, as a tanh gives them, to 0 to 1.'),
    features: coverageFeaturesSchema
      .optional()
      .describe('What distances are taken between. Left out: of the classifier where there is one, else "pca".'),
    confidence: z
      .number()
      .min(0)
      .max(1)
      .default(0.9)
      .describe('Probability of its class from which on an item counts as good.'),
    neighbours,
    ...costs,
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('Fixes every random number of the run.'),
    device: z.enum(deviceNames).default('cpu').describe('Where to compute.'),
  })
  .refine(({ features, classifier }) => features?.type !== 'classifier' || classifier !== undefined, {
    path: ['features', 'type'],
    message: 'is "classifier", and there is none',
    params: { fix: 'Name a "classifier", or use "pca" or "pixels".' },
  });
export type CoverageRunSpec = z.infer<typeof coverageRunSchema>;

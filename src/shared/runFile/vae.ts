import { z } from 'zod';
import { deviceNames } from './devices';
import { activations } from './model';

/** A number of rows, or below 1 a share of them. */
const part = (description: string) =>
  z
    .number()
    .positive()
    .max(1e9)
    .refine((value) => value < 1 || Number.isInteger(value), {
      message: 'is neither a share nor a count',
      params: { fix: 'Give a share below 1, or a whole number of data.' },
    })
    .describe(description);

const imageFile = {
  file: z.string().min(1).describe('IDX, CIFAR-10, NumPy or CSV file, relative to the run file.'),
  array: z.string().optional().describe('Which array of an npz archive.'),
  offset: z.int().min(0).default(0).describe('How many data to skip.'),
  limit: z.int().min(1).optional().describe('How many data to use at the most; all when left out.'),
};

const widths = (what: string) =>
  z.array(z.int().min(1).max(16_384)).max(16).default([200, 200]).describe(`Widths of the hidden layers of ${what}.`);

const vaeLikelihoodSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bernoulli') }).describe('Pixels in [0, 1]; the decoder ends in logits.'),
  z
    .strictObject({
      type: z.literal('gaussian'),
      sigma: z
        .number()
        .min(1e-4)
        .max(1e4)
        .default(0.1)
        .describe('Standard deviation of the observation noise, or what it begins with where it is learned.'),
      learned: z.boolean().default(false).describe('Whether the variance is trained along, one for all pixels.'),
      output: z
        .enum(activations)
        .default('identity')
        .describe('What the decoder’s last layer goes through to be the mean.'),
    })
    .describe('Real-valued data; the decoder ends in the mean.'),
]);

/** What every bound of a chain is told. */
const chain = {
  steps: z.int().min(1).max(10_000).default(16).describe('K: transitions from q(z | x) to the posterior.'),
  particles: z.int().min(1).max(1024).default(1).describe('N: chains of a datum under one logarithm.'),
  schedule: z.enum(['learned', 'linear']).default('learned').describe('The inverse temperatures.'),
  stepSize: z.number().gt(0).lt(1).default(0.02).describe('δ of every transition at the start; below "maxStepSize".'),
  maxStepSize: z.number().gt(0).max(1).default(0.25).describe('What learned step sizes stay below.'),
  learnStepSizes: z.boolean().default(true).describe('Whether step sizes are trained along, one for each transition.'),
};
const momentum = {
  refreshment: z
    .number()
    .gt(0.01)
    .lt(0.99)
    .default(0.7)
    .describe('h: what the momentum keeps in a refreshment, at the start.'),
  learnRefreshment: z.boolean().default(true).describe('Whether h is trained along.'),
  mass: z
    .enum(['diagonal', 'identity'])
    .default('diagonal')
    .describe('The mass matrix: one learned number a coordinate, or 1.'),
};
const score = z
  .strictObject({
    width: z.int().min(1).max(4096).default(64).describe('Width of its residual blocks.'),
    blocks: z.int().min(1).max(16).default(3).describe('How many residual blocks.'),
    embedding: z.int().min(1).max(1024).default(16).describe('Numbers that stand for each transition.'),
    summary: z.int().min(1).max(4096).default(50).describe('Numbers that the encoder tells it of x.'),
  })
  .prefault({})
  .describe('The network that learns the reversal of the chain.');

const fits = {
  message: 'starts at or above its own limit',
  params: { fix: 'Lower "stepSize", or raise "maxStepSize".' },
};
const startsBelow = ({ stepSize, maxStepSize }: { stepSize: number; maxStepSize: number }) => stepSize < maxStepSize;

export const vaeBoundSchema = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('elbo') })
    .describe('The evidence lower bound: one z of q(z | x), and KL(q ‖ p(z)) in closed form.'),
  z
    .strictObject({
      type: z.literal('iwae'),
      samples: z.int().min(2).max(10_000).default(5).describe('K: samples of q(z | x) under one logarithm.'),
    })
    .describe('The importance-weighted bound.'),
  z
    .strictObject({ type: z.literal('ula'), ...chain })
    .refine(startsBelow, fits)
    .describe('Unadjusted Langevin annealing from q(z | x) to the posterior.'),
  z
    .strictObject({ type: z.literal('uha'), ...chain, ...momentum })
    .refine(startsBelow, fits)
    .describe('Unadjusted Hamiltonian annealing: kick, drift, kick and a partial refreshment.'),
  z
    .strictObject({ type: z.literal('ula-mcd'), ...chain, score })
    .refine(startsBelow, fits)
    .describe('Langevin annealing whose reversal a score network learns (Monte Carlo diffusion).'),
  z
    .strictObject({ type: z.literal('uha-mcd'), ...chain, ...momentum, score })
    .refine(startsBelow, fits)
    .describe('Hamiltonian annealing whose reversal a score network learns.'),
  z
    .strictObject({ type: z.literal('dais'), ...chain, ...momentum })
    .refine(startsBelow, fits)
    .describe('Differentiable annealed importance sampling: drift, kick, drift with one gradient a transition.'),
]);
export type VaeBoundSpec = z.infer<typeof vaeBoundSchema>;
export type VaeChainSpec = Exclude<VaeBoundSpec, { type: 'elbo' | 'iwae' }>;

export const vaeRunSchema = z
  .strictObject({
    kind: z.literal('vae'),
    name: z.string().max(200).optional().describe('What this run is called in tables.'),
    data: z
      .strictObject({
        ...imageFile,
        scale: z
          .enum(['auto', 'none', 'unit'])
          .default('auto')
          .describe('Bytes 0 to 255 become 0 to 1: by "auto" in files of images, by "unit" always, by "none" never.'),
        binarise: z
          .enum(['none', 'threshold', 'static', 'dynamic'])
          .default('none')
          .describe(
            'How grey levels become binary: as they are; at 0.5; drawn once with the grey level as probability; or drawn anew for each minibatch. What is validated and tested on is drawn once in either case.',
          ),
      })
      .describe('The images to train on, and to validate and test on unless "test" names a file.'),
    validation: part('Data kept back to choose the best parameters by: a share below 1, or a count.').default(0.1),
    test: z
      .union([
        part('Data kept back to judge the trained model on: a share below 1, or a count.'),
        z.strictObject(imageFile).describe('A file of its own, treated like the data.'),
      ])
      .default(0.1)
      .describe('What the trained model is judged on: kept back from the data, or a file of its own.'),
    likelihood: vaeLikelihoodSchema.default({ type: 'bernoulli' }).describe('p(x | z).'),
    model: z
      .strictObject({
        latent: z.int().min(1).max(4096).default(10).describe('d: dimensions of z.'),
        encoder: widths('the encoder, from x to z'),
        decoder: widths('the decoder, from z to x'),
        activation: z.enum(activations).default('tanh').describe('After each hidden layer.'),
      })
      .prefault({})
      .describe('The networks.'),
    bound: vaeBoundSchema.default({ type: 'elbo' }).describe('The lower bound on log p(x) that training maximises.'),
    training: z
      .strictObject({
        epochs: z
          .int()
          .min(1)
          .max(1_000_000)
          .optional()
          .describe('Passes over the training data; 50 when neither this nor "iterations" is given.'),
        iterations: z.int().min(1).max(100_000_000).optional().describe('Updates of Adam, instead of "epochs".'),
        batch: z.int().min(1).max(65_536).default(100).describe('Data in a minibatch.'),
        learningRate: z.number().positive().max(1).default(1e-3).describe('Of Adam.'),
        decay: z
          .enum(['constant', 'cosine'])
          .default('constant')
          .describe('How the learning rate goes on: as it is, or to zero along half a cosine.'),
        clip: z
          .number()
          .positive()
          .max(1e9)
          .default(100)
          .describe('The norm that a gradient is scaled down to where it is larger.'),
        evaluateEvery: z
          .int()
          .min(1)
          .max(10_000_000)
          .optional()
          .describe('Updates between two looks at the validation data; an epoch when left out.'),
        patience: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(20)
          .describe('Looks without an improvement after which training ends. The best parameters are kept.'),
      })
      .refine(({ epochs, iterations }) => epochs === undefined || iterations === undefined, {
        message: 'has both "epochs" and "iterations"',
        params: { fix: 'Give one of them.' },
      })
      .prefault({})
      .describe('How everything is trained together.'),
    evaluate: z
      .strictObject({
        data: z.int().min(1).max(1_000_000).default(1000).describe('Test data that bounds are averaged over at most.'),
        iwae: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(5000)
          .describe('K of the importance-weighted bound on the test log-likelihood.'),
        annealed: z
          .union([
            z.literal(false),
            z.strictObject({
              data: z.int().min(1).max(1_000_000).default(100).describe('Test data that chains are run for.'),
              temperatures: z
                .int()
                .min(1)
                .max(1_000_000)
                .default(100)
                .describe('T: increments of the inverse temperature.'),
              chains: z.int().min(1).max(100_000).default(16).describe('K: chains for each datum.'),
              leapfrog: z.int().min(1).max(1000).default(10).describe('L: leapfrog steps in each HMC transition.'),
            }),
          ])
          .prefault({})
          .describe(
            'Annealed chains from q(z | x), for a second bound on the test log-likelihood; false leaves them out.',
          ),
      })
      .prefault({})
      .describe('How the trained model is judged on the test data.'),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('Fixes every random number of the run.'),
    device: z.enum(deviceNames).default('cpu').describe('Where to compute.'),
  })
  .refine(({ data, likelihood }) => likelihood.type === 'bernoulli' || data.binarise === 'none', {
    path: ['data', 'binarise'],
    message: 'makes sense only with a Bernoulli likelihood',
    params: { fix: 'Leave it out, or use the likelihood "bernoulli".' },
  });
export type VaeRunSpec = z.infer<typeof vaeRunSchema>;

/** Whether a bound is that of a chain. */
export function isChainBound(bound: VaeBoundSpec): bound is VaeChainSpec {
  return bound.type !== 'elbo' && bound.type !== 'iwae';
}

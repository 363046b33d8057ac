import { z } from 'zod';
import { activations, layerSchema } from './model';

/** What results call the distributions that are not learned. */
const fixedNames = ['prior', 'gaussian'];

/** What a proposal or a critic is called in a run file, its results and its kept files. */
export function componentName(description: string) {
  return z
    .string()
    .min(1)
    .max(40)
    .refine((name) => /^[a-z][\w-]*$/i.test(name) && !fixedNames.includes(name.toLowerCase()), {
      message: 'is no name for a network',
      params: { fix: 'Use letters, digits, "-" and "_", a letter first, and not "prior" or "gaussian".' },
    })
    .describe(description);
}

const hidden = z.array(z.int().min(1).max(16_384)).max(16).default([400, 400]).describe('Widths of the hidden layers.');
const activation = z.enum(activations).default('relu').describe('After each hidden layer.');

/** How a network is trained: Adam on minibatches of pairs (z, x) that are drawn from the model afresh each time. */
const training = {
  iterations: z
    .int()
    .min(0)
    .max(100_000_000)
    .default(2000)
    .describe('Updates of Adam; 0 leaves the network as it begins.'),
  batch: z.int().min(1).max(65_536).default(100).describe('Pairs (z, x) in a minibatch.'),
  learningRate: z.number().positive().max(1).default(1e-3).describe('Of Adam.'),
  decay: z
    .enum(['constant', 'cosine'])
    .default('constant')
    .describe('How the learning rate goes on: as it is, or to zero along half a cosine.'),
};

/** A file of an earlier run's "artifacts". */
const saved = z.string().min(1).describe('Path of the kept network, relative to the run file.');

export const proposalObjectives = ['forward-kl', 'reverse-kl', 'symmetric-kl', 'iwae'] as const;
export type ProposalObjective = (typeof proposalObjectives)[number];

export const proposalSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('network'),
      name: componentName('What estimators call it.'),
      hidden,
      activation,
      objective: z
        .enum(proposalObjectives)
        .default('forward-kl')
        .describe(
          'What is minimised: KL(p(z | x) ‖ q) on simulated pairs (forward, covers all of the posterior), KL(q ‖ p(z | x)) (reverse, the ELBO), half of each, or the upper bound of IWAE on log p(x).',
        ),
      samples: z.int().min(2).max(100_000).default(100).describe('K of the objective "iwae".'),
      ...training,
      refine: z
        .int()
        .min(0)
        .max(100_000_000)
        .default(0)
        .describe(
          'Then so many updates of the ELBO on the data of the run itself, which tightens lower bounds on log p(x).',
        ),
    })
    .describe('A diagonal Gaussian whose mean and log standard deviation a network reads off x.'),
  z
    .strictObject({
      type: z.literal('encoder'),
      name: componentName('What estimators call it.'),
      checkpoint: z.string().min(1).optional().describe('Path of the checkpoint; that of the model when left out.'),
      layers: z
        .array(layerSchema)
        .max(200)
        .optional()
        .describe('The layers from x to what both heads read. Left out, they are guessed from the checkpoint.'),
      mean: z.string().min(1).optional().describe('Key of the linear layer that gives the mean.'),
      logVariance: z.string().min(1).optional().describe('Key of the linear layer that gives the log variance.'),
    })
    .describe('The encoder of a VAE checkpoint. With neither head named, its last layer gives [mean | log variance].'),
  z
    .strictObject({ type: z.literal('saved'), name: componentName('What estimators call it.'), file: saved })
    .describe('A proposal that an earlier run has kept.'),
]);
export type ProposalSpec = z.infer<typeof proposalSchema>;
export type NetworkProposalSpec = Extract<ProposalSpec, { type: 'network' }>;
export type EncoderProposalSpec = Extract<ProposalSpec, { type: 'encoder' }>;

export const criticObjectives = ['infonce', 'giwae', 'mine-dv', 'mine-f', 'mine-ais'] as const;
export type CriticObjective = (typeof criticObjectives)[number];

const base = z
  .union([z.literal('prior'), componentName('One of "proposals".')])
  .default('prior')
  .describe('The distribution q(z | x) that the critic corrects: the prior, or one of "proposals".');

export const criticSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('network'),
      name: componentName('What results call it.'),
      hidden,
      activation,
      objective: z
        .enum(criticObjectives)
        .default('mine-ais')
        .describe('The bound that training raises. "mine-ais" raises IBAL with samples from HMC chains of its own.'),
      base,
      trainBase: z
        .boolean()
        .default(false)
        .describe('Train a copy of the base along with the critic; it starts where the base ended.'),
      samples: z
        .int()
        .min(2)
        .max(100_000)
        .default(100)
        .describe('K of the objectives "infonce" and "giwae"; negatives of each pair, less one, in the others.'),
      ...training,
      transitions: z
        .int()
        .min(0)
        .max(10_000)
        .default(10)
        .describe('"mine-ais": M, HMC transitions from the true sample.'),
      leapfrog: z.int().min(1).max(1000).default(20).describe('"mine-ais": leapfrog steps of each.'),
      stepSize: z.number().positive().max(10).default(0.05).describe('"mine-ais": leapfrog step size.'),
    })
    .describe('A network T(x, z) that reads x and z.'),
  z
    .strictObject({ type: z.literal('saved'), name: componentName('What results call it.'), base, file: saved })
    .describe('A critic that an earlier run has kept.'),
]);
export type CriticSpec = z.infer<typeof criticSchema>;
export type NetworkCriticSpec = Extract<CriticSpec, { type: 'network' }>;

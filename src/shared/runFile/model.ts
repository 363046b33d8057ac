import { z } from 'zod';

/** Activations that a decoder may name by themselves. */
export const activations = [
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'tanh',
  'sigmoid',
  'softplus',
  'identity',
] as const;
export type Activation = (typeof activations)[number];

const key = (what: string) =>
  z.string().min(1).describe(`Key of the ${what} in the state dict, without ".weight", for example "fc3".`);
const pair = (least: number) => z.union([z.int().min(least), z.tuple([z.int().min(least), z.int().min(least)])]);

/** One layer of a decoder: a string is an activation, an object names its weights by their key in the state dict. */
export const layerSchema = z.union([
  z.enum(activations),
  z.strictObject({ linear: key('linear layer') }),
  z.strictObject({
    conv: key('convolution'),
    stride: pair(1).default(1),
    padding: pair(0).default(0),
  }),
  z.strictObject({
    convTranspose: key('transposed convolution'),
    stride: pair(1).default(1),
    padding: pair(0).default(0),
    outputPadding: pair(0).default(0),
  }),
  z.strictObject({ batchNorm: key('batch normalisation'), epsilon: z.number().positive().default(1e-5) }),
  z.strictObject({ leakyRelu: z.number().min(0).describe('Slope below zero.') }),
  z.strictObject({
    reshape: z.array(z.int().positive()).min(1).max(4).describe('Shape of one datum from here on, channels first.'),
  }),
]);
export type Layer = z.infer<typeof layerSchema>;

export const likelihoodSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bernoulli') }).describe('Binary pixels; the decoder ends in logits.'),
  z
    .strictObject({
      type: z.literal('gaussian'),
      sigma: z.number().min(1e-6).max(1e6).optional().describe('Standard deviation of the observation noise.'),
      logVariance: z.string().min(1).optional().describe('Key of a scalar log variance in the state dict.'),
    })
    .refine((value) => (value.sigma === undefined) !== (value.logVariance === undefined), {
      message: 'needs either "sigma" or "logVariance"',
      params: { fix: 'Give exactly one of them.' },
    })
    .describe('Real-valued data; the decoder ends in the mean.'),
]);
export type LikelihoodSpec = z.infer<typeof likelihoodSchema>;

export const modelSchema = z.strictObject({
  checkpoint: z.string().min(1).describe('Path of the checkpoint, relative to the run file.'),
  decoder: z
    .array(layerSchema)
    .min(1)
    .max(200)
    .optional()
    .describe(
      'The layers from z to x in order. Left out, they are guessed from the names and shapes in the checkpoint.',
    ),
  likelihood: likelihoodSchema.optional().describe('p(x | z). Left out, it is guessed and reported as a warning.'),
});
export type ModelSpec = z.infer<typeof modelSchema>;

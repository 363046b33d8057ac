import type { Layer, LikelihoodSpec } from '../../shared/runFile';
import { layerSchema, likelihoodSchema } from '../../shared/runFile';
import type { Checkpoint, NamedTensor } from '../checkpoints';
import { z } from 'zod';

/** What a checkpoint looks like from its names and shapes. A person confirms or mends it in the run file. */
export interface Guess {
  readonly decoder: Layer[];
  readonly likelihood: LikelihoodSpec;
  /** d */
  readonly latent: number;
  /** What was assumed and could be wrong, as sentences. */
  readonly notes: string[];
  /** The file itself says so; nothing was guessed. */
  readonly declared: boolean;
}

/** A layer with weights, as its names and shapes tell. */
export interface Weighted {
  /** Key without ".weight". */
  readonly key: string;
  readonly shape: readonly number[];
}

/** Guesses the decoder in a checkpoint, or says why it cannot. */
export function guessDecoder(checkpoint: Checkpoint): Guess | { readonly reason: string } {
  const declared = declaredIn(checkpoint);
  if (declared !== undefined) return declared;
  const weighted = weightsOf(checkpoint);
  const chosen = preferDecoder(weighted);
  if (chosen.length === 0) return { reason: 'the checkpoint holds no weight of two or four dimensions' };
  return chosen.some((layer) => layer.shape.length === 4)
    ? guessConvolutional(chosen, checkpoint)
    : guessDense(chosen, checkpoint);
}

/** A file of our own says its layers in its metadata. */
function declaredIn(checkpoint: Checkpoint): Guess | undefined {
  const parse = <T>(schema: z.ZodType<T>, key: string): T | undefined => {
    try {
      return schema.safeParse(JSON.parse(String(checkpoint.metadata.get(key)))).data;
    } catch {
      return undefined;
    }
  };
  const decoder = parse(z.array(layerSchema).min(1), 'decoder');
  const likelihood = parse(likelihoodSchema, 'likelihood');
  const first = decoder?.find((layer) => typeof layer === 'object' && 'linear' in layer);
  if (decoder === undefined || likelihood === undefined || first === undefined) return undefined;
  const key = first.linear;
  const latent = checkpoint.tensors.get(`${key}.weight`)?.shape[1];
  if (latent === undefined) return undefined;
  return { decoder, likelihood, latent, notes: ['The layers are those that the file itself names.'], declared: true };
}

/** Linear layers, convolutions and batch normalisations, in order. */
export function weightsOf(checkpoint: Checkpoint): Weighted[] {
  const found: Weighted[] = [];
  for (const [name, tensor] of checkpoint.tensors) {
    if (!name.endsWith('.weight')) continue;
    const key = name.slice(0, -'.weight'.length);
    const isNorm = checkpoint.tensors.has(`${key}.running_mean`);
    if (tensor.shape.length === 2 || tensor.shape.length === 4 || isNorm) found.push({ key, shape: tensor.shape });
  }
  return inOrder(found);
}

/**
 * In the order of the file, but numbered modules of one parent by their numbers: safetensors files are sorted as text, which puts
 * "main.10" before "main.3".
 */
function inOrder(layers: readonly Weighted[]): Weighted[] {
  const firstSeen = new Map<string, number>();
  const ranks = new Map<Weighted, number[]>();
  for (const layer of layers) {
    const segments = layer.key.split('.');
    const rank = segments.map((segment, depth) => {
      if (/^\d+$/.test(segment)) return Number(segment);
      const prefix = segments.slice(0, depth + 1).join('.');
      if (!firstSeen.has(prefix)) firstSeen.set(prefix, firstSeen.size);
      return firstSeen.get(prefix) ?? 0;
    });
    ranks.set(layer, rank);
  }
  return [...layers].sort((a, b) => {
    const [left, right] = [ranks.get(a) ?? [], ranks.get(b) ?? []];
    const depth = left.findIndex((value, index) => value !== right[index]);
    return depth < 0 ? left.length - right.length : (left[depth] ?? 0) - (right[depth] ?? -1);
  });
}

export const decoderNames = /(^|[._])(dec(oder)?|gen(erator)?|netg|g|de\d+|p_x|px)([._\d]|$)/i;
export const encoderNames = /(^|[._])(enc(oder)?|disc(riminator)?|netd|d_weights|q_z|qz|classifier)([._\d]|$)/i;

/** Names win where they tell; otherwise everything that does not sound like an encoder or a discriminator stays. */
function preferDecoder(layers: readonly Weighted[]): Weighted[] {
  const named = layers.filter((layer) => decoderNames.test(layer.key) && !encoderNames.test(layer.key));
  const rest = layers.filter((layer) => !encoderNames.test(layer.key));
  // "de1, de2, de3, out": the last layer of a decoder often has a name of its own.
  return named.length > 0 && named.length >= rest.length - 1 ? rest : named.length > 1 ? named : rest;
}

/**
 * Linear layers in the order of the file. Walking back from the last, the decoder begins where its input is narrowest: in a VAE
 * that is the latent, before which the encoder ends.
 */
function guessDense(layers: readonly Weighted[], checkpoint: Checkpoint): Guess | { readonly reason: string } {
  const linears = layers.filter((layer) => layer.shape.length === 2);
  const chain: Weighted[] = [];
  for (const layer of [...linears].reverse()) {
    const next = chain[0];
    const [outputs = 0, inputs = 0] = layer.shape;
    if (next !== undefined && (outputs !== next.shape[1] || inputs > outputs)) break;
    chain.unshift(layer);
  }
  const [first, last] = [chain[0], chain[chain.length - 1]];
  const latent = first?.shape[1] ?? 0;
  const width = last?.shape[0] ?? 0;
  if (first === undefined || latent >= width) {
    return { reason: `the last linear layers do not widen from a latent to data (${chain.map(describe).join(', ')})` };
  }
  const paper = logVarianceKey(checkpoint) !== undefined || /^de\d+$/.test(first.key);
  const hidden = paper ? 'tanh' : 'relu';
  const likelihood = likelihoodFor(checkpoint, paper);
  const decoder: Layer[] = chain.flatMap((layer, index) =>
    index < chain.length - 1 ? [{ linear: layer.key }, hidden] : [{ linear: layer.key }],
  );
  if (likelihood.type === 'gaussian' && chain.length > 1) decoder.push('sigmoid');
  const notes =
    chain.length > 1
      ? [`A state dict does not store activations; ${hidden} was assumed between the linear layers.`]
      : ['One linear layer: a linear-Gaussian model was assumed, which has a closed form.'];
  return {
    decoder,
    likelihood: chain.length > 1 ? likelihood : gaussianOr(likelihood),
    latent,
    declared: false,
    notes: [...notes, likelihoodNote(chain.length > 1 ? likelihood : gaussianOr(likelihood))],
  };
}

/** Transposed convolutions with batch normalisation, as in DCGAN: kernel 4, first 1×1 → 4×4, then doubling. */
function guessConvolutional(layers: readonly Weighted[], checkpoint: Checkpoint): Guess | { readonly reason: string } {
  const convolutions = layers.filter((layer) => layer.shape.length === 4);
  const first = convolutions[0];
  const last = convolutions[convolutions.length - 1];
  if (first === undefined || last === undefined) return { reason: 'it has no convolution' };
  const chains = convolutions.every(
    (layer, index) => index === 0 || convolutions[index - 1]?.shape[1] === layer.shape[0],
  );
  if (!chains || layers.some((layer) => layer.shape.length === 2)) {
    return { reason: 'its convolutions are no plain chain of transposed convolutions' };
  }
  const decoder: Layer[] = [];
  for (const layer of layers) {
    if (layer.shape.length === 4) {
      if (layer !== first) decoder.push('relu');
      const start = layer === first;
      decoder.push({ convTranspose: layer.key, stride: start ? 1 : 2, padding: start ? 0 : 1, outputPadding: 0 });
    } else decoder.push({ batchNorm: layer.key, epsilon: 1e-5 });
  }
  decoder.push('tanh');
  return {
    decoder,
    likelihood: likelihoodFor(checkpoint, true, 0.01),
    latent: first.shape[0] ?? 0,
    declared: false,
    notes: [
      'A chain of transposed convolutions as in DCGAN was assumed: stride 1 then 2, padding 0 then 1, relu inside, tanh at the end.',
      likelihoodNote(likelihoodFor(checkpoint, true, 0.01)),
    ],
  };
}

function likelihoodFor(
  checkpoint: Checkpoint,
  gaussian: boolean,
  sigma = Math.round(Math.sqrt(0.03) * 1e4) / 1e4,
): LikelihoodSpec {
  const key = logVarianceKey(checkpoint);
  if (key !== undefined) return { type: 'gaussian', logVariance: key };
  return gaussian ? { type: 'gaussian', sigma } : { type: 'bernoulli' };
}

function gaussianOr(likelihood: LikelihoodSpec): LikelihoodSpec {
  return likelihood.type === 'gaussian' && likelihood.logVariance !== undefined
    ? likelihood
    : { type: 'gaussian', sigma: 1 };
}

function likelihoodNote(likelihood: LikelihoodSpec): string {
  if (likelihood.type === 'bernoulli') return 'Bernoulli pixels with logits as the last output were assumed.';
  return likelihood.logVariance === undefined
    ? `Observation noise is not stored; Gaussian with σ = ${likelihood.sigma} was assumed.`
    : `Gaussian with the log variance stored under "${likelihood.logVariance}".`;
}

function logVarianceKey(checkpoint: Checkpoint): string | undefined {
  const scalar = (tensor: NamedTensor): boolean => tensor.data.length === 1;
  for (const [name, tensor] of checkpoint.tensors) {
    if (scalar(tensor) && /(^|\.)(x_)?log_?var(iance)?$/.test(name)) return name;
  }
  return undefined;
}

function describe(layer: Weighted): string {
  return `${layer.key} [${layer.shape.join(', ')}]`;
}

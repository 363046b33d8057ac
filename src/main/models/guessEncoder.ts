import { z } from 'zod';
import { layerSchema, type Activation, type Layer } from '../../shared/runFile';
import type { Checkpoint } from '../checkpoints';
import { sizeOf } from '../tensor/types';
import type { EncoderHeads } from './conditionalGaussian';
import { decoderNames, encoderNames, weightsOf, type Weighted } from './guess';

/** What a checkpoint's encoder looks like from its names and shapes. */
export interface EncoderGuess {
  /** From x to what both heads read, or where there are none to [mean | log variance]. */
  readonly layers: Layer[];
  readonly heads?: EncoderHeads;
  /** What was assumed and could be wrong, as sentences. */
  readonly notes: string[];
}

/** What the encoder must fit. */
export interface EncoderPlace {
  /** d */
  readonly latent: number;
  /** Shape of one datum, channels first. */
  readonly dataShape: readonly number[];
  /** The model's decoder, whose activation an encoder mostly shares. */
  readonly decoder: readonly Layer[];
}

/** Guesses the encoder in a checkpoint, or says why it cannot. */
export function guessEncoder(checkpoint: Checkpoint, place: EncoderPlace): EncoderGuess | { readonly reason: string } {
  const declared = declaredIn(checkpoint);
  if (declared !== undefined) return declared;
  const all = weightsOf(checkpoint);
  const named = all.filter(({ key }) => encoderNames.test(key));
  const layers = named.length > 0 ? named : all.filter(({ key }) => !decoderNames.test(key));
  for (const [index, layer] of layers.entries()) {
    const input = inputFor(layer, place.dataShape);
    if (input === undefined) continue;
    const walked = walk(layers.slice(index), input, place);
    if (walked === undefined) continue;
    const { heads, activation, convolves } = walked;
    const assumed = `A state dict stores no activations; ${activation} was assumed inside the encoder.`;
    const strides = 'Its convolutions were assumed to halve the image, with padding 1, until the kernel covers it.';
    const said = `The encoder was guessed: ${JSON.stringify(walked.layers)}, ${
      heads === undefined
        ? 'whose last layer gives [mean | log variance]'
        : `then "${heads.mean}" for the mean and "${heads.logVariance}" for the log variance`
    }.`;
    return {
      layers: walked.layers,
      ...(heads === undefined ? {} : { heads }),
      notes: [said, ...(walked.layers.length > 1 ? [assumed] : []), ...(convolves ? [strides] : [])],
    };
  }
  return {
    reason: `no layers of ${checkpoint.path} lead from ${sizeOf(place.dataShape)} numbers to mean and log variance of ${place.latent}`,
  };
}

/** A file of our own says its encoder in its metadata. */
function declaredIn({ metadata, tensors }: Checkpoint): EncoderGuess | undefined {
  try {
    const layers = z.array(layerSchema).safeParse(JSON.parse(String(metadata.get('encoder')))).data;
    const [mean, logVariance] = [metadata.get('encoderMean'), metadata.get('encoderLogVariance')];
    if (layers === undefined || typeof mean !== 'string' || typeof logVariance !== 'string') return undefined;
    if (!tensors.has(`${mean}.weight`) || !tensors.has(`${logVariance}.weight`)) return undefined;
    return { layers, heads: { mean, logVariance }, notes: [] };
  } catch {
    return undefined;
  }
}

/** The shape that data have as a layer's input, where they can be that. */
function inputFor(layer: Weighted, dataShape: readonly number[]): readonly number[] | undefined {
  const size = sizeOf(dataShape);
  if (layer.shape.length === 2) return layer.shape[1] === size ? [size] : undefined;
  if (layer.shape.length !== 4) return undefined;
  const channels = layer.shape[1] ?? 1;
  if (dataShape.length === 3) return dataShape[0] === channels ? dataShape : undefined;
  const side = Math.sqrt(size / channels);
  return Number.isInteger(side) ? [channels, side, side] : undefined;
}

interface Walked {
  readonly layers: Layer[];
  readonly heads?: EncoderHeads;
  readonly activation: Activation;
  readonly convolves: boolean;
}

/** Follows layers whose input is what the one before gives, to two heads of d numbers side by side or to a layer of 2d. */
function walk(all: readonly Weighted[], input: readonly number[], place: EncoderPlace): Walked | undefined {
  const { latent } = place;
  const convolves = all[0]?.shape.length === 4;
  const activation = convolves ? 'relu' : hiddenActivation(all, place);
  const layers: Layer[] = convolves && place.dataShape.length !== 3 ? [{ reshape: [...input] }] : [];
  let shape = input;
  let pending = false;
  for (const [index, layer] of all.entries()) {
    if (layer.shape.length === 1) {
      if (pending && layer.shape[0] === shape[0]) layers.push({ batchNorm: layer.key, epsilon: 1e-5 });
      continue;
    }
    if (!takes(layer, shape)) continue;
    if (pending) layers.push(activation);
    const twin = all[index + 1];
    if (isHead(layer, shape, latent) && twin !== undefined && isHead(twin, shape, latent)) {
      return { layers, heads: inRoles(layer.key, twin.key), activation, convolves };
    }
    const next = after(layer, shape);
    if (next === undefined) return undefined;
    layers.push(next.layer);
    shape = next.shape;
    pending = true;
    if (sizeOf(shape) === 2 * latent && !all.slice(index + 1).some((later) => takes(later, shape))) {
      return { layers, activation, convolves };
    }
  }
  return undefined;
}

function takes(layer: Weighted, shape: readonly number[]): boolean {
  if (layer.shape.length === 2) return layer.shape[1] === sizeOf(shape);
  return layer.shape.length === 4 && shape.length === 3 && layer.shape[1] === shape[0];
}

function isHead(layer: Weighted, shape: readonly number[], latent: number): boolean {
  return layer.shape.length === 2 && layer.shape[0] === latent && takes(layer, shape);
}

function after(layer: Weighted, shape: readonly number[]): { layer: Layer; shape: readonly number[] } | undefined {
  const [outputs = 0, , height = 1, width = 1] = layer.shape;
  if (layer.shape.length === 2) return { layer: { linear: layer.key }, shape: [outputs] };
  const [, rows = 1, columns = 1] = shape;
  const covers = height === rows && width === columns;
  const [stride, padding] = covers ? [1, 0] : [2, 1];
  const sides = [rows - height, columns - width].map((extra) => Math.floor((extra + 2 * padding) / stride) + 1);
  if (sides.some((side) => side < 1)) return undefined;
  return { layer: { conv: layer.key, stride, padding }, shape: [outputs, ...sides] };
}

const varianceNames = /(log_?)?(var|std|sigma|scale|lv)/i;
const meanNames = /(^|[._])(mu|mean|loc)/i;

/** The mean comes first where names do not tell. */
function inRoles(first: string, second: string): EncoderHeads {
  const swapped =
    (varianceNames.test(lastOf(first)) && !varianceNames.test(lastOf(second))) ||
    (meanNames.test(lastOf(second)) && !meanNames.test(lastOf(first)));
  return swapped ? { mean: second, logVariance: first } : { mean: first, logVariance: second };
}

function lastOf(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

/** That of the model's decoder, or as its own guess would have it. */
function hiddenActivation(layers: readonly Weighted[], { decoder }: EncoderPlace): Activation {
  const inside = decoder.slice(0, -1).find((layer) => typeof layer === 'string' && layer !== 'identity');
  if (inside !== undefined) return inside;
  return /^(enc\.)?enc\.\d+$/.test(layers[0]?.key ?? '') ? 'tanh' : 'relu';
}

import type { TensorSummary } from '../library';
import { activations, type Activation, type Layer } from '../runFile';

/** Kinds of layers that a person can choose from; every activation is a kind of its own. */
export const weightedKinds = ['linear', 'conv', 'convTranspose', 'batchNorm'] as const;
export type WeightedKind = (typeof weightedKinds)[number];
export type LayerKind = WeightedKind | 'leakyRelu' | 'reshape' | Activation;

export const layerKinds: readonly LayerKind[] = [
  ...weightedKinds,
  'reshape',
  ...activations.filter((name) => name !== 'leakyRelu'),
  'leakyRelu',
];

export function kindOf(layer: Layer): LayerKind {
  if (typeof layer === 'string') return layer;
  return [...weightedKinds, 'leakyRelu' as const, 'reshape' as const].find((kind) => kind in layer) ?? 'identity';
}

/** The key of a layer's weights, without ".weight". */
export function keyOf(layer: Layer): string | undefined {
  if (typeof layer === 'string') return undefined;
  if ('linear' in layer) return layer.linear;
  if ('conv' in layer) return layer.conv;
  if ('convTranspose' in layer) return layer.convTranspose;
  return 'batchNorm' in layer ? layer.batchNorm : undefined;
}

/** A layer of another kind in the place of an old one, whose key it keeps where that means something. */
export function layerOf(kind: LayerKind, key: string, shape: readonly number[]): Layer {
  switch (kind) {
    case 'linear':
      return { linear: key };
    case 'conv':
      return { conv: key, stride: 1, padding: 0 };
    case 'convTranspose':
      return { convTranspose: key, stride: 1, padding: 0, outputPadding: 0 };
    case 'batchNorm':
      return { batchNorm: key, epsilon: 1e-5 };
    case 'leakyRelu':
      return { leakyRelu: 0.2 };
    case 'reshape':
      return { reshape: [...shape] };
    default:
      return kind;
  }
}

/**
 * A layer to begin with at a place: an activation after a layer with weights, else the first weights that fit and are not used yet.
 */
export function nextLayer(layers: readonly Layer[], index: number, tensors: TensorShapes): Layer {
  const before = layers[index - 1];
  if (before !== undefined && keyOf(before) !== undefined) return 'relu';
  const { latent, shapes } = chainOf(layers.slice(0, index), tensors);
  const input = index === 0 ? null : (shapes[index - 1] ?? (latent === null ? null : [latent]));
  const used = new Set(layers.map(keyOf));
  for (const kind of ['linear', 'convTranspose', 'conv'] as const) {
    const found = candidatesFor(kind, input, tensors).find(({ key, fits }) => fits && !used.has(key));
    if (found !== undefined) return layerOf(kind, found.key, []);
  }
  return 'relu';
}

/** The tensors of a checkpoint by name. */
export type TensorShapes = ReadonlyMap<string, readonly number[]>;

export function shapesOf(tensors: readonly TensorSummary[]): TensorShapes {
  return new Map(tensors.map(({ name, shape }) => [name, shape]));
}

/** A key that a layer of some kind could take, and whether it fits what comes in. */
export interface Candidate {
  readonly key: string;
  readonly shape: readonly number[];
  readonly fits: boolean;
}

/**
 * The keys that a layer may name: weights of its kind, those that fit the shape before it first, each group in the file's order.
 * @param input shape of one datum before the layer; null where it is not known, and everything fits then
 */
export function candidatesFor(kind: WeightedKind, input: readonly number[] | null, tensors: TensorShapes): Candidate[] {
  const found: Candidate[] = [];
  for (const [name, shape] of tensors) {
    const key = weightKey(kind, name, shape, tensors);
    if (key === undefined) continue;
    const wanted = kind === 'convTranspose' || kind === 'batchNorm' ? shape[0] : shape[1];
    const given = input === null ? wanted : kind === 'linear' ? sizeOf(input) : (input[0] ?? 1);
    found.push({ key, shape, fits: wanted === given });
  }
  return [...found.filter(({ fits }) => fits), ...found.filter(({ fits }) => !fits)];
}

function weightKey(
  kind: WeightedKind,
  name: string,
  shape: readonly number[],
  tensors: TensorShapes,
): string | undefined {
  if (kind === 'batchNorm') return name.endsWith('.running_mean') ? name.slice(0, -'.running_mean'.length) : undefined;
  if (!name.endsWith('.weight')) return undefined;
  const key = name.slice(0, -'.weight'.length);
  if (tensors.has(`${key}.running_mean`)) return undefined;
  return shape.length === (kind === 'linear' ? 2 : 4) ? key : undefined;
}

/** What comes out of each layer, up to the first that does not fit; that one with a sentence. */
export interface Chain {
  /** Length of z; null where no layer says it. */
  readonly latent: number | null;
  /** As many as the layers; null from the first problem on. */
  readonly shapes: readonly (readonly number[] | null)[];
  readonly problem: { readonly index: number; readonly message: string } | null;
}

/** Follows the shapes through the layers as the engine will when it builds them, to say at once what does not fit. */
export function chainOf(layers: readonly Layer[], tensors: TensorShapes): Chain {
  const latent = latentOf(layers, tensors);
  const shapes: (readonly number[] | null)[] = [];
  let shape: readonly number[] | null = latent === null ? null : [latent];
  let problem: Chain['problem'] = null;
  for (const [index, layer] of layers.entries()) {
    const next: readonly number[] | string = shape === null ? [] : outputOf(layer, shape, tensors);
    if (shape !== null && typeof next === 'string') problem = { index, message: next };
    shape = shape === null || typeof next === 'string' ? null : next;
    shapes.push(shape);
  }
  if (latent === null && problem === null) {
    const index = layers.findIndex((layer) => keyOf(layer) !== undefined);
    const key = index < 0 ? undefined : keyOf(layers[index] as Layer);
    const message =
      key === undefined
        ? 'No layer has weights. Add a linear layer or a convolution.'
        : key === ''
          ? 'Choose the weights of this layer.'
          : `The checkpoint has no weights called “${key}”. Choose others.`;
    problem = { index: Math.max(0, index), message };
  }
  return { latent, shapes, problem };
}

function latentOf(layers: readonly Layer[], tensors: TensorShapes): number | null {
  for (const layer of layers) {
    const kind = kindOf(layer);
    if (typeof layer !== 'string' && 'reshape' in layer) return sizeOf(layer.reshape);
    const key = keyOf(layer);
    if (key === undefined) continue;
    if (kind === 'batchNorm') return tensors.get(`${key}.running_mean`)?.[0] ?? null;
    return tensors.get(`${key}.weight`)?.[kind === 'convTranspose' ? 0 : 1] ?? null;
  }
  return null;
}

/** The shape after a layer, or a sentence that says why it does not fit. */
function outputOf(layer: Layer, input: readonly number[], tensors: TensorShapes): readonly number[] | string {
  if (typeof layer === 'string' || 'leakyRelu' in layer) return input;
  if ('reshape' in layer) {
    const [size, wanted] = [sizeOf(input), sizeOf(layer.reshape)];
    return size === wanted
      ? layer.reshape
      : `This shape holds ${wanted} numbers, and ${size} come in. Change the shape.`;
  }
  const key = keyOf(layer) ?? '';
  if (key === '') return 'Choose the weights of this layer.';
  const weight = tensors.get('batchNorm' in layer ? `${key}.running_mean` : `${key}.weight`);
  if (weight === undefined)
    return `The checkpoint has no weights called “${key}” for this kind of layer. Choose others.`;
  if ('batchNorm' in layer) return sameOr(weight[0], input[0], 'channels') ?? input;
  if ('linear' in layer) {
    if (weight.length !== 2) return 'These weights are no matrix. Make it a convolution, or choose others.';
    return sameOr(weight[1], sizeOf(input), 'numbers') ?? [weight[0] ?? 1];
  }
  if (weight.length !== 4) return 'These weights are no kernel of four dimensions. Make it linear, or choose others.';
  if (input.length !== 1 && input.length !== 3) return 'An image must come in. Put a reshape before this layer.';
  const wrong = sameOr(weight['conv' in layer ? 1 : 0], input[0], 'channels');
  return wrong ?? convolved(layer, input, weight);
}

function sameOr(takes: number | undefined, given: number | undefined, what: string): string | undefined {
  if (takes === given) return undefined;
  return `These weights take ${takes} ${what}, and ${given} come in. Choose others, or move the layer.`;
}

type ConvLayer = Extract<Layer, { conv: string } | { convTranspose: string }>;

function convolved(layer: ConvLayer, input: readonly number[], weight: readonly number[]): readonly number[] | string {
  const size = [0, 1].map((axis) => {
    const [extent, kernel] = [input[axis + 1] ?? 1, weight[axis + 2] ?? 1];
    const [stride, padding] = [along(layer.stride, axis), along(layer.padding, axis)];
    if ('conv' in layer) return Math.floor((extent + 2 * padding - kernel) / stride) + 1;
    return (extent - 1) * stride - 2 * padding + kernel + along(layer.outputPadding, axis);
  });
  if (size.some((extent) => !(extent >= 1))) return 'No pixel is left. Change stride and padding.';
  if ('convTranspose' in layer && [0, 1].some((axis) => along(layer.outputPadding, axis) >= along(layer.stride, axis)))
    return 'The output padding must be smaller than the stride.';
  return [weight['conv' in layer ? 0 : 1] ?? 1, ...size];
}

function along(value: number | readonly [number, number], axis: number): number {
  return typeof value === 'number' ? value : (value[axis] ?? value[0]);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A list with one entry moved; the same list where it cannot go there. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  if (from === to || from < 0 || to < 0 || from >= list.length || to >= list.length) return list;
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), list[from] as T, ...rest.slice(to)];
}

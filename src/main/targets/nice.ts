import type * as tf from '@tensorflow/tfjs-core';
import { basename, isAbsolute, join } from 'node:path';
import { InputError } from '../../shared/errors';
import type { TargetOf } from '../../shared/runFile/target';
import { asFloat64, readCheckpoint, type Checkpoint, type NamedTensor } from '../checkpoints';
import { nice, type NiceSpec } from '../models/nice';
import type { Parameters } from '../models/network';
import { firstTwo } from './plane';
import { normalRows } from './random';
import type { Target } from './types';

type Weights = Readonly<Record<string, Float64Array>>;

/**
 * The density of a NICE flow, from a checkpoint or with random parameters.
 * @param directory where relative paths start
 * @throws InputError in one line
 */
export async function niceFlow(spec: TargetOf<'nice'>, directory: string): Promise<Target> {
  const { file, train, dim = 2, width, layers, couplings, seed } = spec;
  if (train !== undefined) throw new Error('A flow that is trained in a run has no weights before.');
  if (file !== undefined) {
    const path = isAbsolute(file) ? file : join(directory, file);
    const checkpoint = await readCheckpoint(path);
    const flow = flowOf(checkpoint);
    const title = checkpoint.metadata.get('title');
    return niceTarget(
      `NICE flow, ${typeof title === 'string' ? title : basename(path)}`,
      flow,
      weightsOf(checkpoint, flow),
    );
  }
  const flow = { dim, hidden: new Array<number>(layers).fill(width), couplings };
  return niceTarget(`NICE flow with random parameters in ${dim} dimensions`, flow, randomWeights(flow, seed));
}

/**
 * The density of a flow with given parameters.
 * @param title what it was trained on, in a few words
 * @param parameters float32, as they are kept: a run that opens the kept file has the same density
 */
export function trainedNiceFlow(title: string, flow: NiceSpec, parameters: Parameters): Target {
  const weights = Object.entries(parameters).map(([name, values]) => [name, Float64Array.from(values)] as const);
  return niceTarget(`NICE flow, ${title}`, flow, Object.fromEntries(weights));
}

function niceTarget(name: string, flow: NiceSpec, weights: Weights): Target {
  const { dim } = flow;
  const { shapes, logDensity, inverse } = nice(flow);
  const key = (parameter: string): string => `target.${parameter}`;
  return {
    name,
    dim,
    constants: Object.fromEntries(
      Object.entries(shapes).map(([parameter, shape]) => [
        key(parameter),
        { shape, data: weights[parameter] ?? new Float64Array() },
      ]),
    ),
    logDensity: (tensors) => {
      const own = Object.fromEntries(
        Object.keys(shapes).map((parameter) => [parameter, tensors[key(parameter)] as tf.Tensor]),
      );
      return (x) => logDensity(own, x);
    },
    truth: { logZ: 0, source: 'A flow is normalised; its moments have no closed form, but it is sampled exactly.' },
    sample: (count, seed) =>
      inverse(weights, normalRows({ seed, stream: 'targetSamples', step: 0, count, width: dim })),
    ...firstTwo(dim),
  };
}

/** Weights of a size that keeps the signal through ReLU layers, so that shifts are about 1; a narrow spread of scales. */
function randomWeights(flow: NiceSpec, seed: number): Weights {
  return Object.fromEntries(
    Object.entries(nice(flow).shapes).map(([name, shape], step) => {
      const [rows = 1, inputs] = shape;
      const size = inputs === undefined ? 0.25 : Math.sqrt(2 / inputs);
      const drawn = normalRows({ seed, stream: 'targetDraw', step, count: rows, width: inputs ?? 1 });
      return [name, drawn.map((normal) => size * normal)];
    }),
  );
}

/** The shape of the flow, from those of its tensors. */
function flowOf({ path, tensors }: Checkpoint): NiceSpec {
  const scale = tensorIn(path, tensors, 'scale').shape;
  const [dim = 0] = scale;
  if (scale.length !== 1 || dim < 2)
    throw new InputError(path, `its "scale" is ${shown(scale)}, not a vector of at least 2`, 'Choose a NICE flow.');
  let couplings = 0;
  while (tensors.has(`coupling.${couplings}.0.weight`)) couplings += 1;
  const hidden: number[] = [];
  while (tensors.has(`coupling.0.${hidden.length + 1}.weight`)) {
    hidden.push(tensorIn(path, tensors, `coupling.0.${hidden.length}.weight`).shape[0] ?? 0);
  }
  if (couplings === 0) throw absent(path, 'coupling.0.0.weight');
  return { dim, hidden, couplings };
}

function weightsOf({ path, tensors }: Checkpoint, flow: NiceSpec): Weights {
  return Object.fromEntries(
    Object.entries(nice(flow).shapes).map(([name, shape]) => {
      const tensor = tensorIn(path, tensors, name);
      const found = tensor.shape;
      if (found.length !== shape.length || found.some((extent, axis) => extent !== shape[axis]))
        throw new InputError(
          path,
          `its "${name}" is ${shown(found)}, not ${shown(shape)}`,
          'Check how the flow was saved.',
        );
      const data = asFloat64(tensor);
      if (!data.every(Number.isFinite))
        throw new InputError(path, `its "${name}" has values that are not finite`, 'Train the flow again.');
      return [name, data];
    }),
  );
}

function tensorIn(path: string, tensors: Checkpoint['tensors'], name: string): NamedTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw absent(path, name);
  return tensor;
}

function absent(path: string, name: string): InputError {
  return new InputError(
    path,
    `has no tensor "${name}"`,
    'A NICE flow has "coupling.L.I.weight", "coupling.L.I.bias" and "scale".',
  );
}

function shown(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join(' × ');
}

import type * as tf from '@tensorflow/tfjs-core';
import type { Activation, Layer } from '../../../shared/runFile';
import { activationFunctions } from '../../models/layers/activation';
import { network, type NetworkSpec, type ParameterShapes } from '../../models/network';

type Tensors = Record<string, tf.Tensor>;

/** A dense network that is part of a model: its parameters have a prefix, and its end may be an activation. */
export interface Part {
  readonly shapes: ParameterShapes;
  /** As a run file names them. */
  readonly layers: readonly Layer[];
  /** Maps `[n, inputs]` to `[n, outputs]`. @param parameters may hold those of other parts too */
  readonly apply: (parameters: Tensors, input: tf.Tensor2D) => tf.Tensor2D;
}

/** Layer i has "prefix.i.weight" `[out, in]` and "prefix.i.bias" `[out]`. */
export function part(prefix: string, spec: NetworkSpec & { readonly output?: Activation }): Part {
  const { hidden, activation, output = 'identity' } = spec;
  const dense = network(spec);
  const names = Object.keys(dense.shapes);
  const end: Layer[] = output === 'identity' ? [] : [output];
  return {
    shapes: Object.fromEntries(names.map((name) => [`${prefix}.${name}`, dense.shapes[name] ?? []])),
    layers: [
      ...hidden.flatMap((_, index): Layer[] => [{ linear: `${prefix}.${index}` }, activation]),
      { linear: `${prefix}.${hidden.length}` },
      ...end,
    ],
    apply: (parameters, input) => {
      const own = Object.fromEntries(names.map((name) => [name, parameters[`${prefix}.${name}`] as tf.Tensor]));
      return activationFunctions[output](dense.apply(own, input)) as tf.Tensor2D;
    },
  };
}

/** Widths of layers that are each followed by the activation; no layer at all gives its input back. */
export function trunk(prefix: string, inputs: number, hidden: readonly number[], activation: Activation): Part {
  const widest = hidden.at(-1);
  if (widest === undefined) return { shapes: {}, layers: [], apply: (_, input) => input };
  return part(prefix, { inputs, hidden: hidden.slice(0, -1), outputs: widest, activation, output: activation });
}

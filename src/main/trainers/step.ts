import * as tf from '@tensorflow/tfjs-core';
import type { ParameterShapes, Parameters } from '../models/network';
import { sizeOf, type Constant, type Device, type Outputs, type Program, type TensorSpec } from '../tensor/types';
import { adam } from './adam';

type Tensors = Record<string, tf.Tensor>;

/** What a loss function gives for one minibatch. */
export interface LossAndReport {
  readonly loss: tf.Scalar;
  /** What a person wants to see of it, by the name that the learning curve carries; the loss itself when left out. */
  readonly report?: Readonly<Record<string, tf.Scalar>>;
}

export type LossFunction = (parameters: Tensors, tensors: Tensors) => LossAndReport;

/** What Adam carries from one update to the next, with the same arrays by the names of a compiled step. */
export interface OptimiserState {
  readonly parameters: Parameters;
  readonly first: Parameters;
  readonly second: Parameters;
  readonly named: Outputs;
}

const parts = ['parameters', 'first', 'second'] as const;

/** Fresh arrays, filled from another state where one is given and with zeros elsewhere. */
export function optimiserState(
  shapes: ParameterShapes,
  from: Partial<Record<(typeof parts)[number], Parameters>> = {},
): OptimiserState {
  const arrays = (part: (typeof parts)[number]): Parameters =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        from[part]?.[name]?.slice() ?? new Float32Array(sizeOf(shape)),
      ]),
    );
  const state = { parameters: arrays('parameters'), first: arrays('first'), second: arrays('second') };
  const named = Object.fromEntries(
    parts.flatMap((part) => Object.entries(state[part]).map(([name, data]) => [`${part}/${name}`, data])),
  );
  return { ...state, named };
}

/**
 * Compiles one update: loss, gradients and Adam in one graph. It reads `parts/name` of each parameter, `rate` (of `adamRate`) and the
 * inputs, and writes `parts/name`, `loss` and `report/name`.
 */
export function compileStep(
  device: Device,
  options: {
    readonly shapes: ParameterShapes;
    readonly inputs: Readonly<Record<string, TensorSpec>>;
    readonly constants?: Readonly<Record<string, Constant>> | undefined;
    readonly loss: LossFunction;
  },
): Promise<Program> {
  const { shapes, loss, constants = {} } = options;
  const names = Object.keys(shapes);
  const inputs: Record<string, TensorSpec> = { ...options.inputs, rate: { shape: [] } };
  for (const name of names) for (const part of parts) inputs[`${part}/${name}`] = { shape: shapes[name] ?? [] };
  return device.compile(
    (tensors) => {
      const of = (part: (typeof parts)[number], name: string): tf.Tensor => tensors[`${part}/${name}`] as tf.Tensor;
      const values = names.map((name) => of('parameters', name));
      const { value, gradients, report } = valueAndGradients(names, values, (parameters) => loss(parameters, tensors));
      const outputs: Tensors = { loss: value };
      for (const [name, tensor] of Object.entries(report)) outputs[`report/${name}`] = tensor;
      names.forEach((name, index) => {
        const moments = { first: of('first', name), second: of('second', name) };
        const rate = tensors['rate'] as tf.Tensor;
        const updated = adam(values[index] as tf.Tensor, gradients[index] as tf.Tensor, moments, rate);
        outputs[`parameters/${name}`] = updated.parameter;
        outputs[`first/${name}`] = updated.moments.first;
        outputs[`second/${name}`] = updated.moments.second;
      });
      return outputs;
    },
    { inputs, constants },
  );
}

/** The report is made inside the gradient's own scope, which frees what it does not return; so it is kept and handed out as copies. */
function valueAndGradients(
  names: readonly string[],
  values: readonly tf.Tensor[],
  fn: (parameters: Tensors) => LossAndReport,
): { value: tf.Scalar; gradients: tf.Tensor[]; report: Tensors } {
  let kept: Tensors = {};
  const { value, grads } = tf.valueAndGrads((...parameters: tf.Tensor[]) => {
    const named = Object.fromEntries(names.map((name, index) => [name, parameters[index] as tf.Tensor]));
    const { loss, report = {} } = fn(named);
    kept = Object.fromEntries(Object.entries(report).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
    return loss;
  })([...values]);
  const report = Object.fromEntries(Object.entries(kept).map(([name, tensor]) => [name, tf.clone(tensor)]));
  tf.dispose(kept);
  return { value, gradients: grads, report };
}

import * as tf from '@tensorflow/tfjs-core';
import type { ParameterShapes } from '../models/network';
import type { Constant, Device, Precision, Program, TensorSpec, Threading } from '../tensor/types';

type Tensors = Record<string, tf.Tensor>;

/** What a loss function gives for one minibatch. */
export interface LossAndReport {
  readonly loss: tf.Scalar;
  /** What a person wants to see of it, by the name that the learning curve carries; the loss itself when left out. */
  readonly report?: Readonly<Record<string, tf.Scalar>>;
}

export type LossFunction = (parameters: Tensors, tensors: Tensors) => LossAndReport;

/**
 * Compiles a loss with its gradients. The program reads `parameters/name` of each parameter and the inputs, and writes
 * `gradients/name`, `loss` and `report/name`.
 */
export function compileStep(
  device: Device,
  options: {
    readonly shapes: ParameterShapes;
    readonly inputs: Readonly<Record<string, TensorSpec>>;
    readonly constants?: Readonly<Record<string, Constant>>;
    readonly loss: LossFunction;
    readonly precision?: Precision;
    readonly threading?: Threading;
  },
): Promise<Program> {
  const { shapes, loss, constants = {}, precision, threading } = options;
  const names = Object.keys(shapes);
  const inputs: Record<string, TensorSpec> = { ...options.inputs };
  for (const name of names) inputs[`parameters/${name}`] = { shape: shapes[name] ?? [] };
  return device.compile(
    (tensors) => {
      const values = names.map((name) => tensors[`parameters/${name}`] as tf.Tensor);
      const { value, gradients, report } = valueAndGradients(names, values, (parameters) => loss(parameters, tensors));
      const outputs: Tensors = { loss: value };
      for (const [name, tensor] of Object.entries(report)) outputs[`report/${name}`] = tensor;
      names.forEach((name, index) => (outputs[`gradients/${name}`] = gradients[index] as tf.Tensor));
      return outputs;
    },
    {
      inputs,
      constants,
      ...(precision === undefined ? {} : { precision }),
      ...(threading === undefined ? {} : { threading }),
    },
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

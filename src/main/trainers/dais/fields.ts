import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradient } from '../../tensor/gradient';
import type { LogDensity } from '../../tensor/density';
import type { Constant, Device, Precision, Program, TensorSpec } from '../../tensor/types';

/** A density that chains are led to. */
export interface ChainTarget {
  readonly dim: number;
  readonly constants: Readonly<Record<string, Constant>>;
  /** log f of rows, nats, given the constants as tensors. Every op needs a second derivative. */
  readonly logDensity: (tensors: Record<string, tf.Tensor>) => LogDensity;
}

/**
 * What a chain needs of its target, as programs of one size. Everything else of a transition is a few numbers a coordinate, which the
 * host does in one pass and in doubles: as nodes of a graph they would take most of the time.
 */
export interface Fields {
  /** z `[R, d]` → force: ∇log f, `[R, d]` */
  readonly force: Program;
  /** z, direction `[R, d]` → curvature: the Hessian of log f times the direction, `[R, d]` */
  readonly curvature: Program | undefined;
  /** z → value: log f, `[R]`; force, where gradients are asked for */
  readonly end: Program;
  dispose(): Promise<void>;
}

export interface FieldOptions {
  readonly device: Device;
  readonly target: ChainTarget;
  readonly precision: Precision;
  /** R */
  readonly rows: number;
  /** Whether chains will be differentiated. */
  readonly gradients: boolean;
}

/** Below this, a tenth of a millisecond of arithmetic, threads cost more than they gain. */
const fewMultiplications = 2e6;

export async function compileFields(options: FieldOptions): Promise<Fields> {
  const { device, target, precision, rows, gradients } = options;
  const matrix: TensorSpec = { shape: [rows, target.dim] };
  const { constants } = target;
  const multiplications = rows * Object.values(constants).reduce((total, { data }) => total + data.length, target.dim);
  const compile = (
    names: readonly string[],
    fn: (log: LogDensity, z: tf.Tensor2D, tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  ): Promise<Program> =>
    device.compile((tensors) => fn(target.logDensity(tensors), tensors['z'] as tf.Tensor2D, tensors), {
      inputs: Object.fromEntries(names.map((name) => [name, matrix])),
      constants,
      precision,
      threading: multiplications < fewMultiplications ? 'none' : 'sleeping',
    });
  const force = await compile(['z'], (log, z) => ({ force: valueAndGradient(log, z).gradient }));
  const curvature = gradients
    ? await compile(['z', 'direction'], (log, z, { direction }) => {
        const along = (x: tf.Tensor): tf.Scalar =>
          tf.sum(tf.mul(valueAndGradient(log, x as tf.Tensor2D).gradient, direction as tf.Tensor));
        return { curvature: tf.grad(along)(z) };
      })
    : undefined;
  const end = await compile(['z'], (log, z): Record<string, tf.Tensor> => {
    if (!gradients) return { value: log(z) };
    const { value, gradient } = valueAndGradient(log, z);
    return { value, force: gradient };
  });
  return {
    force,
    curvature,
    end,
    dispose: async () => {
      for (const program of [force, curvature, end]) await program?.dispose();
    },
  };
}

import * as tf from '@tensorflow/tfjs-core';
import type { LogDensity } from '../../tensor/density';
import { exact } from '../../tensor/exact';
import { valueAndGradient } from '../../tensor/gradient';
import { sizeOf, type Device, type Feeds, type Precision, type Program, type TensorSpec } from '../../tensor/types';
import { floatsOf } from '../paths/floats';
import type { Floats, PathFields } from '../paths/types';
import type { Vae } from './networks';

export interface DecoderFieldsOptions {
  readonly device: Device;
  readonly vae: Vae;
  readonly precision: Precision;
  /** N particles for each of B data: rows n · B + i. */
  readonly particles: number;
  readonly data: number;
  /** Whether paths will be differentiated. */
  readonly gradients: boolean;
}

interface Programs {
  /** z → force */
  readonly force: Program;
  /** z → value, force */
  readonly end: Program;
  /** z, direction → curvature, gradients/… */
  readonly curvature?: Program;
  /** z, cotangent → gradients/… */
  readonly endGradient?: Program;
}

/**
 * Fields of γ(z) = p(z) p(x | z), one datum to a row. The decoder's weights and the data are inputs, set anew for each minibatch; the gradient
 * with respect to the weights is added up over a pass backward.
 */
export class DecoderFields implements PathFields {
  readonly rows: number;
  readonly dim: number;
  readonly make: (length: number) => Floats;
  /** The sum, by "gradients/name". */
  readonly sums: Readonly<Record<string, Floats>>;
  private readonly programs: Programs;
  private readonly names: readonly string[];
  /** What one call found, to be added. */
  private readonly found: Readonly<Record<string, Floats>>;
  private given: Feeds = {};

  private constructor(programs: Programs, { vae, precision, particles, data, gradients }: DecoderFieldsOptions) {
    this.programs = programs;
    this.rows = particles * data;
    this.dim = vae.latent;
    this.make = floatsOf(precision);
    this.names = Object.keys(vae.decoderShapes);
    const zeros = (): Record<string, Floats> =>
      Object.fromEntries(
        Object.entries(gradients ? vae.decoderShapes : {}).map(([name, shape]) => [
          `gradients/${name}`,
          this.make(sizeOf(shape)),
        ]),
      );
    this.sums = zeros();
    this.found = zeros();
  }

  static async open(options: DecoderFieldsOptions): Promise<DecoderFields> {
    return new DecoderFields(await compile(options), options);
  }

  /**
   * What all calls until the next are about; the sum begins at zero.
   * @param parameters by "parameters/name"
   * @param x `[B, D]`
   */
  begin(parameters: Feeds, x: Floats): void {
    const own = this.names.map((name) => [`parameters/${name}`, parameters[`parameters/${name}`] as Floats] as const);
    this.given = { ...Object.fromEntries(own), x };
    for (const sum of Object.values(this.sums)) sum.fill(0);
  }

  async force(z: Floats, force: Floats): Promise<void> {
    await this.programs.force.run({ ...this.given, z }, { force });
  }

  async end(z: Floats, value: Floats, force?: Floats): Promise<void> {
    await this.programs.end.run({ ...this.given, z }, force === undefined ? { value } : { value, force });
  }

  async curvature(z: Floats, direction: Floats, curvature: Floats): Promise<void> {
    if (this.programs.curvature === undefined) throw new Error('The fields were opened without gradients.');
    await this.programs.curvature.run({ ...this.given, z, direction }, { curvature, ...this.found });
    this.add();
  }

  async endGradient(z: Floats, cotangent: Float64Array): Promise<void> {
    if (this.programs.endGradient === undefined) throw new Error('The fields were opened without gradients.');
    await this.programs.endGradient.run({ ...this.given, z, cotangent }, this.found);
    this.add();
  }

  async dispose(): Promise<void> {
    const { force, end, curvature, endGradient } = this.programs;
    for (const program of [force, end, curvature, endGradient]) await program?.dispose();
  }

  private add(): void {
    for (const [name, sum] of Object.entries(this.sums)) {
      const found = this.found[name] as Floats;
      for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + (found[i] as number);
    }
  }
}

/**
 * log γ(z) = log p(z) + log p(x | z) of rows, one of B data to each: row n · B + i is a z of datum i.
 * @param weights of the decoder, by their names
 * @param x `[B, D]`
 */
export function posteriorDensity(vae: Vae, weights: Record<string, tf.Tensor>, x: tf.Tensor2D): LogDensity {
  const constant = exact(0.5 * vae.latent * Math.log(2 * Math.PI));
  return (z) => tf.sub(vae.logLikelihood(weights, z, x), tf.add(tf.mul(0.5, tf.sum(tf.square(z), 1)), constant));
}

async function compile({
  device,
  vae,
  precision,
  particles,
  data,
  gradients,
}: DecoderFieldsOptions): Promise<Programs> {
  const matrix: TensorSpec = { shape: [particles * data, vae.latent] };
  const names = Object.keys(vae.decoderShapes);
  const inputs: Record<string, TensorSpec> = {
    z: matrix,
    x: { shape: [data, vae.pixels] },
    ...Object.fromEntries(names.map((name) => [`parameters/${name}`, { shape: vae.decoderShapes[name] ?? [] }])),
  };
  const program = (fn: (log: LogDensity, z: tf.Tensor2D) => Record<string, tf.Tensor>): Promise<Program> =>
    device.compile(
      (tensors) => {
        const weights = Object.fromEntries(names.map((name) => [name, tensors[`parameters/${name}`] as tf.Tensor]));
        return fn(posteriorDensity(vae, weights, tensors['x'] as tf.Tensor2D), tensors['z'] as tf.Tensor2D);
      },
      { inputs, precision, threading: 'sleeping' },
    );
  /** The gradient of a number with respect to all weights, and to z where asked for. */
  const backward = (
    more: Record<string, TensorSpec>,
    withZ: boolean,
    fn: (log: LogDensity, z: tf.Tensor2D, tensors: Record<string, tf.Tensor>) => tf.Scalar,
  ): Promise<Program> =>
    device.compile(
      (tensors) => {
        const weights = names.map((name) => tensors[`parameters/${name}`] as tf.Tensor);
        const z = tensors['z'] as tf.Tensor;
        const found = tf.grads((...values: tf.Tensor[]) => {
          const own = Object.fromEntries(names.map((name, index) => [name, values[index] as tf.Tensor]));
          const at = (withZ ? values[names.length] : z) as tf.Tensor2D;
          return fn(posteriorDensity(vae, own, tensors['x'] as tf.Tensor2D), at, tensors);
        })(withZ ? [...weights, z] : weights);
        const outputs: Record<string, tf.Tensor> = {};
        names.forEach((name, index) => (outputs[`gradients/${name}`] = found[index] as tf.Tensor));
        if (withZ) outputs['curvature'] = found[names.length] as tf.Tensor;
        return outputs;
      },
      { inputs: { ...inputs, ...more }, precision, threading: 'sleeping' },
    );
  const force = await program((log, z) => ({ force: valueAndGradient(log, z).gradient }));
  const end = await program((log, z) => {
    const { value, gradient } = valueAndGradient(log, z);
    return { value, force: gradient };
  });
  if (!gradients) return { force, end };
  return {
    force,
    end,
    curvature: await backward({ direction: matrix }, true, (log, z, { direction }) =>
      tf.sum(tf.mul(valueAndGradient(log, z).gradient, direction as tf.Tensor)),
    ),
    endGradient: await backward({ cotangent: { shape: [particles * data] } }, false, (log, z, { cotangent }) =>
      tf.sum(tf.mul(log(z), cotangent as tf.Tensor)),
    ),
  };
}

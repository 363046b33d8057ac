import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type Device, type Precision, type Program, type TensorSpec, type Threading } from '../../tensor/types';
import { timesName, type ScoreNetwork, type ScoreTensors } from './scoreNetwork';

/** What score programs are compiled for. */
export interface ScoreProgramOptions {
  readonly device: Device;
  readonly network: ScoreNetwork;
  readonly precision: Precision;
  /** R */
  readonly rows: number;
  /** m: how many transitions are worked through at once. */
  readonly transitions: number;
}

/**
 * A program of ŝ for m transitions of R rows. It reads `parameters/…`, of which `parameters/times` is m rows of the table, `position`,
 * `momentum` and `conditioning` as far as the network has them, and writes `score` `[m · R, d]`.
 */
export function compileScore(options: ScoreProgramOptions): Promise<Program> {
  const { device, network, precision } = options;
  return device.compile(
    (tensors) => ({ score: network.apply(parametersIn(network, tensors), scoreTensors(tensors)) }),
    {
      inputs: inputsOf(options),
      precision,
      threading: threadingOf(options),
    },
  );
}

/**
 * A program of ŝ with the gradient of what it changes in Σ_r w̄_r log w_r,
 *
 *     Σ_k Σ_r w̄_r (linear_k ŝ·r − ½ Σ_i quadratic_ki ŝ_i²),
 *
 * with respect to everything that the network reads. Beside the inputs of {@link compileScore} it takes `residual` r `[m · R, d]`, `linear` `[m]`,
 * `quadratic` `[m, d]` and `cotangent` w̄ `[R]`; a transition whose `linear` and `quadratic` are zero counts for nothing. It writes `score`,
 * `gradients/…` by the names of the parameters, and where inputs are asked for `positionBar`, `momentumBar`, `conditioningBar`.
 * @param inputGradients whether the gradients with respect to positions and momenta are needed; of conditioning they always are
 */
export function compileScoreGradient(
  options: ScoreProgramOptions & { readonly inputGradients: boolean },
): Promise<Program> {
  const { device, network, precision, rows, transitions, inputGradients } = options;
  const { dim, momentum, conditioning = 0 } = network.size;
  const matrix: TensorSpec = { shape: [transitions * rows, dim] };
  const parameters = Object.keys(network.shapes).map((name) => `parameters/${name}`);
  const inputs = [
    ...(inputGradients ? ['position', ...(momentum ? ['momentum'] : [])] : []),
    ...(conditioning > 0 ? ['conditioning'] : []),
  ];
  const names = [...parameters, ...inputs];
  return device.compile(
    (tensors) => {
      const factors = correctionFactors(tensors, { transitions, rows, dim });
      let kept: tf.Tensor | undefined;
      const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
        const own = {
          ...tensors,
          ...Object.fromEntries(names.map((name, index) => [name, values[index] as tf.Tensor])),
        };
        const score = network.apply(parametersIn(network, own), scoreTensors(own));
        kept = tf.keep(tf.clone(score));
        return tf.sum<tf.Scalar>(tf.mul(score, tf.sub(factors.linear, tf.mul(factors.halves, score))));
      })(names.map((name) => tensors[name] as tf.Tensor));
      const score = tf.clone(kept as tf.Tensor);
      tf.dispose(kept);
      const outputs: Record<string, tf.Tensor> = { score };
      names.forEach((name, index) => {
        const output = index < parameters.length ? name.replace('parameters', 'gradients') : `${name}Bar`;
        outputs[output] = grads[index] as tf.Tensor;
      });
      return outputs;
    },
    {
      inputs: {
        ...inputsOf(options),
        residual: matrix,
        linear: { shape: [transitions] },
        quadratic: { shape: [transitions, dim] },
        cotangent: { shape: [rows] },
      },
      precision,
      threading: threadingOf(options),
    },
  );
}

/** w̄ linear r and ½ w̄ quadratic, as matrices with a row for each row of ŝ. */
function correctionFactors(
  tensors: Readonly<Record<string, tf.Tensor>>,
  { transitions, rows, dim }: { transitions: number; rows: number; dim: number },
): { readonly linear: tf.Tensor; readonly halves: tf.Tensor } {
  const { residual, linear, quadratic, cotangent } = tensors as Record<
    'residual' | 'linear' | 'quadratic' | 'cotangent',
    tf.Tensor
  >;
  const weights = tf.reshape(cotangent, [1, rows, 1]);
  const flat = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [transitions * rows, dim]);
  const each = tf.mul(weights, tf.reshape(linear, [transitions, 1, 1]));
  return {
    linear: flat(tf.mul(tf.reshape(residual, [transitions, rows, dim]), each)),
    halves: flat(tf.mul(tf.mul(0.5, weights), tf.reshape(quadratic, [transitions, 1, dim]))),
  };
}

function inputsOf({ network, rows, transitions }: ScoreProgramOptions): Record<string, TensorSpec> {
  const { shapes, size } = network;
  const { dim, momentum, conditioning = 0, embedding } = size;
  const matrix: TensorSpec = { shape: [transitions * rows, dim] };
  const inputs: Record<string, TensorSpec> = {
    position: matrix,
    ...(momentum ? { momentum: matrix } : {}),
    ...(conditioning > 0 ? { conditioning: { shape: [rows, conditioning] } } : {}),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    inputs[`parameters/${name}`] = { shape: name === timesName ? [transitions, embedding] : shape };
  }
  return inputs;
}

function parametersIn(
  { shapes }: ScoreNetwork,
  tensors: Readonly<Record<string, tf.Tensor>>,
): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.keys(shapes).map((name) => [name, tensors[`parameters/${name}`] as tf.Tensor]));
}

function scoreTensors(tensors: Readonly<Record<string, tf.Tensor>>): ScoreTensors {
  const { position, momentum, conditioning } = tensors as Record<string, tf.Tensor2D>;
  return {
    position: position as tf.Tensor2D,
    ...(momentum === undefined ? {} : { momentum }),
    ...(conditioning === undefined ? {} : { conditioning }),
    times: tensors[`parameters/${timesName}`] as tf.Tensor2D,
  };
}

/** Below this, a tenth of a millisecond of arithmetic, threads cost more than they gain. */
const fewMultiplications = 2e6;

function threadingOf({ network, rows, transitions }: ScoreProgramOptions): Threading {
  const weights = Object.values(network.shapes).reduce((total, shape) => total + sizeOf(shape), 0);
  return rows * transitions * weights < fewMultiplications ? 'none' : 'sleeping';
}

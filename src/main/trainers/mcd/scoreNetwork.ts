import * as tf from '@tensorflow/tfjs-core';
import { initialParameters, type ParameterShapes, type Parameters } from '../../models/network';
import { layerNorm, swish } from './activations';

/** How large a score network is. */
export interface ScoreSize {
  /** d */
  readonly dim: number;
  /** K: transitions, each with a row of the embedding table. */
  readonly steps: number;
  /** Whether it sees a momentum beside the position, as underdamped paths have. */
  readonly momentum: boolean;
  /** c: numbers that it is told of each row besides, such as a summary of a datum; 0 when left out. */
  readonly conditioning?: number;
  /** Of what blocks hand on to each other. */
  readonly width: number;
  readonly blocks: number;
  /** Whether a block adds to what it is given; true when left out, as in files of older networks. */
  readonly residual?: boolean;
  /** Of a row of the embedding table. */
  readonly embedding: number;
}

/** What a score network reads for m transitions of R rows each, transition by transition. */
export interface ScoreTensors {
  /** `[m · R, d]` */
  readonly position: tf.Tensor2D;
  /** `[m · R, d]` */
  readonly momentum?: tf.Tensor2D;
  /** `[R, c]`, the same for all transitions. */
  readonly conditioning?: tf.Tensor2D;
  /** Rows of the embedding table, `[m, t]`. */
  readonly times: tf.Tensor2D;
}

export interface ScoreNetwork {
  readonly size: ScoreSize;
  /** By name; "times" is the embedding table `[K, t]`. */
  readonly shapes: ParameterShapes;
  /**
   * ŝ `[m · R, d]`.
   * @param parameters all but the table, by name
   */
  readonly apply: (parameters: Readonly<Record<string, tf.Tensor>>, tensors: ScoreTensors) => tf.Tensor2D;
}

/** The name of the embedding table. */
export const timesName = 'times';

/**
 * The residual network ŝ(k, x) or ŝ(k, x, p) of Doucet, Grathwohl, Matthews and Strathmann (2022, appendix B): h = W input + b, blocks
 *
 *     h ← h + C swish(A swish(LayerNorm(h)) + T e_k)
 *
 * of inner width 2 · width, and a linear output. e_k is a row of a trained table. Without residuals, as in the paper's ablation, blocks put
 * C swish(…) in the place of h. Inputs have matrices of their own, so that nothing is concatenated, and what belongs to all transitions of
 * a row is multiplied once.
 */
export function scoreNetwork(size: ScoreSize): ScoreNetwork {
  const { dim, steps, momentum, conditioning = 0, width, blocks, embedding } = size;
  const inner = 2 * width;
  const shapes: Record<string, readonly number[]> = {
    'position.weight': [width, dim],
    'position.bias': [width],
    ...(momentum ? { 'momentum.weight': [width, dim] } : {}),
    ...(conditioning > 0 ? { 'conditioning.weight': [width, conditioning] } : {}),
    [timesName]: [steps, embedding],
  };
  for (let block = 0; block < blocks; block += 1) {
    shapes[`${block}.norm.gain`] = [width];
    shapes[`${block}.norm.shift`] = [width];
    shapes[`${block}.inner.weight`] = [inner, width];
    shapes[`${block}.inner.bias`] = [inner];
    shapes[`${block}.times.weight`] = [inner, embedding];
    shapes[`${block}.outer.weight`] = [width, inner];
    shapes[`${block}.outer.bias`] = [width];
  }
  shapes['output.weight'] = [dim, width];
  shapes['output.bias'] = [dim];
  return { size, shapes, apply: (parameters, tensors) => apply(size, parameters, tensors) };
}

/** What a network starts from: zero in its output, so that ŝ = 0, and as linear layers of PyTorch elsewhere. */
export function initialScore({ shapes, size }: ScoreNetwork, seed: number): Parameters {
  const drawn: Record<string, Float32Array> = { ...initialParameters(shapes, seed) };
  for (let block = 0; block < size.blocks; block += 1) drawn[`${block}.norm.gain`]?.fill(1);
  drawn['output.weight']?.fill(0);
  drawn['output.bias']?.fill(0);
  return drawn;
}

function apply(
  { width, blocks, residual = true }: ScoreSize,
  parameters: Readonly<Record<string, tf.Tensor>>,
  { position, momentum, conditioning, times }: ScoreTensors,
): tf.Tensor2D {
  const get = (name: string): tf.Tensor2D => parameters[name] as tf.Tensor2D;
  const linear = (x: tf.Tensor2D, name: string): tf.Tensor2D => tf.matMul(x, get(`${name}.weight`), false, true);
  const [transitions, all] = [times.shape[0], position.shape[0]];
  const rows = all / transitions;
  let h = tf.add<tf.Tensor2D>(linear(position, 'position'), get('position.bias'));
  if (momentum !== undefined) h = tf.add(h, linear(momentum, 'momentum'));
  if (conditioning !== undefined) {
    const told = tf.reshape(linear(conditioning, 'conditioning'), [1, rows, width]);
    h = tf.reshape(tf.add(tf.reshape(h, [transitions, rows, width]), told), [all, width]);
  }
  for (let block = 0; block < blocks; block += 1) {
    const normal = tf.add(tf.mul(layerNorm(h), get(`${block}.norm.gain`)), get(`${block}.norm.shift`));
    const inner = linear(swish(normal) as tf.Tensor2D, `${block}.inner`);
    // One sum adds the bias and the time.
    const time = tf.add(linear(times, `${block}.times`), get(`${block}.inner.bias`));
    const shifted = tf.add(
      tf.reshape(inner, [transitions, rows, 2 * width]),
      tf.reshape(time, [transitions, 1, 2 * width]),
    );
    const outer = linear(swish(tf.reshape(shifted, [all, 2 * width])) as tf.Tensor2D, `${block}.outer`);
    const made = tf.add<tf.Tensor2D>(outer, get(`${block}.outer.bias`));
    h = residual ? tf.add(h, made) : made;
  }
  return tf.add(linear(h, 'output'), get('output.bias'));
}

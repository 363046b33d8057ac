import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from '../onnx/graph';
import type { Tracer } from '../trace/tracer';
import { binary } from './binary';
import { input, type Lowering } from './types';
import { unary } from './unary';
import { castTo } from './values';

function direct(op: string, attributes?: Record<string, Attribute>): Lowering {
  return (tracer, inputs) => unary(tracer, op, input(inputs, 'x'), attributes);
}

const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

/** Clip keeps NaN, as the chain of a minimum and a maximum does. */
const clipped =
  (bounds: (attrs: Record<string, unknown>) => readonly [number, number]): Lowering =>
  (tracer, inputs, attrs) => {
    const x = input(inputs, 'x');
    const [low, high] = bounds(attrs).map((bound) => tracer.uniform([], x.dtype, bound));
    if (low === undefined || high === undefined) return x;
    if (x.dtype === 'bool') {
      const integers = [x, low, high].map((tensor) => castTo(tracer, tensor, 'int32'));
      return castTo(tracer, tracer.elementwise('Clip', integers, x.shape, 'int32'), 'bool');
    }
    return tracer.elementwise('Clip', [x, low, high], x.shape, x.dtype);
  };

/**
 * The derivative of ReLU. A NaN steps to `alpha`, where tfjs's own backend says NaN: the value that the NaN came with is NaN
 * already, and this is the one op per layer that a gradient adds.
 */
const step: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { alpha = 0 } = attrs as { alpha?: number };
  const zero = tracer.uniform([], x.dtype, 0);
  const positive = binary(tracer, 'Greater', x, zero, { dtype: 'bool' });
  if (alpha === 0) return castTo(tracer, positive, x.dtype);
  const sides = [1, alpha].map((side) => tracer.uniform([], 'float32', side));
  return castTo(tracer, tracer.elementwise('Where', [positive, ...sides], x.shape, 'float32'), x.dtype);
};

/** Attributes of ONNX ops are single precision, so in doubles the two sides are put together from ops without any. */
function twoSided(tracer: Tracer, x: TensorInfo, positive: number, negative: TensorInfo, alpha: number): TensorInfo {
  const up = tracer.scaled(unary(tracer, 'Relu', x), positive);
  return binary(tracer, 'Add', up, tracer.scaled(negative, positive * alpha));
}

const below = (tracer: Tracer, x: TensorInfo): TensorInfo => binary(tracer, 'Min', x, tracer.uniform([], x.dtype, 0));

const selu: Lowering = (tracer, inputs) => {
  const x = castTo(tracer, input(inputs, 'x'), 'float32');
  if (tracer.precision === 'float32') {
    return unary(tracer, 'Selu', x, { alpha: { f: seluAlpha }, gamma: { f: seluScale } });
  }
  return twoSided(tracer, x, seluScale, unary(tracer, 'Elu', below(tracer, x)), seluAlpha);
};

const leakyRelu: Lowering = (tracer, inputs, attrs) => {
  const x = castTo(tracer, input(inputs, 'x'), 'float32');
  const { alpha } = attrs as { alpha: number };
  if (tracer.precision === 'float32') return unary(tracer, 'LeakyRelu', x, { alpha: { f: alpha } });
  return twoSided(tracer, x, 1, below(tracer, x), alpha);
};

/** ONNX broadcasts the slope to `x` only; tfjs broadcasts both ways. */
const prelu: Lowering = (tracer, inputs) => {
  const x = input(inputs, 'x');
  const slope = castTo(tracer, input(inputs, 'alpha'), 'float32');
  const shape = backend_util.assertAndGetBroadcastShape(x.shape, slope.shape);
  const full = tracer.full(tracer.broadcast(castTo(tracer, x, 'float32'), shape));
  return tracer.emit('PRelu', [full, tracer.compact(slope).name], {}, shape, 'float32');
};

/** dy where y ≥ 0, dy (y + 1) elsewhere. */
const eluGrad: Lowering = (tracer, inputs) => {
  const y = input(inputs, 'y');
  const negative = binary(tracer, 'Min', y, tracer.uniform([], 'float32', 0));
  const slope = binary(tracer, 'Add', negative, tracer.uniform([], 'float32', 1));
  return binary(tracer, 'Mul', input(inputs, 'dy'), slope);
};

const softmax =
  (op: string): Lowering =>
  (tracer, inputs) => {
    const x = castTo(tracer, input(inputs, 'logits'), 'float32');
    return tracer.emit(op, [tracer.full(x)], { axis: { i: -1 } }, x.shape, 'float32');
  };

/**
 * log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|). ONNX Runtime's own op is as accurate but five times slower, single-threaded, and half
 * of the gradient of a decoder of binary pixels.
 */
const softplus: Lowering = (tracer, inputs) => {
  const x = castTo(tracer, input(inputs, 'x'), 'float32');
  const decay = unary(tracer, 'Exp', tracer.scaled(unary(tracer, 'Abs', x), -1));
  const tail = unary(tracer, 'Log', binary(tracer, 'Add', decay, tracer.uniform([], 'float32', 1)));
  return binary(tracer, 'Add', unary(tracer, 'Relu', x), tail);
};

/** Saturating and piecewise functions. Measured against doubles, ONNX Runtime's are right to 3e-7 of the largest value. */
export const activationLowerings: Record<string, Lowering> = {
  Sigmoid: direct('Sigmoid'),
  Tanh: direct('Tanh'),
  Relu: direct('Relu'),
  Relu6: clipped(() => [0, 6]),
  ClipByValue: clipped((attrs) => {
    const { clipValueMin, clipValueMax } = attrs as { clipValueMin: number; clipValueMax: number };
    return [clipValueMin, clipValueMax];
  }),
  Elu: direct('Elu'),
  EluGrad: eluGrad,
  Selu: selu,
  Softplus: softplus,
  LeakyRelu: leakyRelu,
  Prelu: prelu,
  Step: step,
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
};

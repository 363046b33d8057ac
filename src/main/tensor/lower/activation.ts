import { backend_util } from '@tensorflow/tfjs-core';
import type { Attribute } from '../onnx/graph';
import { binary } from './binary';
import { input, type Lowering } from './types';
import { unary } from './unary';
import { castTo } from './values';

function direct(op: string, attributes?: Record<string, Attribute>): Lowering {
  return (tracer, inputs) => unary(tracer, op, input(inputs, 'x'), attributes);
}

const selu = { alpha: { f: 1.6732632423543772 }, gamma: { f: 1.0507009873554805 } };

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

const leakyRelu: Lowering = (tracer, inputs, attrs) => {
  const x = castTo(tracer, input(inputs, 'x'), 'float32');
  return unary(tracer, 'LeakyRelu', x, { alpha: { f: (attrs as { alpha: number }).alpha } });
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
  Selu: direct('Selu', selu),
  Softplus: direct('Softplus'),
  LeakyRelu: leakyRelu,
  Prelu: prelu,
  Step: step,
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
};

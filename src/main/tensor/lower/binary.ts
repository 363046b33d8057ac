import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { input, inputList, type Lowering } from './types';
import { castTo, stored } from './values';

interface BinaryOptions {
  /** Computes the result when both operands are uniform. */
  readonly fold?: (a: number, b: number) => number;
  /** The second operand that changes nothing (a + 0, a · 1, a − 0, a / 1). */
  readonly neutral?: number;
  /** Whether the rules for one operand hold for the other too. */
  readonly commutes?: boolean;
  /**
   * The first operand that makes the result itself, whatever the second (0 · b, 0 / b). Second-order gradients are full of
   * zeros (the derivative of a step), and without this each drags a chain of products behind it. It differs from arithmetic
   * only where the other operand is not finite, and there as one would wish: 0 · log 0 is 0.
   */
  readonly absorbing?: number;
  readonly dtype?: 'bool';
}

/** What ONNX computes on booleans themselves; for the rest they are integers. */
const booleanOps = new Set(['Equal', 'And', 'Or']);

/** Applies a two-input ONNX op with broadcasting. */
export function binary(
  tracer: Tracer,
  op: string,
  a: TensorInfo,
  b: TensorInfo,
  { fold, neutral, commutes = false, absorbing, dtype }: BinaryOptions = {},
): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const resultType = dtype ?? a.dtype;
  const [left, right] = [tracer.uniformOf(a), tracer.uniformOf(b)];
  if (fold !== undefined && left !== undefined && right !== undefined) {
    return tracer.uniform(shape, resultType, stored(fold(left, right), resultType));
  }
  if (neutral !== undefined && right === neutral) return tracer.broadcast(a, shape);
  if (neutral !== undefined && commutes && left === neutral) return tracer.broadcast(b, shape);
  if (absorbing !== undefined && (left === absorbing || (commutes && right === absorbing))) {
    return tracer.uniform(shape, resultType, absorbing);
  }
  if (a.dtype === 'bool' && !booleanOps.has(op)) {
    const integers = [a, b].map((tensor) => castTo(tracer, tensor, 'int32'));
    return castTo(tracer, tracer.elementwise(op, integers, shape, dtype ?? 'int32'), 'bool');
  }
  if (a.dtype === 'float32' && dtype === undefined) return arithmetic(tracer, op, a, b, shape);
  return tracer.elementwise(op, [a, b], shape, resultType);
}

/** Sums and products of floats pass on the factors of their operands instead of applying them. */
function arithmetic(tracer: Tracer, op: string, a: TensorInfo, b: TensorInfo, shape: readonly number[]): TensorInfo {
  const factor = op === 'Mul' ? (tracer.uniformOf(a) ?? tracer.uniformOf(b)) : undefined;
  if (factor !== undefined) {
    return tracer.scaled(tracer.broadcast(tracer.uniformOf(a) === undefined ? a : b, shape), factor);
  }
  const [left, right] = [tracer.unscaled(a), tracer.unscaled(b)];
  const bare = (name: string): TensorInfo => tracer.elementwise(name, [left.tensor, right.tensor], shape, 'float32');
  if (op === 'Mul') return tracer.scaled(bare('Mul'), left.scale * right.scale);
  if (op === 'Add' || op === 'Sub') {
    if (left.scale === right.scale) return tracer.scaled(bare(op), left.scale);
    if (left.scale === -right.scale) return tracer.scaled(bare(op === 'Add' ? 'Sub' : 'Add'), left.scale);
  }
  return tracer.elementwise(op, [a, b], shape, 'float32');
}

function lowered(op: string, options?: BinaryOptions): Lowering {
  return (tracer, inputs) => binary(tracer, op, input(inputs, 'a'), input(inputs, 'b'), options);
}

export const sum: BinaryOptions = { fold: (a, b) => a + b, neutral: 0, commutes: true };
export const product: BinaryOptions = { fold: (a, b) => a * b, neutral: 1, commutes: true, absorbing: 0 };
const difference: BinaryOptions = { fold: (a, b) => a - b, neutral: 0 };
const quotient: BinaryOptions = { fold: (a, b) => a / b, neutral: 1, absorbing: 0 };

/**
 * Powers that have an op of their own, many times faster than a general power. The gradient of rsqrt raises to 1.5.
 */
const powers = new Map<number, (tracer: Tracer, x: TensorInfo) => TensorInfo>([
  [-1, (tracer, x) => tracer.elementwise('Reciprocal', [x], x.shape, x.dtype)],
  [0.5, (tracer, x) => tracer.elementwise('Sqrt', [x], x.shape, x.dtype)],
  [1, (tracer, x) => tracer.broadcast(x, x.shape)],
  [1.5, (tracer, x) => binary(tracer, 'Mul', x, tracer.elementwise('Sqrt', [x], x.shape, x.dtype))],
  [2, (tracer, x) => binary(tracer, 'Mul', x, x)],
]);

const power: Lowering = (tracer, inputs) => {
  const [a, b] = [input(inputs, 'a'), input(inputs, 'b')];
  const special = a.dtype === 'float32' ? powers.get(tracer.uniformOf(b) ?? NaN) : undefined;
  if (special === undefined || tracer.uniformOf(a) !== undefined)
    return binary(tracer, 'Pow', a, b, { fold: Math.pow });
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return tracer.broadcast(special(tracer, a), shape);
};

/** Integers are divided as doubles: exact, and a zero divisor is no error of the runtime. */
function floorRatio(tracer: Tracer, a: TensorInfo, b: TensorInfo): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  if (a.dtype === 'float32') return tracer.elementwise('Floor', [binary(tracer, 'Div', a, b)], shape, 'float32');
  const double = { to: { i: 11 } };
  const operands = [a, b].map((tensor) => tracer.elementwise('Cast', [tensor], tensor.shape, tensor.dtype, double));
  const ratio = tracer.elementwise('Div', operands, shape, a.dtype);
  const floor = tracer.elementwise('Floor', [ratio], shape, a.dtype);
  return tracer.elementwise('Cast', [floor], shape, 'int32', { to: { i: 6 } });
}

const floorDiv: Lowering = (tracer, inputs) =>
  castTo(tracer, floorRatio(tracer, input(inputs, 'a'), input(inputs, 'b')), 'int32');

/** The remainder with the sign of the divisor. For floats ONNX has only C's fmod, so the divisor's sign is put on it. */
const mod: Lowering = (tracer, inputs) => {
  const [a, b] = [input(inputs, 'a'), input(inputs, 'b')];
  if (a.dtype !== 'float32') {
    const whole = binary(tracer, 'Mul', floorRatio(tracer, a, b), b);
    return binary(tracer, 'Sub', a, whole);
  }
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const remainder = tracer.elementwise('Mod', [a, b], shape, 'float32', { fmod: { i: 1 } });
  const zero = tracer.uniform([], 'float32', 0);
  const opposed = binary(tracer, 'Less', binary(tracer, 'Mul', remainder, b), zero, { dtype: 'bool' });
  return tracer.elementwise('Where', [opposed, binary(tracer, 'Add', remainder, b), remainder], shape, 'float32');
};

export const binaryLowerings: Record<string, Lowering> = {
  Add: lowered('Add', sum),
  Sub: lowered('Sub', difference),
  Multiply: lowered('Mul', product),
  RealDiv: (tracer, inputs) => {
    const [a, b] = [input(inputs, 'a'), input(inputs, 'b')];
    const floats = [a, b].map((tensor) => castTo(tracer, tensor, 'float32')) as [TensorInfo, TensorInfo];
    return castTo(tracer, binary(tracer, 'Div', ...floats, quotient), a.dtype);
  },
  FloorDiv: floorDiv,
  Mod: mod,
  Maximum: lowered('Max', { fold: Math.max }),
  Minimum: lowered('Min', { fold: Math.min }),
  Pow: power,
  Equal: lowered('Equal', { dtype: 'bool' }),
  NotEqual: (tracer, inputs) => {
    const equal = binary(tracer, 'Equal', input(inputs, 'a'), input(inputs, 'b'), { dtype: 'bool' });
    return tracer.elementwise('Not', [equal], equal.shape, 'bool');
  },
  Greater: lowered('Greater', { dtype: 'bool' }),
  GreaterEqual: lowered('GreaterOrEqual', { dtype: 'bool' }),
  Less: lowered('Less', { dtype: 'bool' }),
  LessEqual: lowered('LessOrEqual', { dtype: 'bool' }),
  LogicalAnd: lowered('And', { dtype: 'bool' }),
  LogicalOr: lowered('Or', { dtype: 'bool' }),
  SquaredDifference: (tracer, inputs) => {
    const gap = binary(tracer, 'Sub', input(inputs, 'a'), input(inputs, 'b'), difference);
    return binary(tracer, 'Mul', gap, gap, product);
  },
  AddN: (tracer, inputs) => {
    // The sum of one tensor is a tensor of its own: the same one as input and output would count its gradient twice.
    const zero = tracer.uniform([], inputList(inputs)[0]?.dtype ?? 'float32', 0);
    return inputList(inputs).reduce((total, term) => binary(tracer, 'Add', total, term, sum), zero);
  },
};

import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { input, type Lowering } from './types';

interface BinaryOptions {
  /** Computes the result when both operands are uniform. */
  readonly fold?: (a: number, b: number) => number;
  /** The second operand that changes nothing (a + 0, a · 1, a − 0, a / 1). */
  readonly neutral?: number;
  /** Whether the same holds for the first operand. */
  readonly commutes?: boolean;
  /** An operand that makes the result itself, whatever the other (0 · b): sound for gradients, where it masks nothing. */
  readonly dtype?: 'bool';
}

/** Applies a two-input ONNX op with broadcasting. */
export function binary(
  tracer: Tracer,
  op: string,
  a: TensorInfo,
  b: TensorInfo,
  { fold, neutral, commutes = false, dtype }: BinaryOptions = {},
): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const resultType = dtype ?? a.dtype;
  const [left, right] = [tracer.uniformOf(a), tracer.uniformOf(b)];
  if (fold !== undefined && left !== undefined && right !== undefined) {
    return tracer.uniform(shape, resultType, fold(left, right));
  }
  if (neutral !== undefined && right === neutral) return tracer.broadcast(a, shape);
  if (neutral !== undefined && commutes && left === neutral) return tracer.broadcast(b, shape);
  return tracer.elementwise(op, [a, b], shape, resultType);
}

function lowered(op: string, options?: BinaryOptions): Lowering {
  return (tracer, inputs) => binary(tracer, op, input(inputs, 'a'), input(inputs, 'b'), options);
}

const sum: BinaryOptions = { fold: (a, b) => a + b, neutral: 0, commutes: true };

export const binaryLowerings: Record<string, Lowering> = {
  Add: lowered('Add', sum),
  Sub: lowered('Sub', { fold: (a, b) => a - b, neutral: 0 }),
  Multiply: lowered('Mul', { fold: (a, b) => a * b, neutral: 1, commutes: true }),
  RealDiv: lowered('Div', { fold: (a, b) => a / b, neutral: 1 }),
  Maximum: lowered('Max'),
  Minimum: lowered('Min'),
  Pow: lowered('Pow'),
  Equal: lowered('Equal', { dtype: 'bool' }),
  Greater: lowered('Greater', { dtype: 'bool' }),
  GreaterEqual: lowered('GreaterOrEqual', { dtype: 'bool' }),
  Less: lowered('Less', { dtype: 'bool' }),
  LessEqual: lowered('LessOrEqual', { dtype: 'bool' }),
  LogicalAnd: lowered('And', { dtype: 'bool' }),
  LogicalOr: lowered('Or', { dtype: 'bool' }),
  SquaredDifference: (tracer, inputs) => {
    const difference = binary(tracer, 'Sub', input(inputs, 'a'), input(inputs, 'b'));
    return binary(tracer, 'Mul', difference, difference);
  },
  AddN: (tracer, inputs) =>
    (inputs as unknown as TensorInfo[]).reduce((total, term) => binary(tracer, 'Add', total, term, sum)),
};

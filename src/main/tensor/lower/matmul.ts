import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { sizeOf } from '../types';
import { reshaped, transposed } from './shape';
import { input, inputList, type Lowering } from './types';
import { castTo } from './values';

/** Numbers from which on a matrix is worth turning over by itself. */
const large = 4096;

/**
 * The XᵀdY of a gradient: ONNX Runtime multiplies a seventh faster by an X that has been turned over before than with the flag, which has it
 * turned over piece by piece in the product. Between reshapes, or the runtime would make the flag of it again.
 */
function turned(tracer: Tracer, x: TensorInfo): TensorInfo {
  const [rows = 1, columns = 1] = x.shape;
  return reshaped(tracer, transposed(tracer, reshaped(tracer, x, [1, rows, columns]), [0, 2, 1]), [columns, rows]);
}

/**
 * A product of two matrices becomes a Gemm with transpose flags: Transpose followed by MatMul loses half of the speed. Stacks of matrices
 * become MatMul, which has no flags.
 */
const batchMatMul: Lowering = (tracer, inputs, attrs) => {
  const a = input(inputs, 'a');
  const b = castTo(tracer, input(inputs, 'b'), a.dtype);
  const { transposeA = false, transposeB = false } = attrs as { transposeA?: boolean; transposeB?: boolean };
  const rows = a.shape[a.shape.length - (transposeA ? 1 : 2)] ?? 1;
  const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)] ?? 1;
  const batch = a.shape.slice(0, -2).map((extent, axis) => Math.max(extent, b.shape[axis] ?? 1));
  const shape = [...batch, rows, columns];
  // Second-order gradients multiply the zero derivative of a step by every layer below it.
  if (tracer.uniformOf(a) === 0 || tracer.uniformOf(b) === 0) return tracer.uniform(shape, a.dtype, 0);
  if (a.shape.length === 2 && b.shape.length === 2 && a.dtype === 'float32') {
    const [left, right] = [tracer.unscaled(a), tracer.unscaled(b)];
    const turn = transposeA && !transposeB && sizeOf(a.shape) >= large;
    const attributes = { transA: { i: Number(transposeA && !turn) }, transB: { i: Number(transposeB) } };
    const product = tracer.emit(
      'Gemm',
      [tracer.full(turn ? turned(tracer, left.tensor) : left.tensor), tracer.full(right.tensor)],
      attributes,
      shape,
      a.dtype,
    );
    return tracer.scaled(product, left.scale * right.scale);
  }
  const swapped = (tensor: typeof a, swap: boolean): string => {
    const name = tracer.full(tensor);
    if (!swap) return name;
    const axes = tensor.shape.map((_, axis) => axis);
    const last = axes.length - 1;
    [axes[last], axes[last - 1]] = [last - 1, last];
    return tracer.node('Transpose', [name], { perm: { ints: axes } });
  };
  return tracer.emit('MatMul', [swapped(a, transposeA), swapped(b, transposeB)], {}, shape, a.dtype);
};

/** The equation fixes the shape: each letter is the extent that it has in some operand. */
const einsum: Lowering = (tracer, inputs, attrs) => {
  const tensors = inputList(inputs);
  const equation = (attrs as { equation: string }).equation.replace(/\s/g, '');
  const [terms = '', result = ''] = equation.split('->');
  const extents = new Map(
    terms
      .split(',')
      .flatMap((term, index) => [...term].map((letter, axis) => [letter, tensors[index]?.shape[axis] ?? 1])),
  );
  const shape = [...result].map((letter) => extents.get(letter) ?? 1);
  const names = tensors.map((tensor) => tracer.full(tensor));
  return tracer.emit('Einsum', names, { equation: { s: equation } }, shape, tensors[0]?.dtype ?? 'float32');
};

export const matmulLowerings: Record<string, Lowering> = { BatchMatMul: batchMatMul, Einsum: einsum };

import { input, type Lowering } from './types';

/**
 * A product of two matrices becomes a Gemm with transpose flags: Transpose followed by MatMul loses half of the speed for the
 * XᵀdY of a gradient. Stacks of matrices become MatMul, which has no flags.
 */
const batchMatMul: Lowering = (tracer, inputs, attrs) => {
  const a = input(inputs, 'a');
  const b = input(inputs, 'b');
  const { transposeA = false, transposeB = false } = attrs as { transposeA?: boolean; transposeB?: boolean };
  const rows = a.shape[a.shape.length - (transposeA ? 1 : 2)] ?? 1;
  const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)] ?? 1;
  if (a.shape.length === 2 && b.shape.length === 2) {
    const attributes = { transA: { i: Number(transposeA) }, transB: { i: Number(transposeB) } };
    return tracer.emit('Gemm', [tracer.full(a), tracer.full(b)], attributes, [rows, columns], a.dtype);
  }
  const swapped = (tensor: typeof a, swap: boolean): string => {
    const name = tracer.full(tensor);
    if (!swap) return name;
    const axes = tensor.shape.map((_, axis) => axis);
    const last = axes.length - 1;
    [axes[last], axes[last - 1]] = [last - 1, last];
    return tracer.node('Transpose', [name], { perm: { ints: axes } });
  };
  const batch = a.shape.slice(0, -2).map((extent, axis) => Math.max(extent, b.shape[axis] ?? 1));
  const operands = [swapped(a, transposeA), swapped(b, transposeB)];
  return tracer.emit('MatMul', operands, {}, [...batch, rows, columns], a.dtype);
};

export const matmulLowerings: Record<string, Lowering> = { BatchMatMul: batchMatMul };

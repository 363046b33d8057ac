import { backend_util, util } from '@tensorflow/tfjs-core';
import { input, type Lowering } from './types';

function reduction(op: string, dtype?: string): Lowering {
  return (tracer, inputs, attrs) => {
    const x = input(inputs, 'x');
    const { axis, keepDims = false } = attrs as { axis: number | number[]; keepDims?: boolean };
    const axes = util.parseAxisParam(axis, x.shape);
    const shape = backend_util.computeOutAndReduceShapes(x.shape, axes)[0];
    const kept = keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape;
    if (axes.length === 0) return tracer.broadcast(x, x.shape);
    const attributes = { keepdims: { i: Number(keepDims) } };
    return tracer.emit(op, [tracer.full(x), tracer.ints(axes)], attributes, kept, dtype ?? x.dtype);
  };
}

export const reduceLowerings: Record<string, Lowering> = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
};

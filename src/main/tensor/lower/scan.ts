import { util } from '@tensorflow/tfjs-core';
import { reshaped } from './shape';
import { input, type Lowering } from './types';
import { castTo, known, range } from './values';

interface ScanAttributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

const cumsum: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { axis, exclusive, reverse } = attrs as unknown as ScanAttributes;
  if (x.shape.length === 0) return exclusive ? tracer.uniform([], x.dtype, 0) : tracer.broadcast(x, []);
  const at = util.parseAxisParam(axis, x.shape)[0] ?? 0;
  if (tracer.uniformOf(x) === 0) return tracer.broadcast(x, x.shape);
  const numbers = x.dtype === 'bool' ? castTo(tracer, x, 'int32') : x;
  const scalar = tracer.constant(BigInt64Array.of(BigInt(at)), [], 'int64');
  const attributes = { exclusive: { i: Number(exclusive) }, reverse: { i: Number(reverse) } };
  return tracer.emit('CumSum', [tracer.full(numbers), scalar], attributes, x.shape, numbers.dtype);
};

/**
 * Running products, for the gradient of tf.prod. ONNX has none: each entry is the product of a row in which the factors that
 * it must not see are ones. Quadratic in the length of the axis.
 */
const cumprod: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { axis, exclusive, reverse } = attrs as unknown as ScanAttributes;
  const at = util.parseAxisParam(axis, x.shape)[0] ?? 0;
  const count = x.shape[at] ?? 1;
  const tail = x.shape.slice(at + 1);
  const numbers = x.dtype === 'bool' ? castTo(tracer, x, 'int32') : x;
  const seen = range(count).flatMap((to) =>
    range(count).map((from) => {
      const distance = reverse ? from - to : to - from;
      return Number(exclusive ? distance > 0 : distance >= 0);
    }),
  );
  const mask = known(tracer, seen, [count, count, ...tail.map(() => 1)], 'bool');
  const rows = reshaped(tracer, numbers, x.shape.toSpliced(at, 0, 1));
  const square = x.shape.toSpliced(at, 0, count);
  const one = tracer.uniform([], numbers.dtype, 1);
  const factors = tracer.elementwise('Where', [mask, rows, one], square, numbers.dtype);
  const axes = tracer.ints([at + 1]);
  return tracer.emit('ReduceProd', [tracer.full(factors), axes], { keepdims: { i: 0 } }, x.shape, numbers.dtype);
};

const topK: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { k } = attrs as { k: number };
  const shape = [...x.shape.slice(0, -1), k];
  const [values, indices] = tracer.nodes('TopK', [tracer.full(x), tracer.ints([k])], {}, 2) as [string, string];
  return [
    tracer.tensor(shape, x.dtype, { shape, name: values }),
    tracer.emit('Cast', [indices], { to: { i: 6 } }, shape, 'int32'),
  ];
};

const linSpace: Lowering = (tracer, _inputs, attrs) => {
  const { start, stop, num } = attrs as Record<'start' | 'stop' | 'num', number>;
  const step = (stop - start) / (num - 1);
  const values = range(num).map((index) => (num === 1 ? start : start + index * step));
  return known(tracer, values, [num], 'float32');
};

const rangeOf: Lowering = (tracer, _inputs, attrs) => {
  const { start, stop, step, dtype } = attrs as Record<'start' | 'stop' | 'step', number> & {
    dtype: 'float32' | 'int32';
  };
  const count = Math.max(0, Math.ceil((stop - start) / (stop < start && step === 1 ? -1 : step)));
  const by = stop < start && step === 1 ? -1 : step;
  return known(
    tracer,
    range(count).map((index) => start + index * by),
    [count],
    dtype,
  );
};

export const scanLowerings: Record<string, Lowering> = {
  Cumsum: cumsum,
  Cumprod: cumprod,
  TopK: topK,
  LinSpace: linSpace,
  Range: rangeOf,
};

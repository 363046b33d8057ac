import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { input, type Lowering } from './types';
import { range } from './values';

type Paddings = readonly (readonly [number, number])[];

/** The tensor with a border of one number. */
export function padded(tracer: Tracer, x: TensorInfo, paddings: Paddings, value = 0): TensorInfo {
  const shape = x.shape.map((extent, axis) => extent + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
  if (tracer.uniformOf(x) === value) return tracer.uniform(shape, x.dtype, value);
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return tracer.broadcast(x, shape);
  const pads = tracer.ints([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  const filler = tracer.compact(tracer.uniform([], x.dtype, value)).name;
  return tracer.emit('Pad', [tracer.full(x), pads, filler], {}, shape, x.dtype);
}

/** Entry of an axis that a padded position shows. `reflect` does not repeat the border, `symmetric` does. */
export function mirrored(position: number, extent: number, mode: string): number {
  const offset = mode === 'reflect' ? 0 : 1;
  if (position < 0) return -position - offset;
  return position >= extent ? 2 * (extent - 1) - position + offset : position;
}

/** ONNX can reflect but not repeat the border, so each padded axis is gathered from its own entries. */
const mirrorPad: Lowering = (tracer, inputs, attrs) => {
  const { paddings, mode } = attrs as { paddings: Paddings; mode: string };
  return paddings.reduce<TensorInfo>(
    (x, [before, after], axis) => {
      if (before === 0 && after === 0) return x;
      const extent = x.shape[axis] ?? 1;
      const entries = range(before + extent + after).map((index) => mirrored(index - before, extent, mode));
      const shape = x.shape.with(axis, entries.length);
      return tracer.emit('Gather', [tracer.full(x), tracer.ints(entries)], { axis: { i: axis } }, shape, x.dtype);
    },
    tracer.broadcast(input(inputs, 'x'), input(inputs, 'x').shape),
  );
};

export const paddingLowerings: Record<string, Lowering> = {
  PadV2: (tracer, inputs, attrs) => {
    const { paddings, constantValue = 0 } = attrs as { paddings: Paddings; constantValue?: number };
    return padded(tracer, input(inputs, 'x'), paddings, constantValue);
  },
  MirrorPad: mirrorPad,
};

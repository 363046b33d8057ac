import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { reshaped } from './shape';
import { input, type Lowering } from './types';
import { known, range } from './values';

interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
  readonly size: readonly [number, number];
}

/** Weights of the old entries of an axis in one new entry. */
type Row = (
  position: number,
  extent: number,
  ratio: number,
  attributes: ResizeAttributes,
) => readonly [number, number][];

const bilinear: Row = (position, extent, ratio, { halfPixelCenters }) => {
  const place = halfPixelCenters ? ratio * (position + 0.5) - 0.5 : ratio * position;
  const low = Math.max(0, Math.floor(place));
  const high = Math.min(extent - 1, Math.ceil(place));
  const share = place - low;
  return [
    [low, 1 - share],
    [high, share],
  ];
};

const nearest: Row = (position, extent, ratio, { alignCorners, halfPixelCenters }) => {
  const place = ratio * (halfPixelCenters ? position + 0.5 : position);
  return [[Math.min(extent - 1, alignCorners ? Math.round(place) : Math.floor(place)), 1]];
};

/** The [after, before] matrix that resizes one axis. */
function matrix(row: Row, before: number, after: number, attributes: ResizeAttributes): number[] {
  const aligned = attributes.alignCorners && after > 1;
  const ratio = aligned ? (before - 1) / (after - 1) : before / after;
  return range(after).flatMap((position) => {
    const weights = new Array<number>(before).fill(0);
    for (const [entry, weight] of row(position, before, ratio, attributes))
      weights[entry] = (weights[entry] ?? 0) + weight;
    return weights;
  });
}

/** Multiplies the rows, then the columns of every image [batch, height, width, channels] by a matrix each. */
function apply(tracer: Tracer, x: TensorInfo, factors: readonly [TensorInfo, TensorInfo]): TensorInfo {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const [newHeight = 1, newWidth = 1] = factors.map((factor) => factor.shape[0]);
  const multiplied = (factor: TensorInfo, stack: TensorInfo): TensorInfo => {
    const [count = 1, , length = 1] = stack.shape;
    const shape = [count, factor.shape[0] ?? 1, length];
    return tracer.emit('MatMul', [tracer.full(factor), tracer.full(stack)], {}, shape, 'float32');
  };
  const tall = multiplied(factors[0], reshaped(tracer, x, [batch, height, width * channels]));
  const wide = multiplied(factors[1], reshaped(tracer, tall, [batch * newHeight, width, channels]));
  return reshaped(tracer, wide, [batch, newHeight, newWidth, channels]);
}

/**
 * Resizing is linear and treats rows and columns alike, so it is two matrix products, and its gradient the transposed ones.
 * tfjs's own gradient kernel leaves half-pixel centres out and mixes up height and width; this one does neither.
 */
function resize(row: Row, backwards: boolean): Lowering {
  return (tracer, inputs, attrs) => {
    const images = input(inputs, 'images');
    const x = backwards ? input(inputs, 'dy') : images;
    const attributes = attrs as unknown as ResizeAttributes;
    const [before, after] = [images.shape.slice(1, 3), backwards ? x.shape.slice(1, 3) : attributes.size];
    const factors = [0, 1].map((axis) => {
      const [from, to] = [before[axis] ?? 1, after[axis] ?? 1];
      const weights = matrix(row, from, to, attributes);
      if (!backwards) return known(tracer, weights, [to, from], 'float32');
      const columns = range(from).flatMap((entry) =>
        range(to).map((position) => weights[position * from + entry] ?? 0),
      );
      return known(tracer, columns, [from, to], 'float32');
    });
    return apply(tracer, x, factors as [TensorInfo, TensorInfo]);
  };
}

export const resizeLowerings: Record<string, Lowering> = {
  ResizeBilinear: resize(bilinear, false),
  ResizeBilinearGrad: resize(bilinear, true),
  ResizeNearestNeighbor: resize(nearest, false),
  ResizeNearestNeighborGrad: resize(nearest, true),
};

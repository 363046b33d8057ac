import type { Plane } from './types';

/** The first two coordinates; undefined in one dimension. */
export function firstTwo(
  dim: number,
  logDensity?: Plane['logDensity'],
  labels: readonly string[] = ['z₁', 'z₂'],
): { plane?: Plane } {
  if (dim < 2) return {};
  const [first = 'z₁', second = 'z₂'] = labels;
  return {
    plane: {
      x: unit(dim, 0),
      y: unit(dim, 1),
      labels: [first, second],
      ...(logDensity === undefined ? {} : { logDensity }),
    },
  };
}

export function unit(dim: number, axis: number): Float64Array {
  const vector = new Float64Array(dim);
  vector[axis] = 1;
  return vector;
}

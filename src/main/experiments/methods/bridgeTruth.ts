import type { Target } from '../../targets';
import type { Device, Precision } from '../../tensor/types';
import { logDensityOn } from '../targetDensity';

/** Points along each axis, and how far two of them may be apart from every second one's answer, nats. */
const along = 400;
const alongPlane = 240;
const agree = 0.01;
const mostExact = 4000;

export interface BridgedOn {
  readonly target: Target;
  readonly device: Device;
  readonly precision: Precision;
  readonly seed: number;
}

/**
 * log Z_β = log ∫ N(x; 0, s₀² I)^{1−β} q̃(x)^β dx by the trapezoidal rule, for targets on a line or in a plane. Null where every second
 * point gives another answer, undefined in more dimensions.
 * @param betas of the densities between the normal and the target
 * @param scale s₀
 * @param reached where draws were on their way, `[n, d]` each: with exact samples they say how far the grid must reach
 */
export async function bridgeLogZ(
  betas: readonly number[],
  scale: number,
  reached: readonly Float64Array[],
  { target, device, precision, seed }: BridgedOn,
): Promise<(number | null)[] | undefined> {
  const { dim } = target;
  if (dim > 2) return undefined;
  const exact = target.sample?.(mostExact, seed);
  const places = [...reached, ...(exact === undefined ? [] : [exact])];
  const count = dim === 1 ? along : alongPlane;
  const axes = Array.from({ length: dim }, (_, axis) => gridOf(places, dim, axis, scale, count));
  const points = new Float64Array(count ** dim * dim);
  for (let row = 0; row < count ** dim; row += 1) {
    for (let axis = 0; axis < dim; axis += 1) {
      points[row * dim + axis] = axes[axis]?.[Math.floor(row / count ** axis) % count] ?? NaN;
    }
  }
  const log = await logDensityOn(target, device, precision, points, 0);
  const cell = axes.reduce((area, axis) => area * ((axis[1] ?? NaN) - (axis[0] ?? NaN)), 1);
  const constant = -0.5 * dim * Math.log(2 * Math.PI * scale * scale);
  const normal = log.map((_, row) => {
    let squares = 0;
    for (let axis = 0; axis < dim; axis += 1) squares += ((points[row * dim + axis] ?? NaN) / scale) ** 2;
    return constant - 0.5 * squares;
  });
  const even = (row: number): boolean => axes.every((_, axis) => (Math.floor(row / count ** axis) % count) % 2 === 0);
  return betas.map((beta) => {
    const values = log.map((value, row) => {
      const bridged = (1 - beta) * (normal[row] ?? NaN) + (beta === 0 ? 0 : beta * value);
      return Number.isNaN(bridged) ? -Infinity : bridged;
    });
    const all = Math.log(cell) + logSum(values);
    const half = Math.log(cell * 2 ** dim) + logSum(values.filter((_, row) => even(row)));
    return Math.abs(all - half) < agree ? all : null;
  });
}

/** Wide enough for the normal and for what was reached, with a margin. */
function gridOf(places: readonly Float64Array[], dim: number, axis: number, scale: number, count: number): number[] {
  let [low, high] = [-6 * scale, 6 * scale];
  for (const values of places) {
    for (let at = axis; at < values.length; at += dim) {
      const value = values[at] ?? NaN;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const margin = 0.15 * (high - low);
  const step = (high - low + 2 * margin) / (count - 1);
  return Array.from({ length: count }, (_, i) => low - margin + i * step);
}

function logSum(values: Float64Array): number {
  const top = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return top + Math.log(values.reduce((total, value) => total + Math.exp(value - top), 0));
}

import { formatCount, formatNumber } from '../format';
import type { Range } from './figure';

export interface Tick {
  /** On the axis: the logarithm on a logarithmic one. */
  readonly at: number;
  readonly label: string;
}

/** Round numbers, a step of 1, 2 or 5 times a power of ten apart, at most `most` of them. */
export function linearTicks([low, high]: Range, most: number): Tick[] {
  if (!(high > low)) return [{ at: low, label: formatNumber(low, 2) }];
  let step = niceStep((high - low) / (most + 1));
  while (ticksIn(low, high, step) > most) step = niceStep(step * 1.5);
  // One tick alone says where the axis is, but not its scale.
  for (let tries = 0; tries < 3 && ticksIn(low, high, step) < 2; tries += 1) step = niceStep(step * 0.39);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const count = ticksIn(low, high, step);
  const text = (value: number): string =>
    decimals === 0 && Math.abs(value) >= 1000 ? formatCount(value) : formatNumber(value, decimals);
  return Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step).map((at) => ({
    at: Number(at.toPrecision(12)),
    label: text(at),
  }));
}

function ticksIn(low: number, high: number, step: number): number {
  return Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const lead = least / power;
  return (lead <= 1.0001 ? 1 : lead <= 2.0001 ? 2 : lead <= 5.0001 ? 5 : 10) * power;
}

/**
 * Ticks of a logarithmic axis: powers of ten where there are enough of them, then 1 and 3, then 1, 2 and 5, then whatever a linear
 * axis would have.
 * @param range decimal logarithms
 */
export function logTicks(range: Range, most: number): Tick[] {
  const choices = [[1], [1, 3], [1, 2, 5]].map((mantissas) => mantissaTicks(range, mantissas));
  const fitting = choices.filter((ticks) => ticks.length >= 2 && ticks.length <= most);
  const chosen = fitting.at(-1);
  if (chosen !== undefined) return chosen.map((value) => ({ at: Math.log10(value), label: countLabel(value) }));
  const decades = choices[0] ?? [];
  if (decades.length > most) {
    const stride = Math.ceil(decades.length / most);
    const kept = decades.filter((_, index) => index % stride === 0);
    return kept.map((value) => ({ at: Math.log10(value), label: countLabel(value) }));
  }
  // Evenly stepped numbers crowd at the upper end, so a few of them do.
  return linearTicks([10 ** range[0], 10 ** range[1]], Math.min(most, mostLinear))
    .filter(({ at }) => at > 0)
    .map(({ at, label }) => ({ at: Math.log10(at), label: at >= 1000 ? formatCount(at) : label }));
}

/** So many on a logarithmic axis that is too short for 1, 2 and 5. */
const mostLinear = 6;

function mantissaTicks([low, high]: Range, mantissas: readonly number[]): number[] {
  const values: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power += 1) {
    for (const mantissa of mantissas) {
      const value = mantissa * 10 ** power;
      const at = Math.log10(value);
      if (at >= low - 1e-9 && at <= high + 1e-9) values.push(Number(value.toPrecision(6)));
    }
  }
  return values;
}

function countLabel(value: number): string {
  return value >= 1 ? formatCount(value) : String(value);
}

const [minute, hour, day] = [60, 3600, 86_400];
const times: readonly (readonly [seconds: number, label: string])[] = [
  ...[0.001, 0.01, 0.1].map((value) => [value, `${value * 1000} ms`] as const),
  ...[1, 3, 10, 30].map((value) => [value, `${value} s`] as const),
  ...[1, 3, 10, 30].map((value) => [value * minute, `${value} min`] as const),
  ...[1, 3, 10].map((value) => [value * hour, `${value} h`] as const),
  ...[1, 3, 10, 30].map((value) => [value * day, `${value} d`] as const),
];

/**
 * Ticks of a logarithmic axis of durations.
 * @param range decimal logarithms of seconds
 */
export function timeTicks([low, high]: Range, most: number): Tick[] {
  const inside = times
    .map(([seconds, label]) => ({ at: Math.log10(seconds), label }))
    .filter(({ at }) => at >= low - 1e-9 && at <= high + 1e-9);
  if (inside.length >= 2) {
    const stride = Math.ceil(inside.length / most);
    return inside.filter((_, index) => (inside.length - 1 - index) % stride === 0);
  }
  const top = 10 ** high;
  const [scale, unit] =
    top < 1 ? [0.001, 'ms'] : top < 2 * minute ? [1, 's'] : top < 2 * hour ? [minute, 'min'] : [hour, 'h'];
  return linearTicks([10 ** low / scale, top / scale], most)
    .filter(({ at }) => at > 0)
    .map(({ at, label }) => ({ at: Math.log10(at * scale), label: `${label} ${unit}` }));
}

/** A range with some air at both ends; wider than a point. */
export function padded(values: readonly number[], share: number, least: number): Range {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = Math.max((high - low) * share, least);
  return [low - pad, high + pad];
}

/** The part of a range that a zoomed chart shows. */
export function within([low, high]: Range, [from, to]: Range): Range {
  return [low + from * (high - low), low + to * (high - low)];
}

import {
  decimalsFor,
  formatCount,
  formatInterval,
  formatNumber,
  formatPlural,
  formatPlusMinus,
  missing,
} from '../format';
import type { Result } from '../result';
import { rareEventOf, type RareEvent } from './summary';

/**
 * What a run of a rare event found, as one would say it to a colleague: "P(|x| ≥ 4) in 2 dimensions is about (3.357 ± 0.024) × 10⁻⁴ (95 %
 * interval, 20,000 draws of the flow). Each draw is worth 10,900 of plain Monte Carlo, which hit 7 times in as many." Undefined before it is
 * there.
 */
export function rareEventAnswer(result: Pick<Result, 'kind' | 'metrics'>): string | undefined {
  const found = rareEventOf(result);
  if (found === undefined) return undefined;
  const { event, probability, monteCarlo } = found;
  const what = `P(${event.text}) in ${formatPlural(event.dim, 'dimension', 'dimensions')}`;
  const draws = `${formatPlural(probability.draws, 'draw', 'draws')} of the flow`;
  const plain = plainText(monteCarlo);
  if (probability.hits === 0) return `None of ${draws} is in the event, so that ${what} has no estimate. ${plain}.`;
  const value = formatProbability(probability.value, probability.ci95);
  const worth = probability.varianceReduction;
  const first = `${what} is about ${value} (95 % interval, ${draws}).`;
  if (worth === null) return `${first} ${plain}.`;
  return `${first} Each draw is worth ${formatTimes(worth)} of plain Monte Carlo, which ${hitText(monteCarlo)} in as many.`;
}

function plainText({ draws, hits }: RareEvent['monteCarlo']): string {
  return `Plain Monte Carlo ${hitText({ hits })} in ${formatPlural(draws, 'draw', 'draws')}`;
}

function hitText({ hits }: { readonly hits: number }): string {
  return hits === 0 ? 'never hit' : hits === 1 ? 'hit once' : `hit ${formatCount(hits)} times`;
}

/** "Truth: 3.3546 × 10⁻⁴ in closed form. The estimate is 1.0008 ± 0.0072 of it." */
export function rareEventTruth(result: Pick<Result, 'kind' | 'metrics'>): string | undefined {
  const found = rareEventOf(result);
  if (found === undefined || found.truthProbability === null) return undefined;
  const truth = `Truth: ${formatProbability(found.truthProbability)} in closed form.`;
  const { ratio, ratioCi95, hits } = found.probability;
  if (ratio === null || hits === 0) return truth;
  return `${truth} The estimate is ${formatPlusMinus(ratio, ratioCi95)} of it.`;
}

/** "(3.357 ± 0.024) × 10⁻⁴", "0.31"; without an interval five digits. */
export function formatProbability(value: number | null, ci95: number | null = null): string {
  if (value === null || !Number.isFinite(value)) return missing;
  if (value === 0) return '0';
  const exponent = value >= 0.1 ? 0 : Math.floor(Math.log10(value));
  const scale = 10 ** -exponent;
  const [shown, width] = [value * scale, ci95 === null ? null : ci95 * scale];
  if (width === null) return withPower(formatNumber(shown, 4), exponent);
  const text = formatInterval(shown, width);
  const both = `${text.value} ± ${text.halfWidth}`;
  return exponent === 0 ? both : withPower(`(${both})`, exponent);
}

/** The parts of a probability that stand in columns of their own: "3.357", "0.024", "× 10⁻⁴". */
export function probabilityParts(
  value: number | null,
  ci95: number | null = null,
): { readonly mantissa: string; readonly halfWidth: string; readonly power: string } {
  const [, mantissa = '', halfWidth = '', power = ''] =
    /^\(?(.+?)(?: ± (.+?))?\)?(?: (× 10.+))?$/.exec(formatProbability(value, ci95)) ?? [];
  return { mantissa, halfWidth, power };
}

/** The same without the interval, but with the digits that it supports. */
export function formatProbabilityAlone(value: number | null, ci95: number | null): string {
  if (value === null || !Number.isFinite(value)) return missing;
  if (value === 0) return '0';
  const exponent = value >= 0.1 ? 0 : Math.floor(Math.log10(value));
  const scale = 10 ** -exponent;
  return withPower(formatNumber(value * scale, ci95 === null ? 4 : Math.max(0, decimalsFor(ci95 * scale))), exponent);
}

/** A factor with the digits worth reading: "1.7 × 10⁻⁵", "0.517", "10,900", "1.7 × 10⁸". */
export function formatTimes(value: number): string {
  const exponent = value > 0 ? Math.floor(Math.log10(value)) : 0;
  if (exponent < -3) return withPower(formatNumber(value / 10 ** exponent, 1), exponent);
  if (value < 10) return formatNumber(value, value === 0 ? 0 : value < 1 ? 3 : 1);
  if (exponent < 6) return formatCount(Number(value.toPrecision(3)));
  return withPower(formatNumber(value / 10 ** exponent, 1), exponent);
}

function withPower(mantissa: string, exponent: number): string {
  if (exponent === 0) return mantissa;
  const digits = [...String(Math.abs(exponent))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit).join('');
  return `${mantissa} × 10${exponent < 0 ? '⁻' : ''}${digits}`;
}

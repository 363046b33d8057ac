import type { Bracket } from './answer';
import { decimalsFor, formatNumber, missing } from './format';

/** A number cut at its decimal point, so that a column of them can be aligned there, and its interval. */
export interface NumberParts {
  readonly whole: string;
  readonly fraction: string;
  /** "± 2.0", or nothing. */
  readonly interval: string;
}

/**
 * The bracket in figures. Both bounds have as many digits as their intervals support, or as the gap does, which is known more finely:
 * two bounds that differ must not look the same.
 */
export function bracketTexts(bracket: Bracket | undefined): Record<'lower' | 'upper' | 'gap', NumberParts> {
  const gap = bracket?.gap;
  const gapDecimals = decimalsFor(bracket?.gapCi95 ?? (gap === undefined ? null : Math.abs(gap)));
  const finest = gap === undefined ? 0 : gapDecimals;
  const widths = [bracket?.lower?.ci95, bracket?.upper?.ci95].map((width) => decimalsFor(width));
  const decimals = Math.max(0, finest, ...(bracket === undefined ? [] : widths));
  return {
    lower: numberParts(bracket?.lower?.value, bracket?.lower?.ci95, decimals),
    upper: numberParts(bracket?.upper?.value, bracket?.upper?.ci95, decimals),
    gap: numberParts(gap, bracket?.gapCi95, gapDecimals),
  };
}

/** @param decimals what the interval supports when left out */
export function numberParts(
  value: number | null | undefined,
  ci95: number | null | undefined,
  decimals = decimalsFor(ci95),
): NumberParts {
  const text = formatNumber(value, decimals);
  const width = typeof ci95 === 'number' && text !== missing ? formatNumber(ci95, decimalsFor(ci95)) : null;
  const point = text.indexOf('.');
  return {
    whole: point < 0 ? text : text.slice(0, point),
    fraction: point < 0 ? '' : text.slice(point),
    interval: width === null ? '' : `± ${width}`,
  };
}

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
 * The bracket in figures. Each bound has as many digits as its interval supports, or as the gap does, which may be known more finely:
 * two bounds that differ must not look the same.
 */
export function bracketTexts(bracket: Bracket | undefined): Record<'lower' | 'upper' | 'gap', NumberParts> {
  const gap = bracket?.gap;
  const gapDecimals = decimalsFor(bracket?.gapCi95 ?? (gap === undefined ? null : Math.abs(gap)));
  const finest = gap === undefined ? -Infinity : gapDecimals;
  const side = (bound: { readonly value: number; readonly ci95?: number | null | undefined } | undefined) =>
    numberParts(bound?.value, bound?.ci95, Math.max(finest, decimalsFor(bound?.ci95)));
  return {
    lower: side(bracket?.lower),
    upper: side(bracket?.upper),
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

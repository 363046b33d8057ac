import { formatInterval, missing } from '../../shared/format';

/** "24.85 ± 0.02" taken apart at the decimal point, so that a column can be lined up on it. */
export interface IntervalParts {
  readonly whole: string;
  /** With its point: ".85"; empty for whole numbers. */
  readonly fraction: string;
  /** Null where there is no interval. */
  readonly halfWidth: string | null;
}

export function intervalParts(value: number | null | undefined, ci95: number | null | undefined): IntervalParts {
  const shown = formatInterval(value, ci95);
  const point = shown.value.indexOf('.');
  return {
    whole: point < 0 ? shown.value : shown.value.slice(0, point),
    fraction: point < 0 ? '' : shown.value.slice(point),
    halfWidth: shown.halfWidth === missing || shown.value === missing ? null : shown.halfWidth,
  };
}

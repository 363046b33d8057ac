import { formatNumber } from '../../../shared/format';

/** "0 to 255", "−2.10 to 3.20". */
export function rangeText([low, high]: readonly [number, number]): string {
  const whole = Number.isInteger(low) && Number.isInteger(high);
  const decimals = whole ? 0 : Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(high - low || 1))));
  return `${formatNumber(low, decimals)} to ${formatNumber(high, decimals)}`;
}

/**
 * Numbers and words as people read them, in the app and on the terminal alike. Pure functions; nothing here knows about
 * colours, columns or pages.
 */

/** Shown where a number could not be computed. */
export const missing = '—';

/** Digits after the decimal point where no interval says how many are meaningful. */
const defaultDecimals = 2;

/** No run resolves more than this, in nats. */
const maximumDecimals = 4;

/** Narrower intervals are rounding noise of a constant, such as the log K that an estimator saturates at. */
const noise = 1e-5;

/**
 * Digits after the decimal point that an interval supports, by the rule of the Particle Data Group: two significant digits of the
 * half-width where they are below 36, else one. Negative where even the units are not supported: -1 rounds to tens.
 * @param halfWidth half-width of the interval; null, not finite or next to nothing means that it says nothing about digits
 */
export function decimalsFor(halfWidth: number | null | undefined): number {
  if (!saysDigits(halfWidth)) return defaultDecimals;
  const width = Math.abs(halfWidth);
  let exponent = Math.floor(Math.log10(width));
  let leading = width / 10 ** exponent;
  // 9.5 and more rounds to 10, a number of two digits again.
  if (leading >= 9.5) {
    exponent += 1;
    leading /= 10;
  }
  const digits = leading < 3.55 ? 2 : 1;
  return Math.min(maximumDecimals, digits - 1 - exponent);
}

/**
 * A number with a fixed number of decimals, a real minus sign and no "−0.00".
 * @param decimals may be negative: -1 rounds to tens
 */
export function formatNumber(value: number | null | undefined, decimals: number = defaultDecimals): string {
  if (value === null || value === undefined || Number.isNaN(value)) return missing;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const shown =
    decimals >= 0 ? value.toFixed(decimals) : (Math.round(value * 10 ** decimals) / 10 ** decimals).toFixed(0);
  return withMinus(/^-[0.]+$/.test(shown) ? shown.slice(1) : shown);
}

/** Digits of a value whose interval says nothing: as usual, and as many more as it takes not to show a small number as 0. */
function decimalsOfSmall(value: number | null | undefined): number {
  if (value === null || value === undefined || value === 0 || !Number.isFinite(value)) return defaultDecimals;
  const size = Math.abs(value);
  if (size >= 0.5 * 10 ** -defaultDecimals) return defaultDecimals;
  return Math.min(maximumDecimals, -Math.floor(Math.log10(size)));
}

function saysDigits(halfWidth: number | null | undefined): halfWidth is number {
  return typeof halfWidth === 'number' && Number.isFinite(halfWidth) && Math.abs(halfWidth) >= noise;
}

/**
 * A value and the half-width of its 95 % interval, both with the digits that the half-width supports. Without one a small value keeps a
 * digit that is not 0, down to a ten-thousandth.
 */
export function formatInterval(
  value: number | null | undefined,
  halfWidth: number | null | undefined,
): { value: string; halfWidth: string } {
  const decimals = saysDigits(halfWidth) ? decimalsFor(halfWidth) : decimalsOfSmall(value);
  return { value: formatNumber(value, decimals), halfWidth: formatNumber(halfWidth, decimals) };
}

/** "24.85 ± 0.02", or "24.85" when there is no interval. */
export function formatPlusMinus(value: number | null | undefined, halfWidth: number | null | undefined): string {
  const shown = formatInterval(value, halfWidth);
  return shown.halfWidth === missing ? shown.value : `${shown.value} ± ${shown.halfWidth}`;
}

/** A whole number with thousands set apart: "2,000". */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? withMinus(Math.round(value).toLocaleString('en-US')) : formatNumber(value);
}

/** "1 datum", "32 data". */
export function formatPlural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Replaces the hyphen of a number by a minus sign. */
function withMinus(text: string): string {
  return text.replace('-', '−');
}

/**
 * A duration as people say it: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".
 * @param seconds null or not finite where it is not known
 */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return missing;
  const positive = Math.max(0, seconds);
  if (positive < 0.0995) return `${Math.round(positive * 1000)} ms`;
  if (positive < 9.95) return `${positive.toFixed(1)} s`;
  const whole = Math.round(positive);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return twoUnits(whole, 60, 'min', 's');
  const minutes = Math.round(positive / 60);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'min');
  return twoUnits(Math.round(positive / 3600), 24, 'd', 'h');
}

function twoUnits(count: number, size: number, large: string, small: string): string {
  const rest = count % size;
  return `${Math.floor(count / size)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** A size of a file: "812 B", "3.2 MB", in powers of 1000 as the units say. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

/** A shape as papers write it: "400 × 20", "scalar". */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}

/** "a", "a and b", "a, b and c". */
export function formatList(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

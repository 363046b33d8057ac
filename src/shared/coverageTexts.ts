import { coverageMetrics, type CoverageCard, type CoverageMetric, type CoverageMetricName } from './coverage';
import { decimalsFor, formatCount, formatNumber, missing } from './format';

/** Whole numbers of modes or of dimensions. */
const counts: ReadonlySet<string> = new Set([
  'modesFound',
  'modesTouched',
  'modesMissed',
  'marginalsFlagged',
  'activeUnits',
]);
const pValues: ReadonlySet<string> = new Set(['weightPearson', 'mmdUnitP', 'mmdMedianP', 'memorisedP']);

export function isCoverageMetric(name: string): name is CoverageMetricName {
  return name in coverageMetrics;
}

/** "Modes found"; the name itself where it is not known. */
export function coverageLabel(name: string): string {
  return isCoverageMetric(name) ? coverageMetrics[name].label : name;
}

/** Where a headline has little room: "Weights, TV". */
export function shortCoverageLabel(name: string, situation?: CoverageCard['situation']): string {
  if (name === 'modesFound' && situation === 'generator') return 'Classes found';
  return shortLabels[name] ?? coverageLabel(name);
}

const shortLabels: Readonly<Record<string, string>> = {
  weightTotalVariation: 'Weights, TV',
  highQuality: 'High quality',
  gaussianW2: 'Fréchet distance',
};

/**
 * A value of a metric with the digits that its error supports, or three: "0.148", "2.6 × 10⁻⁵", "< 0.001".
 * @param halfWidth of its interval, where one is known
 */
export function coverageNumber(name: string, value: number | null | undefined, halfWidth?: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return missing;
  if (counts.has(name)) return Number.isInteger(value) || value >= 100 ? formatCount(value) : formatNumber(value, 1);
  if (pValues.has(name)) return probabilityText(value);
  return shortNumber(value, halfWidth);
}

/** "0.034", "< 0.001": more digits of a p-value say nothing. */
export function probabilityText(value: number): string {
  if (value >= 0.001) return formatNumber(value, 3);
  return value >= 1e-6 ? '< 0.001' : '< 10⁻⁶';
}

/** Three significant digits, or as many as an interval supports; powers of ten where zeros would fill the line. */
export function shortNumber(value: number, halfWidth?: number): string {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(value)) return formatNumber(value, 0);
  const exponent = Math.floor(Math.log10(size) + 1e-12);
  if (exponent < -3 || exponent > 6) {
    const [lead = '', power = '0'] = value.toExponential(1).split('e');
    return `${formatNumber(Number(lead), 1)} × 10${raised(Number(power))}`;
  }
  const enough = Math.min(4, Math.max(0, 2 - exponent));
  if (halfWidth === undefined || !(halfWidth > 0)) return formatNumber(value, enough);
  return formatNumber(value, Math.max(0, Math.min(enough, decimalsFor(halfWidth))));
}

/** "0.0147 to 0.0375", both ends with as many digits as their distance has: what exact samples would show. */
export function coverageRange(name: string, low: number, high: number): string {
  const width = high - low;
  if (width === 0) return coverageNumber(name, low);
  if (counts.has(name) || !(width > 0)) return `${coverageNumber(name, low)} to ${coverageNumber(name, high)}`;
  const power = Math.floor(Math.log10(width));
  const decimals = Math.max(0, width / 10 ** power < 2 ? 1 - power : -power);
  if (decimals > 5) return `${shortNumber(low)} to ${shortNumber(high)}`;
  return `${formatNumber(low, decimals)} to ${formatNumber(high, decimals)}`;
}

function raised(power: number): string {
  const digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
  return [...String(power)].map((digit) => (digit === '-' ? '⁻' : (digits[Number(digit)] ?? ''))).join('');
}

/** Half of the 95 % interval of a metric; undefined where nothing is known of its error. */
export function halfWidthOf({ interval, error }: CoverageMetric): number | undefined {
  if (interval !== undefined) return (interval[1] - interval[0]) / 2;
  return error === undefined ? undefined : 1.96 * error;
}

/** What a mode is called: its class, its pattern of signs, or its number from 0. */
export function modeName(card: Pick<CoverageCard, 'modes'>, mode: number, signs?: readonly string[]): string {
  const own = card.modes?.labels?.[mode] ?? signs?.[mode];
  return own === undefined ? String(mode) : own.replaceAll('-', signs?.[mode] === own ? '−' : '-');
}

/** Whether a metric is worse than nearly all exact samples: beyond the bad end of their band, or far fewer modes than they would find. */
export function isBeyond(name: string, { value, floor, expected, parameters }: CoverageMetric): boolean {
  if (value === null) return false;
  const { modes } = parameters;
  if (name === 'modesFound' && expected !== undefined && typeof modes === 'number') {
    // Modes are found nearly independently of each other, so that this is three standard deviations.
    return value < expected - 0.5 - 3 * Math.sqrt(Math.max(0, expected * (1 - expected / modes)));
  }
  return floor !== undefined && beyondFloor(name, value, floor);
}

/** Beyond the end of a band of exact samples that is the bad one; either end where neither is better. */
export function beyondFloor(name: string, value: number, { low, high }: { low: number; high: number }): boolean {
  const better = isCoverageMetric(name) ? coverageMetrics[name].better : 'none';
  if (better === 'higher') return value < low;
  if (better === 'lower') return value > high;
  return value < low || value > high;
}

/** " 14,165 samples would do.": what would judge modes that cannot be judged now; nothing where all can. */
export function neededText({ metrics }: Pick<CoverageCard, 'metrics'>): string {
  const needed = metrics['modesFound']?.parameters['needed'];
  return typeof needed === 'number' ? ` ${formatCount(needed)} samples would do.` : '';
}

/** K of a card: how many modes or classes there are; undefined where they are not known. */
export function modeCount(card: CoverageCard): number | undefined {
  const told = card.metrics['modesFound']?.parameters['modes'];
  return card.modes?.weights.length ?? (typeof told === 'number' ? told : undefined);
}

import { boundLabels, isAnnealed } from '../boundNames';
import { decimalsFor, formatNumber } from '../format';
import type { Bound } from '../result';

/** A lower bound on I(x; z) cut into its two terms, nats. */
export interface Split {
  readonly bound: Bound;
  readonly label: string;
  readonly ba: number;
  readonly contrastive: number;
  /** BA + log K, above which it cannot be; null where K is not known. */
  readonly ceiling: number | null;
}

/** What the bounds fall short of: the closed form, or else what annealed chains have. */
export interface Aim {
  readonly label: string;
  readonly low: number;
  readonly high: number;
}

/** The bounds that decompose, those of one estimator together, fewer samples first. */
export function splitsOf(bounds: readonly Bound[]): Split[] {
  const own = bounds.filter(
    ({ quantity, side, terms }) => quantity === 'mi' && side === 'lower' && terms !== undefined,
  );
  const label = boundLabels(own);
  const sorted = [...own].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      `${a.base ?? ''}|${a.critic ?? ''}`.localeCompare(`${b.base ?? ''}|${b.critic ?? ''}`) ||
      (a.samples ?? 0) - (b.samples ?? 0),
  );
  return sorted.flatMap((bound): Split[] => {
    const { ba, contrastive } = bound.terms ?? { ba: null, contrastive: null };
    if (ba === null || contrastive === null) return [];
    const ceiling = bound.samples === undefined ? null : ba + Math.log(bound.samples);
    return [{ bound, label: label(bound), ba, contrastive, ceiling }];
  });
}

const order: readonly string[] = ['ba', 'iwae', 'giwae', 's-infonce', 'infonce'];

function rankOf({ estimator }: Bound): number {
  const rank = order.indexOf(estimator);
  return rank < 0 ? order.length : rank;
}

export function aimOf(bounds: readonly Bound[], truth: number | null): Aim | null {
  if (truth !== null && Number.isFinite(truth)) {
    return { label: `truth ${formatNumber(truth)}`, low: truth, high: truth };
  }
  const of = (side: Bound['side']): number[] =>
    bounds.flatMap((bound) =>
      bound.quantity === 'mi' && bound.side === side && bound.estimator !== 'ibal' && isAnnealed(bound)
        ? (bound.value ?? [])
        : [],
    );
  const [lower, upper] = [of('lower'), of('upper')];
  if (lower.length === 0 || upper.length === 0) return null;
  const [low, high] = [Math.max(...lower), Math.min(...upper)];
  const digits = Math.max(2, decimalsFor(Math.abs(high - low)));
  const [from, to] = [formatNumber(low, digits), formatNumber(high, digits)];
  return {
    label: from === to ? `AIS ${from}` : `AIS ${from} to ${to}`,
    low: Math.min(low, high),
    high: Math.max(low, high),
  };
}

/** "20.53 + 2.66 = 23.19" */
export function valueText({ ba, contrastive }: Split): string {
  const sign = contrastive < 0 ? '−' : '+';
  return `${formatNumber(ba)} ${sign} ${formatNumber(Math.abs(contrastive))} = ${formatNumber(ba + contrastive)}`;
}

export function sumText({ ba, contrastive }: Split): string {
  return formatNumber(ba + contrastive);
}

import { z } from 'zod';
import { decimalsFor, formatCount, formatNumber, formatPlural, formatPlusMinus } from './format';
import { estimatorLabel, quantityLabel } from './labels';
import { quantities, type Bound, type Quantity, type Result } from './result';

/** A result, or what a run has so far. */
type Answerable = Omit<Result, 'status'>;

const bestSideSchema = z.object({ estimator: z.string(), value: z.number(), ci95: z.number().nullable().optional() });

/** `metrics.best` of a result: the bounds that close the bracket of the quantity that the run is about. */
const bestSchema = z.object({
  quantity: z.enum(quantities).optional(),
  lower: bestSideSchema.nullable().optional(),
  upper: bestSideSchema.nullable().optional(),
  /** Upper minus lower, nats, with its own interval: both bounds share their data, so it is far narrower than theirs. */
  gap: z.number().nullable().optional(),
  gapCi95: z.number().nullable().optional(),
});

type BestSide = z.infer<typeof bestSideSchema>;

/** The bracket around the quantity that a run is about. */
export interface Bracket {
  readonly quantity: Quantity;
  readonly lower: BestSide | undefined;
  readonly upper: BestSide | undefined;
  readonly gap: number | undefined;
  readonly gapCi95: number | undefined;
  /** Data averaged over. */
  readonly n: number | undefined;
}

/** The bracket of a result: as the run states it, else the tightest bounds it has. Undefined when it has none. */
export function bracketOf(result: Answerable): Bracket | undefined {
  const stated = bestSchema.safeParse(result.metrics['best']);
  const best = stated.success ? stated.data : undefined;
  const quantity = best?.quantity ?? (result.kind === 'mutual-information' ? 'mi' : result.bounds[0]?.quantity);
  if (quantity === undefined) return undefined;
  const bounds = result.bounds.filter((bound) => bound.quantity === quantity);
  const lower = best?.lower ?? tightest(bounds, 'lower');
  const upper = best?.upper ?? tightest(bounds, 'upper');
  if (lower === undefined && upper === undefined) return undefined;
  const difference = lower !== undefined && upper !== undefined ? upper.value - lower.value : undefined;
  return {
    quantity,
    lower,
    upper,
    gap: best?.gap ?? difference,
    gapCi95: best?.gapCi95 ?? undefined,
    n: bounds[0]?.n,
  };
}

function tightest(bounds: readonly Bound[], side: 'lower' | 'upper'): BestSide | undefined {
  const sign = side === 'lower' ? -1 : 1;
  return bounds
    .filter((bound): bound is Bound & { value: number } => bound.side === side && bound.value !== null)
    .sort((a, b) => sign * (a.value - b.value))[0];
}

/**
 * What a run found, as one would say it to a colleague: "I(x; z) is between 24.84 and 24.86 nats (95 % intervals ±2.0 over
 * 32 data). Gap 0.004 ± 0.003. Lower: CR-AIS, upper: IM-AIS, 2,000 temperatures." Undefined when the run has no bound.
 */
export function answerOf(result: Answerable): string | undefined {
  const bracket = bracketOf(result);
  if (bracket === undefined) return undefined;
  const subject = quantityLabel(bracket.quantity);
  const show = (side: BestSide) => formatNumber(side.value, sideDecimals(side, bracket));
  const intervals = intervalsOf(bracket);
  const { lower, upper, gap, gapCi95 } = bracket;
  const with_ = `${names(bracket)}${temperaturesOf(result, bracket)}.`;
  const average = bracket.quantity === 'log-px' && (bracket.n ?? 1) > 1 ? ' on average' : '';
  if (lower === undefined || upper === undefined || gap === undefined) {
    const side = lower ?? upper;
    if (side === undefined) return undefined;
    return `${subject} is ${side === lower ? 'at least' : 'at most'} ${show(side)} nats${average}${intervals}. ${with_}`;
  }
  const gapText = `Gap ${gapCi95 === undefined ? formatNumber(gap, gapDecimals(bracket)) : formatPlusMinus(gap, gapCi95)}.`;
  if (gap < 0 && gapCi95 !== undefined && gap + gapCi95 < 0) {
    const by = formatPlusMinus(-gap, gapCi95);
    return `The lower bound on ${subject}, ${show(lower)} nats, lies above the upper, ${show(upper)} nats${intervals}, by ${by}: at least one of them has not converged. ${with_}`;
  }
  if (gap < 0) {
    const middle = show({ ...lower, value: (lower.value + upper.value) / 2 });
    return `The bounds on ${subject} meet within their noise at ${middle} nats${average}${intervals}. ${gapText} ${with_}`;
  }
  const [from, to] = [show(lower), show(upper)];
  const range = from === to ? `${from} nats from both sides` : `between ${from} and ${to} nats`;
  return `${subject} is ${range}${average}${intervals}. ${gapText} ${with_}`;
}

/**
 * "Truth: 22.80 nats in closed form, 22.58 on these very data, inside the bracket." The closed form of the data takes their
 * sampling noise out, so that one can be held against the bracket itself, the other only against its intervals.
 */
export function truthOf(result: Answerable): string | undefined {
  const { truth, truthOfData } = result.metrics;
  if (typeof truth !== 'number' || !Number.isFinite(truth)) return undefined;
  const bracket = bracketOf(result);
  const digits = Math.max(2, bracket === undefined ? 2 : gapDecimals(bracket));
  const text = `Truth: ${formatNumber(truth, digits)} nats in closed form`;
  if (bracket?.lower === undefined || bracket.upper === undefined) return `${text}.`;
  const { lower, upper } = bracket;
  if (typeof truthOfData === 'number' && Number.isFinite(truthOfData)) {
    // Once the sandwich has closed, its sides scatter about the truth by as much as the gap's own interval.
    const [low, high] = [Math.min(lower.value, upper.value), Math.max(lower.value, upper.value)];
    const noise = bracket.gapCi95 ?? 0;
    const inside = low - noise <= truthOfData && truthOfData <= high + noise;
    return `${text}, ${formatNumber(truthOfData, digits)} on these very data, ${inside ? 'inside' : 'outside'} the bracket.`;
  }
  const inside = lower.value - (lower.ci95 ?? 0) <= truth && truth <= upper.value + (upper.ci95 ?? 0);
  return `${text}, ${inside ? 'inside' : 'outside'} the bracket and its intervals.`;
}

/** Digits of a bound in the sentence: what its interval supports, or the gap's, which is known more finely and must not be hidden. */
function sideDecimals(side: BestSide, bracket: Bracket): number {
  return Math.max(decimalsFor(side.ci95), bracket.gap === undefined ? -Infinity : gapDecimals(bracket));
}

function gapDecimals({ gap, gapCi95 }: Bracket): number {
  return decimalsFor(gapCi95 ?? (gap === undefined ? undefined : Math.abs(gap)));
}

function intervalsOf({ lower, upper, n }: Bracket): string {
  const widths = [lower?.ci95, upper?.ci95]
    .filter((width): width is number => typeof width === 'number')
    .map((width) => `±${formatNumber(width, decimalsFor(width))}`);
  if (widths.length === 0) return n === undefined ? '' : ` (${formatPlural(n, 'datum', 'data')})`;
  const over = n === undefined ? '' : ` over ${formatPlural(n, 'datum', 'data')}`;
  const [first, second] = widths;
  if (second === undefined) return ` (95 % interval ${first}${over})`;
  return first === second ? ` (95 % intervals ${first}${over})` : ` (95 % intervals ${first} and ${second}${over})`;
}

function names({ lower, upper }: Bracket): string {
  if (lower === undefined || upper === undefined)
    return lower === undefined
      ? `Upper: ${estimatorLabel(upper?.estimator ?? '')}`
      : `Lower: ${estimatorLabel(lower.estimator)}`;
  return `Lower: ${estimatorLabel(lower.estimator)}, upper: ${estimatorLabel(upper.estimator)}`;
}

/** The number of temperatures is worth saying only of chains. */
function temperaturesOf(result: Answerable, { lower, upper }: Bracket): string {
  const annealed = [lower, upper].some((side) => side !== undefined && /ais$|^bdmc$/.test(side.estimator));
  const ais = result.spec['ais'] as { temperatures?: unknown } | undefined;
  const count = result.diagnostics['temperatures'] ?? ais?.temperatures;
  return annealed && typeof count === 'number'
    ? `, ${formatCount(count)} ${count === 1 ? 'temperature' : 'temperatures'}`
    : '';
}

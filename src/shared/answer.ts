import { z } from 'zod';
import { boundLabels, isAnnealed, nameKey } from './boundNames';
import { coverageAnswer } from './coverageAnswer';
import { decimalsFor, formatCount, formatNumber, formatPlural, formatPlusMinus } from './format';
import { quantityLabel } from './labels';
import { defined } from './defined';
import { rareEventAnswer, rareEventTruth } from './rareEvent/answer';
import { targetAnswer, targetTruthText } from './targetRun/answer';
import { truthIn } from './targetRun/summary';
import { quantities, type Bound, type Quantity, type Result } from './result';
import { vaeAnswer } from './vaeRun';

/** A result, or what a run has so far. */
type Answerable = Omit<Result, 'status'>;

const bestSideSchema = z.object({
  estimator: z.string(),
  value: z.number(),
  ci95: z.number().nullable().optional(),
  base: z.string().optional(),
  critic: z.string().optional(),
  samples: z.number().optional(),
  method: z.string().optional(),
});

/** `metrics.best` of a result: the bounds that close the bracket of the quantity that the run is about. */
const bestSchema = z.object({
  quantity: z.enum(quantities).optional(),
  lower: bestSideSchema.nullable().optional(),
  upper: bestSideSchema.nullable().optional(),
  /** Upper minus lower, nats, with its own interval: both bounds share their data, so it is far narrower than theirs. */
  gap: z.number().nullable().optional(),
  gapCi95: z.number().nullable().optional(),
  /** Of a negative gap: whether noise does not explain it. */
  crosses: z.boolean().optional(),
});

type BestSide = z.infer<typeof bestSideSchema>;

/** The bracket around the quantity that a run is about. */
export interface Bracket {
  readonly quantity: Quantity;
  readonly lower: BestSide | undefined;
  readonly upper: BestSide | undefined;
  readonly gap: number | undefined;
  readonly gapCi95: number | undefined;
  /** Whether the sides lie the wrong way round by more than noise explains. */
  readonly crosses: boolean;
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
  const lower = best?.lower ? named(best.lower, 'lower', bounds) : tightest(bounds, 'lower');
  const upper = best?.upper ? named(best.upper, 'upper', bounds) : tightest(bounds, 'upper');
  if (lower === undefined && upper === undefined) return undefined;
  const difference = lower !== undefined && upper !== undefined ? upper.value - lower.value : undefined;
  const short = upper === undefined ? shortOf(result, lower) : undefined;
  return {
    quantity,
    lower,
    upper,
    gap: best?.gap ?? difference ?? short?.gap,
    gapCi95: best?.gapCi95 ?? short?.gapCi95,
    crosses: best?.crosses ?? crossesBeyond(best?.gap ?? difference, best?.gapCi95),
    n: bounds[0]?.n,
  };
}

/** Of a target whose log Z is known: what the lower bound falls short of it by. */
function shortOf(
  { kind, metrics }: Answerable,
  lower: BestSide | undefined,
): { gap: number; gapCi95: number | undefined } | undefined {
  const truth = kind === 'target' ? truthIn(metrics).logZ : null;
  if (truth === null || lower === undefined) return undefined;
  return { gap: truth - lower.value, gapCi95: lower.ci95 ?? undefined };
}

/** The truth of the bracketed quantity, nats: a closed form, where there is one. */
export function truthValue({ kind, metrics }: Pick<Result, 'kind' | 'metrics'>): number | null {
  if (kind === 'target') return truthIn(metrics).logZ;
  const { truth } = metrics;
  return typeof truth === 'number' && Number.isFinite(truth) ? truth : null;
}

/** With the base, critic and K of the bound that it is, which older results do not repeat. */
function named(best: BestSide, side: 'lower' | 'upper', bounds: readonly Bound[]): BestSide {
  const same = bounds.filter((bound) => bound.side === side && bound.estimator === best.estimator);
  const told = same.filter((bound) => nameKey(bound) === nameKey(best));
  const [bound] = told.length > 0 ? told : same.filter(({ value }) => value === best.value);
  const found = bound ?? (same.length === 1 ? same[0] : undefined);
  if (found === undefined) return best;
  const { base, critic, samples, method } = found;
  return { ...best, ...defined({ base, critic, samples, method }) };
}

/** Of results that do not say themselves. */
function crossesBeyond(gap: number | undefined, ci95: number | null | undefined): boolean {
  return gap !== undefined && typeof ci95 === 'number' && gap < -ci95;
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
  if (result.kind === 'target') return targetAnswer(result);
  if (result.kind === 'coverage') return coverageAnswer(result);
  if (result.kind === 'importance-flow') return rareEventAnswer(result);
  if (result.kind === 'vae') return vaeAnswer(result);
  const bracket = bracketOf(result);
  if (bracket === undefined) return estimateOf(result);
  const subject = quantityLabel(bracket.quantity);
  const show = (side: BestSide) => formatNumber(side.value, sideDecimals(side, bracket));
  const intervals = intervalsOf(bracket);
  const { lower, upper, gap, gapCi95 } = bracket;
  const with_ = `${names(result, bracket)}${temperaturesOf(result, bracket)}.`;
  const average = bracket.quantity === 'log-px' && (bracket.n ?? 1) > 1 ? ' on average' : '';
  if (lower === undefined || upper === undefined || gap === undefined) {
    const side = lower ?? upper;
    if (side === undefined) return undefined;
    return `${subject} is ${side === lower ? 'at least' : 'at most'} ${show(side)} nats${average}${intervals}. ${with_}`;
  }
  const gapText = `Gap ${gapCi95 === undefined ? formatNumber(gap, gapDecimals(bracket)) : formatPlusMinus(gap, gapCi95)}.`;
  if (bracket.crosses && gapCi95 !== undefined) {
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
  if (result.kind === 'target') return targetTruthText(result.metrics);
  if (result.kind === 'importance-flow') return rareEventTruth(result);
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

/** Where a run has estimates and no bound: what they say, and that they bound nothing. */
function estimateOf({ bounds }: Answerable): string | undefined {
  const estimates = bounds.filter(({ side, value }) => side === 'estimate' && value !== null);
  const [first] = estimates;
  if (first === undefined) return undefined;
  const label = boundLabels(estimates);
  const said = estimates
    .filter(({ quantity }) => quantity === first.quantity)
    .map((bound) => `${formatPlusMinus(bound.value, bound.ci95)} by ${label(bound)}`);
  return `Estimates of ${quantityLabel(first.quantity)}, nats: ${said.join('; ')}. They bound nothing: the truth may lie on either side.`;
}

/**
 * What the chains say of the implicit Barber–Agakov bound of each critic: "IBAL of critic t lies between 23.10 and 23.20 nats." It is itself
 * below I(x; z), so that its upper end says how far the chains have closed and nothing about I(x; z).
 */
export function ibalTexts({ bounds }: Pick<Result, 'bounds'>): string[] {
  const own = bounds.filter(({ quantity, value }) => quantity === 'ibal' && value !== null);
  const same = Map.groupBy(own, ({ base = '', critic = '' }) => `${base}|${critic}`);
  return [...same.values()].flatMap((group) => {
    // Of several K the most, which are the tightest.
    const most = (side: Bound['side']): Bound | undefined =>
      group.filter((bound) => bound.side === side).sort((a, b) => (b.samples ?? 0) - (a.samples ?? 0))[0];
    const [lower, upper] = [most('lower')?.value, most('upper')?.value];
    if (typeof lower !== 'number' || typeof upper !== 'number') return [];
    const critic = group[0]?.critic;
    const of = critic === undefined ? 'IBAL' : `IBAL of critic ${critic}`;
    const digits = Math.max(2, decimalsFor(Math.abs(upper - lower)));
    const [from, to] = [formatNumber(lower, digits), formatNumber(upper, digits)];
    if (from === to) return [`${of} is ${from} nats.`];
    // Both ends have noise of their own, of which their common interval says the most there can be.
    const noise = 0.1 * Math.max(most('lower')?.ci95 ?? 0.5, most('upper')?.ci95 ?? 0.5);
    if (lower > upper && lower - upper < noise)
      return [`The ends of ${of} meet within their noise at ${formatNumber((lower + upper) / 2, digits)} nats.`];
    if (lower > upper) return [`The lower end of ${of}, ${from} nats, lies above its upper end, ${to} nats.`];
    return [`${of} lies between ${from} and ${to} nats.`];
  });
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

/** Estimators by what tells them from others of this run: "Lower: IWAE, q, K = 1,000; upper: IM-AIS". */
function names({ bounds }: Answerable, { quantity, lower, upper }: Bracket): string {
  const label = boundLabels(bounds.filter((bound) => bound.quantity === quantity));
  const [below, above] = [lower, upper].map((side) => (side === undefined ? undefined : label(side)));
  if (below === undefined || above === undefined)
    return below === undefined ? `Upper: ${above ?? ''}` : `Lower: ${below}`;
  const apart = below.includes(',') || above.includes(',') ? ';' : ',';
  return `Lower: ${below}${apart} upper: ${above}`;
}

/** The number of temperatures is worth saying only of chains. */
function temperaturesOf(result: Answerable, { lower, upper }: Bracket): string {
  const annealed = [lower, upper].some((side) => side !== undefined && isAnnealed(side));
  const ais = result.spec['ais'] as { temperatures?: unknown } | undefined;
  const count = result.diagnostics['temperatures'] ?? ais?.temperatures;
  return annealed && typeof count === 'number'
    ? `, ${formatCount(count)} ${count === 1 ? 'temperature' : 'temperatures'}`
    : '';
}

import { estimatorLabel } from '../../shared/labels';
import type { Bound, PerDatum, Quantity } from '../../shared/result';
import { meanInterval, tQuantile } from '../../shared/statistics';
import type { DatumBounds } from './datumBounds';

type BestSide = Named & { readonly value: number; readonly ci95: number | null };

/** Which of several bounds of one estimator. */
type Named = Pick<Bound, 'estimator' | 'base' | 'critic' | 'samples'>;

export interface Best {
  readonly lower?: BestSide;
  readonly upper?: BestSide;
  readonly gap?: number;
  /** Half-width of the 95 % interval of the gap, from differences datum by datum. */
  readonly gapCi95?: number | null;
  /** Where the gap is negative: whether by more than the noise of choosing among all pairs of bounds explains. */
  readonly crosses?: boolean;
}

/** Everything that derives from the per-datum bounds. */
export interface Summary {
  readonly bounds: Bound[];
  readonly best: Best;
  readonly perDatum: PerDatum;
  readonly warnings: string[];
}

/** One side of one bound on the quantity of the run. */
interface Side {
  readonly name: Named;
  readonly side: 'lower' | 'upper';
  readonly values: readonly number[];
}

/**
 * Averages per-datum bounds on log p(x) over the data, or translates them into bounds on I(x; z) first:
 *
 *     L(x) ≤ log p(x) ≤ U(x)   →   E[log p(x | z*) − U(x)] ≤ I(x; z) ≤ E[log p(x | z*) − L(x)]
 *
 * with the z* that x was simulated from (Brekelmans et al. 2022, section 1). The noise of x cancels in each difference. Estimators
 * that bound I(x; z) without log p(x) are averaged as they are.
 * @param logLikelihood log p(x | z*) of each datum, for MI
 */
export function summarise(
  quantity: Quantity,
  estimators: readonly DatumBounds[],
  logLikelihood: readonly number[] | undefined,
): Summary {
  const warnings: string[] = [];
  const bounds: Bound[] = [];
  const sides: Side[] = [];
  for (const given of estimators) {
    const name = nameOf(given);
    const { logPx, mi, ibal, estimate, seconds } = given;
    const timed = seconds === undefined ? {} : { seconds };
    const ofQuantity =
      quantity !== 'mi'
        ? { lower: logPx?.lower, upper: logPx?.upper }
        : {
            lower: mi?.lower ?? translate(logLikelihood, logPx?.upper),
            upper: mi?.upper ?? translate(logLikelihood, logPx?.lower),
          };
    for (const side of ['lower', 'upper'] as const) {
      const values = ofQuantity[side];
      if (values === undefined) continue;
      const terms = side === 'lower' && quantity === 'mi' ? termsOf(given) : {};
      const bound = averaged(quantity, name, side, values, warnings);
      bounds.push({ ...bound, ...terms, ...timed });
      if (bound.value !== null) sides.push({ name, side, values });
    }
    for (const side of ['lower', 'upper'] as const) {
      const values = ibal?.[side];
      if (values !== undefined) bounds.push({ ...averaged('ibal', name, side, values, warnings), ...timed });
    }
    if (estimate !== undefined) {
      const { value, ci95, n } = estimate;
      if (!Number.isFinite(value)) warnings.push(overflow(name));
      bounds.push({
        quantity,
        ...name,
        side: 'estimate',
        value: finite(value),
        ci95: ci95 === null ? null : finite(ci95),
        n,
        ...timed,
      });
    }
  }
  const named = (given: DatumBounds, side: 'lower' | 'upper'): PerDatum['bounds'] => {
    const values = given.logPx?.[side];
    return values === undefined ? [] : [{ ...nameOf(given), side, values: values.map(finite) }];
  };
  return {
    bounds,
    best: bestOf(sides, warnings),
    perDatum: {
      ...(logLikelihood === undefined ? {} : { logLikelihood: logLikelihood.map(finite) }),
      bounds: estimators.flatMap((given) => [...named(given, 'lower'), ...named(given, 'upper')]),
    },
    // One sentence does for all K of an estimator.
    warnings: [...new Set(warnings)],
  };
}

function nameOf({ estimator, base, critic, samples }: DatumBounds): Named {
  return {
    estimator,
    ...(base === undefined ? {} : { base }),
    ...(critic === undefined ? {} : { critic }),
    ...(samples === undefined ? {} : { samples }),
  };
}

/** A mean over the data; without a value where a mean over the data that happened to work would be no bound. */
function averaged(
  quantity: Quantity,
  name: Named,
  side: 'lower' | 'upper',
  values: readonly number[],
  warnings: string[],
): Bound {
  const bad = values.filter((value) => !Number.isFinite(value)).length;
  if (bad === 0) {
    const { mean, ci95 } = meanInterval(values);
    return { quantity, ...name, side, value: mean, ci95, n: values.length };
  }
  warnings.push(
    name.critic === undefined
      ? `The ${side} bound of ${estimatorLabel(name.estimator)} has no value: it is not finite for ${bad} of ${values.length} data, since log p(x | z) is not for some z it uses. Check the decoder's layers, its weights and sigma.`
      : overflow(name),
  );
  return { quantity, ...name, side, value: null, ci95: null, n: values.length };
}

function overflow({ estimator, critic }: Named): string {
  return `${estimatorLabel(estimator)} has no value: the critic "${critic}" is too large for e^T. Train it longer, with a smaller learning rate, or look at its IBAL instead.`;
}

function termsOf({ terms }: DatumBounds): Pick<Bound, 'terms'> {
  if (terms === undefined) return {};
  const mean = (values: readonly number[]): number | null =>
    finite(values.reduce((total, value) => total + value, 0) / values.length);
  return { terms: { ba: mean(terms.ba), contrastive: mean(terms.contrastive) } };
}

function translate(
  logLikelihood: readonly number[] | undefined,
  values: readonly number[] | undefined,
): number[] | undefined {
  if (logLikelihood === undefined || values === undefined) return undefined;
  return values.map((value, datum) => (logLikelihood[datum] ?? Number.NaN) - value);
}

/** The tightest pair by mean. Choosing among means is mildly optimistic, so every bound is reported beside it. */
function bestOf(sides: readonly Side[], warnings: string[]): Best {
  const pick = (side: 'lower' | 'upper') =>
    sides
      .filter((candidate) => candidate.side === side)
      .map((candidate) => ({ ...candidate, ...meanInterval(candidate.values) }))
      // Bidirectional Monte Carlo only borrows its sides; where it ties, the estimator that it borrowed from is named.
      .sort((a, b) => (side === 'lower' ? b.mean - a.mean : a.mean - b.mean) || borrowed(a.name) - borrowed(b.name))[0];
  const [lower, upper] = [pick('lower'), pick('upper')];
  const shown = (side: typeof lower) =>
    side === undefined ? undefined : { ...side.name, value: side.mean, ci95: side.ci95 };
  const best: Best = {
    ...(lower === undefined ? {} : { lower: shown(lower) as NonNullable<Best['lower']> }),
    ...(upper === undefined ? {} : { upper: shown(upper) as NonNullable<Best['upper']> }),
  };
  if (lower === undefined || upper === undefined) return best;
  const gaps = meanInterval(upper.values.map((value, datum) => value - (lower.values[datum] ?? Number.NaN)));
  // Bounds hold in expectation, so sample means may cross a little once the sandwich has closed, and the best of many cross more
  // often than any pair: the interval that a crossing is held against is that of all pairs together (Bonferroni).
  const count = (side: 'lower' | 'upper'): number => sides.filter((candidate) => candidate.side === side).length;
  const pairs = count('lower') * count('upper');
  const degrees = upper.values.length - 1;
  const widened = (gaps.ci95 ?? 0) * (degrees < 1 ? 1 : tQuantile(0.025 / pairs, degrees) / tQuantile(0.025, degrees));
  const crosses = gaps.ci95 !== null && gaps.mean < -widened && gaps.mean < -1e-3;
  if (crosses) {
    warnings.push(
      `The bounds cross by ${(-gaps.mean).toPrecision(2)} nats, more than their noise explains (±${widened.toPrecision(2)}). Check the precision, or report this.`,
    );
  }
  return { ...best, gap: gaps.mean, gapCi95: gaps.ci95, ...(gaps.mean < 0 ? { crosses } : {}) };
}

function borrowed({ estimator }: { readonly estimator: string }): number {
  return Number(estimator === 'bdmc');
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

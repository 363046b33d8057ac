import type { Bound, PerDatum, Quantity } from '../../shared/result';
import { meanInterval } from '../../shared/statistics';

/** Bounds on log p(x) of each datum by one estimator, nats. */
export interface EstimatorBounds {
  readonly estimator: string;
  readonly lower?: readonly number[] | undefined;
  readonly upper?: readonly number[] | undefined;
}

export interface Best {
  readonly lower?: { readonly estimator: string; readonly value: number; readonly ci95: number | null };
  readonly upper?: { readonly estimator: string; readonly value: number; readonly ci95: number | null };
  readonly gap?: number;
  /** Half-width of the 95 % interval of the gap, from differences datum by datum. */
  readonly gapCi95?: number | null;
}

/** Everything that derives from the per-datum bounds. */
export interface Summary {
  readonly bounds: Bound[];
  readonly best: Best;
  readonly perDatum: PerDatum;
  readonly warnings: string[];
}

/**
 * Averages per-datum bounds on log p(x) over the data, or translates them into bounds on I(x; z) first:
 *
 *     L(x) ≤ log p(x) ≤ U(x)   →   E[log p(x | z*) − U(x)] ≤ I(x; z) ≤ E[log p(x | z*) − L(x)]
 *
 * with the z* that x was simulated from (Brekelmans et al. 2022, section 1). The noise of x cancels in each difference.
 * @param logLikelihood log p(x | z*) of each datum, for MI
 */
export function summarise(
  quantity: Quantity,
  estimators: readonly EstimatorBounds[],
  logLikelihood: readonly number[] | undefined,
): Summary {
  const warnings: string[] = [];
  const bounds: Bound[] = [];
  const sides: { estimator: string; side: 'lower' | 'upper'; values: readonly number[] }[] = [];
  for (const { estimator, lower, upper } of estimators) {
    for (const [side, values] of [
      ['lower', quantity === 'mi' ? translate(logLikelihood, upper) : lower],
      ['upper', quantity === 'mi' ? translate(logLikelihood, lower) : upper],
    ] as const) {
      if (values === undefined) continue;
      const bad = values.filter((value) => !Number.isFinite(value)).length;
      if (bad > 0) {
        // A mean over the data that happened to work would be no bound.
        warnings.push(
          `The ${side} bound of ${estimator} has no value: it is not finite for ${bad} of ${values.length} data, since log p(x | z) is not for some z it uses. Check the decoder's layers, its weights and sigma.`,
        );
        bounds.push({ quantity, estimator, side, value: null, ci95: null, n: values.length });
        continue;
      }
      const { mean, ci95 } = meanInterval(values);
      bounds.push({ quantity, estimator, side, value: mean, ci95, n: values.length });
      sides.push({ estimator, side, values });
    }
  }
  return {
    bounds,
    best: bestOf(sides, warnings),
    perDatum: {
      ...(logLikelihood === undefined ? {} : { logLikelihood: logLikelihood.map(finite) }),
      bounds: estimators.flatMap(({ estimator, lower, upper }) => [
        ...(lower === undefined ? [] : [{ estimator, side: 'lower' as const, values: lower.map(finite) }]),
        ...(upper === undefined ? [] : [{ estimator, side: 'upper' as const, values: upper.map(finite) }]),
      ]),
    },
    warnings,
  };
}

function translate(
  logLikelihood: readonly number[] | undefined,
  values: readonly number[] | undefined,
): number[] | undefined {
  if (logLikelihood === undefined || values === undefined) return undefined;
  return values.map((value, datum) => (logLikelihood[datum] ?? Number.NaN) - value);
}

/** The tightest pair by mean. Choosing among means is mildly optimistic, so every bound is reported beside it. */
function bestOf(
  sides: readonly { estimator: string; side: 'lower' | 'upper'; values: readonly number[] }[],
  warnings: string[],
): Best {
  const pick = (side: 'lower' | 'upper') =>
    sides
      .filter((candidate) => candidate.side === side)
      .map((candidate) => ({ ...candidate, ...meanInterval(candidate.values) }))
      // Bidirectional Monte Carlo only borrows its sides; where it ties, the estimator that it borrowed from is named.
      .sort((a, b) => (side === 'lower' ? b.mean - a.mean : a.mean - b.mean) || borrowed(a) - borrowed(b))[0];
  const [lower, upper] = [pick('lower'), pick('upper')];
  const shown = (side: typeof lower) =>
    side === undefined ? undefined : { estimator: side.estimator, value: side.mean, ci95: side.ci95 };
  const best: Best = {
    ...(lower === undefined ? {} : { lower: shown(lower) as NonNullable<Best['lower']> }),
    ...(upper === undefined ? {} : { upper: shown(upper) as NonNullable<Best['upper']> }),
  };
  if (lower === undefined || upper === undefined) return best;
  const gaps = meanInterval(upper.values.map((value, datum) => value - (lower.values[datum] ?? Number.NaN)));
  // Bounds hold in expectation, so sample means may cross a little once the sandwich has closed.
  if (gaps.ci95 !== null && gaps.mean < -gaps.ci95 && gaps.mean < -1e-3) {
    warnings.push(
      `The bounds cross by ${(-gaps.mean).toPrecision(2)} nats, more than their noise explains (±${gaps.ci95.toPrecision(2)}). Check the precision, or report this.`,
    );
  }
  return { ...best, gap: gaps.mean, gapCi95: gaps.ci95 };
}

function borrowed({ estimator }: { readonly estimator: string }): number {
  return Number(estimator === 'bdmc');
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

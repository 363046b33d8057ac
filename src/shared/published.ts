import { z } from 'zod';
import type { Bound, Result } from './result';
import type { PublishedNumber } from './rpc';
import type { RunPoint } from './runRecord';

/** A published number with the run's own beside it. */
export interface PublishedSide {
  /** nats */
  readonly published: number;
  readonly ours: { readonly value: number; readonly ci95: number | null } | null;
}

const estimated = z.object({ logZEstimate: z.number() });

/** What is published under one label: both sides of a bound, or one number. */
export interface PublishedRow {
  readonly label: string;
  readonly notes: readonly string[];
  /** A number that bounds nothing, such as a closed form, stands under "value". */
  readonly sides: Readonly<Partial<Record<'lower' | 'upper' | 'value', PublishedSide>>>;
}

/** What a run has to compare: its last bounds, those of its rounds, and the closed form. */
export interface Ours {
  readonly bounds: readonly Bound[];
  readonly points: readonly RunPoint[];
  readonly truth: number | null;
  /** Log-mean-exp of each method's weights, nats. */
  readonly estimates: Readonly<Record<string, number>>;
}

export function oursOf(result: Pick<Result, 'bounds' | 'metrics'>, points: readonly RunPoint[]): Ours {
  const truth = result.metrics['truth'];
  const estimates = Object.entries(result.metrics).flatMap(([method, own]) => {
    const estimate = estimated.safeParse(own);
    return estimate.success ? [[method, estimate.data.logZEstimate] as const] : [];
  });
  return {
    bounds: result.bounds,
    points,
    truth: typeof truth === 'number' ? truth : null,
    estimates: Object.fromEntries(estimates),
  };
}

/** Published numbers line by line, in their order, beside those of a run; null where nothing was run. */
export function publishedRows(published: readonly PublishedNumber[], ours: Ours | null): PublishedRow[] {
  return [...Map.groupBy(published, ({ label }) => label)].map(([label, numbers]) => ({
    label,
    notes: [...new Set(numbers.flatMap(({ note }) => note ?? []))],
    sides: Object.fromEntries(
      numbers.map((number): [string, PublishedSide] => [
        number.side === 'lower' || number.side === 'upper' ? number.side : 'value',
        { published: number.value, ours: ours === null ? null : matching(number, ours) },
      ]),
    ),
  }));
}

/** The run's bound that a number speaks of. Of several that could be meant, that with the most samples, and of those the tightest. */
function matching(number: PublishedNumber, ours: Ours): PublishedSide['ours'] {
  const { estimator, method, side, temperatures } = number;
  if (method !== undefined) return ofMethod(method, side, ours);
  const { bounds, points, truth } = ours;
  if (estimator === undefined) return truth === null ? null : { value: truth, ci95: null };
  const round =
    temperatures === undefined ? bounds : (points.find((point) => point.temperatures === temperatures)?.bounds ?? []);
  const keys = ['quantity', 'side', 'base', 'critic', 'samples'] as const;
  const meant = round.filter(
    (bound) =>
      bound.estimator === estimator &&
      (number.quantity !== undefined || bound.quantity !== 'ibal') &&
      keys.every((key) => number[key] === undefined || number[key] === bound[key]),
  );
  const sign = side === 'upper' ? -1 : 1;
  const [found] = meant
    .filter((bound): bound is Bound & { value: number } => bound.value !== null)
    .sort((a, b) => (b.samples ?? 0) - (a.samples ?? 0) || sign * (b.value - a.value));
  return found === undefined ? null : { value: found.value, ci95: found.ci95 };
}

function ofMethod(method: string, side: Bound['side'] | undefined, { bounds, estimates }: Ours): PublishedSide['ours'] {
  if (side === 'estimate') {
    const value = estimates[method];
    return value === undefined ? null : { value, ci95: null };
  }
  const found = bounds.find((bound) => bound.method === method && (side === undefined || bound.side === side));
  return found === undefined || found.value === null ? null : { value: found.value, ci95: found.ci95 };
}

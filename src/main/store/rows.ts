import type { RunRow, Side } from '../../shared/runRecord';

/** A row of the table `runs` as the database gives it. */
export interface RawRun {
  readonly id: string;
  readonly name: string;
  readonly kind: RunRow['kind'];
  readonly status: RunRow['status'];
  readonly model: string;
  readonly data: string;
  readonly device: RunRow['device'];
  readonly seed: number;
  readonly temperatures: number;
  readonly chains: number;
  readonly quantity: RunRow['quantity'];
  readonly lower_estimator: string | null;
  readonly lower_value: number | null;
  readonly lower_ci95: number | null;
  readonly upper_estimator: string | null;
  readonly upper_value: number | null;
  readonly upper_ci95: number | null;
  readonly gap: number | null;
  readonly gap_ci95: number | null;
  readonly truth: number | null;
  readonly estimate_value: number | null;
  readonly estimate_ci95: number | null;
  readonly progress: number;
  readonly stage: string;
  readonly seconds: number;
  readonly created: number;
  readonly ended: number | null;
  readonly family: string;
  readonly error: string | null;
  readonly notes: string;
}

/** Named one by one: the columns behind them are long. */
export const rowColumns = [
  'id, name, kind, status, model, data, device, seed, temperatures, chains, quantity',
  'lower_estimator, lower_value, lower_ci95, upper_estimator, upper_value, upper_ci95, gap, gap_ci95, truth',
  'estimate_value, estimate_ci95',
  'progress, stage, seconds, created, ended, family, error, notes',
].join(', ');

export function rowOf(raw: RawRun, tags: readonly string[]): RunRow {
  const { id, name, kind, status, model, data, device, seed, temperatures, chains, quantity } = raw;
  const { gap, truth, progress, stage, seconds, created, ended, family, error, notes } = raw;
  return {
    ...{ id, name, kind, status, model, data, device, seed, temperatures, chains },
    lower: side(raw.lower_estimator, raw.lower_value, raw.lower_ci95),
    upper: side(raw.upper_estimator, raw.upper_value, raw.upper_ci95),
    estimate: raw.estimate_value === null ? null : { value: raw.estimate_value, ci95: raw.estimate_ci95 },
    ...{ gap, gapCi95: raw.gap_ci95, truth, quantity, progress, stage, seconds, created, ended },
    ...{ tags, notes, family, error },
  };
}

function side(estimator: string | null, value: number | null, ci95: number | null): Side | null {
  return estimator === null || value === null ? null : { estimator, value, ci95 };
}

import { bracketOf, truthValue } from '../../shared/answer';
import { plainJson } from '../../shared/plainJson';
import type { Bound, Result, RunImages } from '../../shared/result';
import { estimateOf } from '../../shared/runEstimate';
import type { CurvePoint, RunEnvironment, RunPoint, RunStatus, Side } from '../../shared/runRecord';
import type { Store } from './store';

/**
 * Makes a run this process's own, if it still stands where it is taken from: of two that try, one gets it.
 * @returns whether it is ours now
 */
export function claimRun(store: Store, id: string, owner: string, from: readonly RunStatus[]): boolean {
  return setStatus(store, id, 'running', { owner, from, ended: null, error: null });
}

export interface StatusChange {
  /** Only a run that stands like this. */
  readonly from?: readonly RunStatus[];
  readonly owner?: string | null;
  readonly error?: string | null;
  readonly ended?: number | null;
  /** Its place in the queue, a time; the lowest goes first. */
  readonly queued?: number;
}

/** @returns whether there was such a run */
export function setStatus(store: Store, id: string, status: RunStatus, change: StatusChange = {}): boolean {
  const { owner = null, error, ended, queued, from } = change;
  const sets = ['status = @status', 'owner = @owner', 'updated = @now'];
  if (error !== undefined) sets.push('error = @error');
  if (ended !== undefined) sets.push('ended = @ended');
  if (queued !== undefined) sets.push('queued = @queued');
  const guard = from === undefined ? '' : `AND status IN (${from.map((name) => `'${name}'`).join(', ')})`;
  return store.write(() => {
    const { changes } = store
      .sql(`UPDATE runs SET ${sets.join(', ')} WHERE id = @id AND deleted_at IS NULL ${guard}`)
      .run({
        ...{ id, status, owner, now: Date.now() },
        ...(error === undefined ? {} : { error }),
        ...(ended === undefined ? {} : { ended }),
        ...(queued === undefined ? {} : { queued }),
      });
    return changes > 0;
  });
}

/** Where a run stands while it computes. */
export function setProgress(
  store: Store,
  id: string,
  { progress, stage, seconds }: { readonly progress: number; readonly stage: string; readonly seconds: number },
): void {
  store.write(() =>
    store
      .sql('UPDATE runs SET progress = @progress, stage = @stage, seconds = @seconds, updated = @now WHERE id = @id')
      .run({ id, progress, stage, seconds, now: Date.now() }),
  );
}

/**
 * Keeps a point of a run's plot and makes its bracket the run's own.
 * @param number how many points came before it in the run
 * @returns whether it is new: a run that was taken up again passes its early rounds once more
 */
export function addPoint(store: Store, id: string, number: number, point: RunPoint): boolean {
  const { temperatures, seconds, bounds } = point;
  return store.write(() => {
    const { changes } = store
      .sql(
        'INSERT OR IGNORE INTO run_points (run, number, temperatures, seconds, bounds) VALUES (@id, @number, @temperatures, @seconds, @bounds)',
      )
      .run({ id, number, temperatures, seconds, bounds: JSON.stringify(bounds) });
    if (changes === 0) return false;
    const [lower, upper] = [tightest(bounds, 'lower'), tightest(bounds, 'upper')];
    const gap = lower === null || upper === null ? null : upper.value - lower.value;
    setBracket(store, id, { lower, upper, gap, gapCi95: null, truth: null, temperatures });
    return true;
  });
}

/**
 * Keeps a point of a learning curve.
 * @param number how many points of such curves came before it in the run
 * @returns whether it is new
 */
export function addCurvePoint(store: Store, id: string, number: number, point: CurvePoint): boolean {
  const { component, iteration, iterations, seconds, values } = point;
  return store.write(
    () =>
      store
        .sql(
          `INSERT OR IGNORE INTO run_curves (run, number, component, iteration, iterations, seconds, quantities)
             VALUES (@id, @number, @component, @iteration, @iterations, @seconds, @quantities)`,
        )
        .run({ id, number, component, iteration, iterations, seconds, quantities: JSON.stringify(values) }).changes > 0,
  );
}

/** Keeps the pictures of a model as it is now, instead of earlier ones. */
export function setImages(store: Store, id: string, images: readonly RunImages[]): void {
  store.write(() =>
    store.sql('INSERT OR REPLACE INTO run_images (run, images) VALUES (?, ?)').run(id, JSON.stringify(images)),
  );
}

export function setEnvironment(store: Store, id: string, environment: RunEnvironment): void {
  store.write(() =>
    store.sql('UPDATE run_results SET environment = ? WHERE run = ?').run(JSON.stringify(environment), id),
  );
}

/** Keeps the result of a run that has ended, with everything that a table shows of it. */
export function endRun(store: Store, id: string, result: Result): void {
  const bracket = bracketOf(result);
  const temperatures = result.diagnostics['temperatures'];
  store.write(() => {
    store.sql('UPDATE run_results SET result = ? WHERE run = ?').run(JSON.stringify(result, plainJson), id);
    if (result.images !== undefined) store.sql('DELETE FROM run_images WHERE run = ?').run(id);
    if (bracket !== undefined) {
      setBracket(store, id, {
        lower: sideOf(bracket.lower),
        upper: sideOf(bracket.upper),
        gap: bracket.gap ?? null,
        gapCi95: bracket.gapCi95 ?? null,
        truth: truthValue(result),
        temperatures: typeof temperatures === 'number' ? temperatures : null,
      });
    }
    const estimate = estimateOf(result);
    store
      .sql('UPDATE runs SET estimate_value = @value, estimate_ci95 = @ci95 WHERE id = @id')
      .run({ id, value: estimate?.value ?? null, ci95: estimate?.ci95 ?? null });
    store
      .sql(
        `UPDATE runs SET status = @status, owner = NULL, error = @error, seconds = @seconds, ended = @now, updated = @now,
           stage = '', progress = CASE WHEN @status = 'done' THEN 1 ELSE progress END WHERE id = @id`,
      )
      .run({ id, status: result.status, error: result.error ?? null, seconds: result.seconds, now: Date.now() });
  });
}

interface RowBracket {
  readonly lower: Side | null;
  readonly upper: Side | null;
  readonly gap: number | null;
  readonly gapCi95: number | null;
  readonly truth: number | null;
  readonly temperatures: number | null;
}

function setBracket(store: Store, id: string, { lower, upper, ...rest }: RowBracket): void {
  store
    .sql(
      `UPDATE runs SET lower_estimator = @lowerEstimator, lower_value = @lowerValue, lower_ci95 = @lowerCi95,
         upper_estimator = @upperEstimator, upper_value = @upperValue, upper_ci95 = @upperCi95,
         gap = @gap, gap_ci95 = @gapCi95, truth = @truth, temperatures = coalesce(@temperatures, temperatures),
         updated = @now WHERE id = @id`,
    )
    .run({
      id,
      ...rest,
      ...{ lowerEstimator: lower?.estimator ?? null, lowerValue: lower?.value ?? null, lowerCi95: lower?.ci95 ?? null },
      ...{ upperEstimator: upper?.estimator ?? null, upperValue: upper?.value ?? null, upperCi95: upper?.ci95 ?? null },
      now: Date.now(),
    });
}

function sideOf(
  side: { readonly estimator: string; readonly value: number; readonly ci95?: number | null | undefined } | undefined,
): Side | null {
  return side === undefined ? null : { estimator: side.estimator, value: side.value, ci95: side.ci95 ?? null };
}

function tightest(bounds: readonly Bound[], side: 'lower' | 'upper'): Side | null {
  let best: Side | null = null;
  for (const { side: own, estimator, value, ci95 } of bounds) {
    if (own !== side || value === null) continue;
    if (best === null || (side === 'lower' ? value > best.value : value < best.value))
      best = { estimator, value, ci95 };
  }
  return best;
}

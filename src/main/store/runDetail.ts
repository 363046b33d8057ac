import type { Bound, Result, RunImages } from '../../shared/result';
import type { CurvePoint, LogLine, RunDetail, RunEnvironment, RunOutline, RunPoint } from '../../shared/runRecord';
import { findRow, getRow, getSpec } from './runs';
import type { Store } from './store';

/** Everything about one run. @throws NotFoundError */
export function getRun(store: Store, id: string): RunDetail {
  return store.read(() => {
    const row = getRow(store, id);
    const documents = store
      .sql<{ result: string | null; environment: string | null }>(
        'SELECT result, environment FROM run_results WHERE run = ?',
      )
      .get(id);
    const result = parsed<Result>(documents?.result);
    const images = store.sql<{ images: string }>('SELECT images FROM run_images WHERE run = ?').get(id)?.images;
    return {
      row,
      ...getSpec(store, id),
      points: getPoints(store, id),
      curves: getCurves(store, id),
      log: getLog(store, id),
      environment: parsed<RunEnvironment>(documents?.environment),
      result,
      series: result?.series ?? [],
      ...(images === undefined ? {} : { images: JSON.parse(images) as RunImages[] }),
    };
  });
}

/** What comparisons need of several runs, in the order given; those that are not there or were deleted are left out. */
export function getOutlines(store: Store, ids: readonly string[]): RunOutline[] {
  return store.read(() =>
    ids
      .filter((id) => findRow(store, id) !== undefined)
      .map((id) => {
        const { spec } = getSpec(store, id);
        const looks = spec.kind === 'vae' ? { looks: getCurves(store, id).filter(isLook) } : {};
        return { id, spec, points: getPoints(store, id), ...looks };
      }),
  );
}

function isLook({ values }: CurvePoint): boolean {
  return Object.keys(values).some((name) => name.endsWith(', validation'));
}

function getPoints(store: Store, id: string): RunPoint[] {
  return store
    .sql<{ temperatures: number; seconds: number; bounds: string }>(
      'SELECT temperatures, seconds, bounds FROM run_points WHERE run = ? ORDER BY number',
    )
    .all(id)
    .map(({ temperatures, seconds, bounds }) => ({ temperatures, seconds, bounds: JSON.parse(bounds) as Bound[] }));
}

function getCurves(store: Store, id: string): CurvePoint[] {
  return store
    .sql<Omit<CurvePoint, 'values'> & { quantities: string }>(
      'SELECT component, iteration, iterations, seconds, quantities FROM run_curves WHERE run = ? ORDER BY number',
    )
    .all(id)
    .map(({ quantities, ...point }) => ({ ...point, values: JSON.parse(quantities) as CurvePoint['values'] }));
}

function getLog(store: Store, id: string): LogLine[] {
  return store.sql<LogLine>('SELECT time, text FROM run_log WHERE run = ? ORDER BY id').all(id);
}

/**
 * @param number of a line that the computation writes: which it is, so that a run taken up again does not write it twice
 * @returns whether it is new
 */
export function addLog(store: Store, id: string, text: string, number: number | null = null): boolean {
  return store.write(
    () =>
      store
        .sql('INSERT OR IGNORE INTO run_log (run, number, time, text) VALUES (?, ?, ?, ?)')
        .run(id, number, Date.now(), text).changes > 0,
  );
}

function parsed<T>(text: string | null | undefined): T | null {
  return text === null || text === undefined ? null : (JSON.parse(text) as T);
}

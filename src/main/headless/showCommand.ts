import { oneLine } from '../../shared/errors';
import type { RunDetail } from '../../shared/runRecord';
import { reclaimRuns } from '../runs/reclaim';
import { getRun, type Store } from '../store';
import { findRun } from './findRun';
import { reportLines, type Reported } from './report';
import { resultJson } from './resultJson';
import { shortId } from './runOutcome';
import { print, type Terminal } from './terminal';
import { wrap } from './wrap';

/** `bracket show`: the report of a run, of what it has so far where it has not ended. */
export function showCommand(store: Store, given: string, options: { json?: boolean }, terminal: Terminal): number {
  reclaimRuns(store);
  const detail = getRun(store, findRun(store, given));
  const reported = reportedOf(detail);
  if (options.json === true) {
    terminal.out.write(resultJson(reported));
    return 0;
  }
  const { row } = detail;
  print(terminal, ...reportLines(reported, terminal));
  if (row.error !== null) print(terminal, ...wrap(oneLine(row.error), terminal.columns), '');
  if (row.status === 'paused' || row.status === 'interrupted') {
    print(terminal, `${Math.floor(row.progress * 100)} % done. Go on with: bracket resume ${shortId(row.id)}`, '');
  }
  return 0;
}

/** The result of a run, or in the same shape what it has so far. */
function reportedOf({ row, spec, result, points }: RunDetail): Reported {
  if (result !== null) return { ...result, spec: { ...result.spec, name: row.name } };
  return {
    run: row.id,
    kind: row.kind,
    spec: { ...spec, name: row.name },
    device: row.device,
    status: row.status,
    seconds: row.seconds,
    bounds: [...(points.at(-1)?.bounds ?? [])],
    metrics: {},
    diagnostics: { temperatures: row.temperatures },
    warnings: [],
    series: [],
    artifacts: [],
    ...(row.error === null ? {} : { error: row.error }),
  };
}

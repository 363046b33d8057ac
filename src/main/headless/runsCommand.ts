import path from 'node:path';
import { InputError, oneLine } from '../../shared/errors';
import { decimalsFor, formatNumber, missing } from '../../shared/format';
import { namedEstimate } from '../../shared/runEstimate';
import type { RunRow, RunStatus } from '../../shared/runRecord';
import { formatWhen } from '../../shared/when';
import { reclaimRuns } from '../runs/reclaim';
import { listRuns, type Store } from '../store';
import { shortId } from './runOutcome';
import { alignDecimals, tableLines } from './table';
import { print, type Terminal } from './terminal';

export interface RunsOptions {
  readonly limit: string;
  readonly json?: boolean;
}

/** `bracket runs`: the history, the newest first. */
export function runsCommand(store: Store, options: RunsOptions, terminal: Terminal, now = Date.now()): number {
  if (!/^[1-9]\d{0,5}$/.test(options.limit)) {
    throw new InputError('--limit', `"${options.limit}" is not a number of runs`, 'Give a whole number from 1.');
  }
  reclaimRuns(store);
  const all = listRuns(store);
  const runs = all.slice(0, Number(options.limit));
  if (options.json === true) {
    terminal.out.write(`${JSON.stringify(runs, null, 2)}\n`);
    return 0;
  }
  if (runs.length === 0) {
    print(terminal, 'There are no runs yet. "bracket run demo" is a first one.');
    return 0;
  }
  const { colours } = terminal;
  const gaps = alignDecimals(runs.map(({ gap, gapCi95 }) => formatNumber(gap, decimalsFor(gapCi95 ?? gap))));
  const whens = runs.map(({ created }) => formatWhen(created, now));
  const brackets = runs.map(bracketText);
  const statuses = runs.map(statusText);
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const taken = [brackets, gaps, whens, statuses].reduce((total, texts) => total + widest(texts) + 2, 'id'.length + 8);
  const room = Math.max(10, Math.floor((terminal.columns - taken - 2) / 2));
  const rows = runs.map((run, index) => [
    colours.bold(shortId(run.id)),
    oneLine(run.name, room),
    statusColour(run.status, colours)(statuses[index] ?? ''),
    oneLine(path.parse(run.model).name, room),
    brackets[index] ?? '',
    gaps[index] ?? '',
    whens[index] ?? '',
  ]);
  const titles = ['id', 'name', 'status', 'model', 'bracket', 'gap', 'when'];
  print(
    terminal,
    ...tableLines(
      titles.map((title) => ({ title })),
      rows,
      colours.dim,
    ),
  );
  const hidden = all.length - runs.length;
  if (hidden > 0) print(terminal, colours.dim(`… and ${hidden} older; see --limit.`));
  return 0;
}

/** "24.84 … 24.86", with the digits that the gap supports. */
function bracketText(row: Pick<RunRow, 'lower' | 'upper' | 'estimate' | 'quantity'>): string {
  const { lower, upper } = row;
  if (lower === null && upper === null) return row.estimate === null ? missing : namedEstimate(row);
  if (upper === null) return `≥ ${formatNumber(lower?.value)}`;
  if (lower === null) return `≤ ${formatNumber(upper.value)}`;
  return `${formatNumber(lower.value)} … ${formatNumber(upper.value)}`;
}

function statusText({ status, progress }: RunRow): string {
  const partial = status === 'running' || status === 'paused' || status === 'interrupted';
  return partial ? `${status} ${Math.floor(progress * 100)} %` : status;
}

function statusColour(status: RunStatus, colours: Terminal['colours']): (text: string) => string {
  if (status === 'done') return colours.green;
  if (status === 'failed') return colours.red;
  return status === 'queued' || status === 'cancelled' ? colours.dim : colours.yellow;
}

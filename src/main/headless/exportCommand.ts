import { InputError } from '../../shared/errors';
import { formatList } from '../../shared/format';
import { allBoundsTable, boundsOf, bracketsTable, type BoundsOf } from '../../shared/boundsTables';
import { bibliography } from '../../shared/references';
import { csvTable, latexTable } from '../../shared/tables';
import { getRun, type Store } from '../store';
import { findRun } from './findRun';
import type { Terminal } from './terminal';
import { planFile } from './writeAtomic';

export interface ExportOptions {
  readonly format: string;
  /** "-" is standard output. */
  readonly output: string;
}

const formats: Readonly<Record<string, (runs: readonly BoundsOf[]) => string>> = {
  csv: (runs) => csvTable(allBoundsTable(runs)),
  tex: (runs) => latexTable(bracketsTable(runs)),
  bib: (runs) => bibliography(runs.map((run) => ({ bounds: [...boundsOf(run)] }))),
};

/** `bracket export`: runs as a table for other programs or for a paper, and what to cite for them. */
export function exportCommand(
  store: Store,
  given: readonly string[],
  { format, output }: ExportOptions,
  terminal: Terminal,
): number {
  const write = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (write === undefined) {
    const names = formatList(Object.keys(formats), 'or');
    const fix = ['svg', 'pdf', 'png'].includes(format)
      ? `Export figures from the window; here there is ${names}.`
      : `Choose ${names}.`;
    throw new InputError('--format', `"${format}" is not a format of tables`, fix);
  }
  const ids = [...new Set(given.map((run) => findRun(store, run)))];
  const target = output === '-' ? undefined : planFile(output);
  const text = write(ids.map((id) => getRun(store, id)));
  if (target === undefined) terminal.out.write(text);
  else target.write(text);
  return 0;
}

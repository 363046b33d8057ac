import { InputError } from '../../shared/errors';
import { formatList } from '../../shared/format';
import { allBoundsTable, boundsOf, bracketsTable, estimatorsTable, type BoundsOf } from '../../shared/boundsTables';
import { bibliography } from '../../shared/references';
import { csvTable, latexTable, type DataTable } from '../../shared/tables';
import { rareEventOf } from '../../shared/rareEvent/summary';
import { allEstimatesTable, estimatesTable } from '../../shared/rareEvent/table';
import { targetSummary } from '../../shared/targetRun/summary';
import { allMethodsTable, methodsTable } from '../../shared/targetRun/table';
import { getRun, type Store } from '../store';
import type { FigureFormat } from './exportFigure';
import { findRun } from './findRun';
import type { Terminal } from './terminal';
import { planFile } from './writeAtomic';

export interface ExportOptions {
  readonly format: string;
  /** "-" is standard output. */
  readonly output: string;
  /** Of figures: millimetres and points, as typed. */
  readonly width?: string;
  readonly font?: string;
  /** Which figure: "decomposition". */
  readonly figure?: string;
}

const formats: Readonly<Record<string, (runs: readonly BoundsOf[]) => string>> = {
  csv: (runs) => csvTable(allBoundsTable(runs)),
  tex: (runs) => latexTable(bracketsTable(runs)),
  'tex-bounds': (runs) => runs.map((run) => latexTable(methodsOf(run) ?? estimatorsTable(boundsOf(run)))).join('\n'),
  'csv-methods': (runs) => csvTable(allMethodsTable(runs)),
  'csv-estimates': (runs) => csvTable(allEstimatesTable(runs)),
  bib: (runs) => bibliography(runs.map((run) => ({ bounds: [...boundsOf(run)] }))),
};

/** The methods of a run of a target that has ended, or the estimates of one of a rare event. */
function methodsOf({ row, result }: BoundsOf): DataTable | undefined {
  if (result === null) return undefined;
  const event = rareEventOf(result);
  if (event !== undefined) return estimatesTable(event);
  return row.kind === 'target' ? methodsTable(targetSummary(result)) : undefined;
}

/** As in the module that draws them, which takes a while to load. */
const figureFormats: readonly string[] = ['svg', 'pdf', 'png'] satisfies FigureFormat[];

/** `bracket export`: runs as a figure or a table, for a paper or for other programs, and what to cite for them. */
export async function exportCommand(
  store: Store,
  given: readonly string[],
  { format, output, width, font, figure }: ExportOptions,
  terminal: Terminal,
): Promise<number> {
  const write = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (write === undefined && !figureFormats.includes(format)) {
    const names = formatList([...figureFormats, ...Object.keys(formats)], 'or');
    throw new InputError('--format', `"${format}" is not a format of figures or tables`, `Choose ${names}.`);
  }
  const ids = [...new Set(given.map((run) => findRun(store, run)))];
  const target = output === '-' ? undefined : planFile(output);
  const runs = ids.map((id) => getRun(store, id));
  if (write === undefined) {
    const { exportFigure } = await import('./exportFigure');
    return exportFigure(runs, { format: format as FigureFormat, width, font, figure, target }, terminal);
  }
  const text = write(runs);
  if (target === undefined) terminal.out.write(text);
  else target.write(text);
  return 0;
}

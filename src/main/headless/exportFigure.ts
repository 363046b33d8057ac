import { InputError } from '../../shared/errors';
import { formatList } from '../../shared/format';
import { compare, figuresOf, logZAcross, runFigure, type Figure } from '../../shared/charts';
import { figureSvg } from '../../shared/charts/svg';
import type { RunDetail } from '../../shared/runRecord';
import { drawFigure } from '../figures';
import type { Terminal } from './terminal';
import type { PlannedFile } from './writeAtomic';

export const figureFormats = ['svg', 'pdf', 'png'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface FigureExport {
  readonly format: FigureFormat;
  /** Millimetres, as typed. */
  readonly width: string | undefined;
  /** Points, as typed. */
  readonly font: string | undefined;
  /** Which figure of a run, by its name; its sandwich when undefined. */
  readonly figure?: string | undefined;
  /** Standard output when undefined. */
  readonly target: PlannedFile | undefined;
}

/** The figure of a run, or those of several over each other, as a paper prints it: the one that the window exports. */
export async function exportFigure(
  runs: readonly RunDetail[],
  { format, width, font, figure: wanted, target }: FigureExport,
  terminal: Terminal,
): Promise<number> {
  const millimetres = numberIn('--width', width, 85, 40, 400);
  const fontSize = numberIn('--font', font, 8, 5, 18);
  const figure = figureOf(runs, wanted);
  if (figure.empty !== null) {
    throw new InputError(
      'bracket export',
      'there is nothing to draw: no round has finished',
      'Wait for its first bounds.',
    );
  }
  const svg = figureSvg(figure, { width: millimetres, fontSize });
  const bytes = await drawFigure({ svg, format, width: millimetres, title: figure.title });
  if (target === undefined) terminal.out.write(bytes);
  else target.write(bytes);
  return 0;
}

function figureOf(runs: readonly RunDetail[], wanted = 'sandwich'): Figure {
  const [first, ...others] = runs;
  if (first === undefined)
    throw new InputError('bracket export', 'no run was named', 'Give an id from "bracket runs".');
  if (others.length === 0 && wanted === 'sandwich') return runFigure(first);
  if (wanted !== 'sandwich') return namedFigure(first, others.length, wanted);
  const { quantity } = first.row;
  if (others.some(({ row }) => row.quantity !== quantity)) {
    throw new InputError(
      'bracket export',
      'these runs bound different quantities',
      'Export those on I(x; z) and those on log p(x) apart.',
    );
  }
  if (first.row.kind === 'target') {
    return logZAcross(
      runs.map(({ row, spec, points }) => ({
        ...{ label: row.name, spec: { ...spec }, bounds: points.at(-1)?.bounds ?? [], truth: row.truth },
      })),
    );
  }
  return compare({
    runs: runs.map(({ row, points }) => ({ id: row.id, label: row.name, points, truth: row.truth })),
    quantity,
  });
}

/** One of the other figures of a run, which are of one run each. */
function namedFigure(run: RunDetail, others: number, wanted: string): Figure {
  if (others > 0) {
    throw new InputError('--figure', `"${wanted}" is a figure of one run`, 'Name one run, or leave --figure out.');
  }
  const all = [runFigure(run), ...figuresOf(run)];
  const found = all.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  // Of the many coordinates of a target one is enough to tell how they are called.
  const names = all.map(({ name }) => name).filter((name) => !/-coordinate-[1-9]/.test(name));
  throw new InputError('--figure', `this run has no figure "${wanted}"`, `Choose ${formatList(names, 'or')}.`);
}

function numberIn(option: string, text: string | undefined, otherwise: number, low: number, high: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new InputError(option, `"${text}" is not a size`, `It must be a number from ${low} to ${high}.`);
}

import { InputError } from '../../shared/errors';
import { compare, runFigure, type Figure } from '../../shared/charts';
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
  /** Standard output when undefined. */
  readonly target: PlannedFile | undefined;
}

/** The figure of a run, or those of several over each other, as a paper prints it: the one that the window exports. */
export async function exportFigure(
  runs: readonly RunDetail[],
  { format, width, font, target }: FigureExport,
  terminal: Terminal,
): Promise<number> {
  const millimetres = numberIn('--width', width, 85, 40, 400);
  const fontSize = numberIn('--font', font, 8, 5, 18);
  const figure = figureOf(runs);
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

function figureOf(runs: readonly RunDetail[]): Figure {
  const [first, ...others] = runs;
  if (first === undefined)
    throw new InputError('bracket export', 'no run was named', 'Give an id from "bracket runs".');
  if (others.length === 0) return runFigure(first);
  const { quantity } = first.row;
  if (others.some(({ row }) => row.quantity !== quantity)) {
    throw new InputError(
      'bracket export',
      'these runs bound different quantities',
      'Export those on I(x; z) and those on log p(x) apart.',
    );
  }
  return compare({
    runs: runs.map(({ row, points }) => ({ id: row.id, label: row.name, points, truth: row.truth })),
    quantity,
  });
}

function numberIn(option: string, text: string | undefined, otherwise: number, low: number, high: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new InputError(option, `"${text}" is not a size`, `It must be a number from ${low} to ${high}.`);
}

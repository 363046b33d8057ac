import type { Figure } from '../../shared/charts';
import { figureSvg, type PaperSize } from '../../shared/charts/svg';
import { csvTable } from '../../shared/tables';
import { engine } from '../engine';
import { saveBlob, saveText } from '../save';

export const figureFormats = ['svg', 'pdf', 'png', 'csv'] as const;
export type FigureFormat = (typeof figureFormats)[number];

/**
 * Saves a figure: drawn here at its size on paper, turned into PDF or PNG by the engine, which has the fonts.
 * @throws RpcError
 */
export async function saveFigure(figure: Figure, format: FigureFormat, size: PaperSize, name: string): Promise<void> {
  if (format === 'csv') {
    saveText(`${name}.csv`, csvTable(figure.rows()), 'text/csv');
    return;
  }
  const svg = figureSvg(figure, size);
  const file = await engine.call('export.figure', { svg, format, width: size.width, name });
  const bytes = Uint8Array.from(atob(file.base64), (character) => character.charCodeAt(0));
  saveBlob(file.name, new Blob([bytes], { type: file.mime }));
}

import { cellText, type Cell } from './tables';

/** As wide as a digit, and as a point, in tabular figures. */
const [digitSpace, pointSpace] = ['\u2007', '\u2008'];

/** The cells of a table as texts that, set right, line up on their decimal points. */
export function alignedTexts(rows: readonly (readonly Cell[])[]): string[][] {
  const texts = rows.map((row) => row.map(cellText));
  const most: number[] = [];
  rows.forEach((row, index) =>
    row.forEach((cell, column) => {
      if (cell.kind === 'number') most[column] = Math.max(most[column] ?? 0, fractionOf(texts[index]?.[column] ?? ''));
    }),
  );
  return rows.map((row, index) =>
    row.map((cell, column) => {
      const text = texts[index]?.[column] ?? '';
      if (cell.kind !== 'number') return text;
      const [own, all] = [fractionOf(text), most[column] ?? 0];
      return text + (own === 0 && all > 0 ? pointSpace : '') + digitSpace.repeat(all - own);
    }),
  );
}

function fractionOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

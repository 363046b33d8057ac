import Table from 'cli-table3';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** No frame and no rules between columns: two spaces set them apart. */
const bare = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * A plain table, one string a line, without trailing spaces.
 * @param rows cells that may hold colour codes
 * @param heading how titles are set off
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  heading: (text: string) => string,
): string[] {
  const table = new Table({
    head: columns.map(({ title }) => heading(title)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: bare,
    // cli-table3 colours heads and borders by itself unless told not to.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/**
 * Pads numbers so that their decimal points stand under each other when the column is aligned to the right.
 * @param texts numbers as text; anything else is aligned like an integer
 */
export function alignDecimals(texts: readonly string[]): string[] {
  const tails = texts.map((text) => {
    const point = text.indexOf('.');
    return point < 0 ? 0 : text.length - point;
  });
  const longest = Math.max(0, ...tails);
  return texts.map((text, index) => text + ' '.repeat(longest - (tails[index] ?? 0)));
}

import { formatInterval, formatNumber, missing } from './format';

/** One cell: what a table shows of it is formatted, what a CSV file holds is exact. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  /** `decimals` is how many digits are worth reading, `text` what is shown where decimals would not do; `best` of its column. */
  | {
      readonly kind: 'number';
      readonly value: number | null;
      readonly decimals: number;
      readonly text?: string;
      readonly best?: boolean;
    }
  /** A value and the half-width of its 95 % interval, `text` what is shown where decimals would not do; `best` of its column. */
  | {
      readonly kind: 'interval';
      readonly value: number | null;
      readonly ci95: number | null;
      readonly text?: string;
      readonly best?: boolean;
    };

export interface TableColumn {
  /** In CSV: "lower_nats". */
  readonly name: string;
  /** For people: "Lower". */
  readonly label: string;
  readonly unit?: string | undefined;
  readonly numeric: boolean;
  /** Its cells are intervals, which take two columns in CSV. */
  readonly interval?: boolean;
}

export interface DataTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export function textCell(text: string): Cell {
  return { kind: 'text', text };
}

export function numberCell(value: number | null, decimals = 2, best = false): Cell {
  return { kind: 'number', value, decimals, ...(best ? { best } : {}) };
}

/** A number of any size, with the text that is shown for it. */
export function shownCell(value: number | null, text: string): Cell {
  return { kind: 'number', value, decimals: 0, text };
}

export function intervalCell(value: number | null | undefined, ci95: number | null | undefined, best = false): Cell {
  return { kind: 'interval', value: value ?? null, ci95: ci95 ?? null, ...(best ? { best } : {}) };
}

/** A cell as a person reads it. */
export function cellText(cell: Cell): string {
  if (cell.kind === 'text') return cell.text;
  if (cell.text !== undefined) return cell.text;
  if (cell.kind === 'number') return formatNumber(cell.value, cell.decimals);
  const { value, halfWidth } = formatInterval(cell.value, cell.ci95);
  return halfWidth === missing || value === missing ? value : `${value} ± ${halfWidth}`;
}

/** A table as CSV (RFC 4180) with all digits of its numbers; an interval takes a second column, "…_ci95". */
export function csvTable({ columns, rows }: DataTable): string {
  const header = columns.flatMap(({ name, interval }) => (interval === true ? [name, ci95Name(name)] : [name]));
  const lines = rows.map((cells) =>
    cells.flatMap((cell, index) => {
      if (cell.kind === 'interval') return [csvNumber(cell.value), csvNumber(cell.ci95)];
      const value = cell.kind === 'text' ? csvText(cell.text) : csvNumber(cell.value);
      return columns[index]?.interval === true ? [value, ''] : [value];
    }),
  );
  return [header.map(csvText), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

/** "lower_nats" → "lower_ci95_nats": the unit stays last. */
function ci95Name(name: string): string {
  return name.endsWith('_nats') ? `${name.slice(0, -'_nats'.length)}_ci95_nats` : `${name}_ci95`;
}

function csvText(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvNumber(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '' : String(value);
}

/** A table in LaTeX with the rules of the booktabs package. The best value of a column is bold. */
export function latexTable({ columns, rows }: DataTable): string {
  const align = columns.map(({ numeric }) => (numeric ? 'r' : 'l')).join('');
  const header = columns.map(({ label, unit }) => latexText(unit === undefined ? label : `${label} (${unit})`));
  const lines = [header, ...rows.map((cells) => cells.map(latexCell))].map((line) => `  ${line.join(' & ')} \\\\`);
  return [
    '% Needs \\usepackage{booktabs}.',
    `\\begin{tabular}{${align}}`,
    '  \\toprule',
    lines[0],
    '  \\midrule',
    ...lines.slice(1),
    '  \\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

function latexCell(cell: Cell): string {
  if (cell.kind === 'text') return latexText(cell.text);
  if (cell.value === null) return '--';
  if (cell.text !== undefined) return latexText(cell.text);
  if (cell.kind === 'number') {
    const text = latexNumber(formatNumber(cell.value, cell.decimals));
    return cell.best === true ? `$\\mathbf{${text}}$` : `$${text}$`;
  }
  const { value: plain, halfWidth } = formatInterval(cell.value, cell.ci95);
  const value = latexNumber(plain);
  const shown = cell.best === true ? `\\mathbf{${value}}` : value;
  return halfWidth === missing ? `$${shown}$` : `$${shown} \\pm ${latexNumber(halfWidth)}$`;
}

function latexNumber(text: string): string {
  return text.replace('−', '-').replace('∞', '\\infty');
}

const latexEscapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '−': '$-$',
  '±': '$\\pm$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  β: '$\\beta$',
  π: '$\\pi$',
  '‖': '$\\|$',
  '—': '--',
  '×': '$\\times$',
  ...Object.fromEntries(['⁻', ...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((mark, place) => [mark, `$^{${place === 0 ? '-' : place - 1}}$`])),
};

/** Text of a person, harmless in LaTeX and on one line. */
function latexText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\~^−±≥≤βπ‖—×⁻⁰¹²³⁴-⁹&%$#_{}]/g, (character) => latexEscapes[character] ?? `\\${character}`);
}

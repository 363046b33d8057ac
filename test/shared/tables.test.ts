import { describe, expect, it } from 'vitest';
import { csvTable, intervalCell, latexTable, numberCell, textCell, type DataTable } from '../../src/shared/tables';

const table: DataTable = {
  columns: [
    { name: 'name', label: 'Name', numeric: false },
    { name: 'lower_nats', label: 'Lower', unit: 'nats', numeric: true, interval: true },
    { name: 'seconds', label: 'Time', unit: 's', numeric: true },
  ],
  rows: [
    [textCell('Plain'), intervalCell(-24.84123, 0.0212, true), numberCell(200.4, 0)],
    [textCell('a "quoted", 50 % of {x}_1 \\ & ~^$#'), intervalCell(null, null), numberCell(null)],
  ],
};

describe('CSV', () => {
  it('holds all digits, an interval in two columns, and quotes what needs it', () => {
    expect(csvTable(table)).toBe(
      'name,lower_nats,lower_ci95_nats,seconds\r\n' +
        'Plain,-24.84123,0.0212,200.4\r\n' +
        '"a ""quoted"", 50 % of {x}_1 \\ & ~^$#",,,\r\n',
    );
  });

  it('keeps its columns where a cell of a column of intervals is a text', () => {
    expect(csvTable({ columns: table.columns.slice(1, 2), rows: [[textCell('none')]] })).toBe(
      'lower_nats,lower_ci95_nats\r\nnone,\r\n',
    );
  });
});

describe('LaTeX', () => {
  it('has the rules of booktabs, the digits that intervals support, and the best in bold', () => {
    expect(latexTable({ ...table, rows: table.rows.slice(0, 1) }).split('\n')).toEqual([
      '% Needs \\usepackage{booktabs}.',
      '\\begin{tabular}{lrr}',
      '  \\toprule',
      '  Name & Lower (nats) & Time (s) \\\\',
      '  \\midrule',
      '  Plain & $\\mathbf{-24.841} \\pm 0.021$ & $200$ \\\\',
      '  \\bottomrule',
      '\\end{tabular}',
      '',
    ]);
  });

  it('escapes what LaTeX would read as its own, each character once', () => {
    expect(latexTable({ ...table, rows: table.rows.slice(1) })).toContain(
      'a "quoted", 50 \\% of \\{x\\}\\_1 \\textbackslash{} \\& \\textasciitilde{}\\textasciicircum{}\\$\\# & -- & -- \\\\',
    );
  });
});

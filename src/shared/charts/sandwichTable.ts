import { decimalsFor, formatCount, formatDuration, formatNumber } from '../format';
import { estimatorLabel, sideLabels } from '../labels';
import { nameCells, nameColumnsOf, namedIn } from '../nameCells';
import type { Bound } from '../result';
import { cellText, numberCell, textCell, type Cell, type DataTable } from '../tables';
import { boundDecimals, gapAt, gapDecimalsAt, type SandwichData, type SandwichLine } from './sandwichData';
import { escapeHtml } from './text';

/** Upper bounds above lower ones, so that the bracket closes from top to bottom. */
const order: readonly Bound['side'][] = ['upper', 'lower', 'estimate'];

/** One row for each bound of each round, and one for the gap. */
export function sandwichTable(data: SandwichData): DataTable {
  const named = namedIn(data.lines);
  return {
    columns: [
      { name: 'temperatures', label: 'temperatures', numeric: true },
      { name: 'seconds', label: 'time', unit: 's', numeric: true },
      { name: 'estimator', label: 'estimator', numeric: false },
      ...nameColumnsOf(named),
      { name: 'side', label: 'side', numeric: false },
      { name: 'value_nats', label: 'value', unit: 'nats', numeric: true },
      { name: 'ci95_nats', label: '± 95 %', unit: 'nats', numeric: true },
    ],
    rows: data.points.flatMap((point, index) => {
      const head: Cell[] = [numberCell(point.temperatures, 0), numberCell(point.seconds, 1)];
      const gap = gapAt(data, index);
      return [
        ...sortedAt(data, index).map(({ line, bound }): Cell[] => {
          const { value, ci95 } = cellsOf(data, line, bound, index);
          const name = [textCell(estimatorLabel(line.estimator)), ...nameCells(line, named)];
          return [...head, ...name, textCell(line.side), value, ci95];
        }),
        ...(gap === null
          ? []
          : [
              [...head, textCell(''), ...nameCells({}, named), textCell('gap'), gapCell(data, index), numberCell(null)],
            ]),
      ];
    }),
  };
}

/** The same numbers beside the pointer. The page's style sheet knows the classes; no style is written into the markup. */
export function sandwichTip(data: SandwichData, index: number, truth: number | null): string {
  const point = data.points[index];
  if (point === undefined) return '';
  const rows = sortedAt(data, index).map(({ line, bound }) => {
    const { value, ci95 } = cellsOf(data, line, bound, index);
    const { relation } = sideLabels[line.side];
    const width = bound.ci95 === null ? '' : `± ${cellText(ci95)}`;
    return `<tr class="${line.side}"><td>${escapeHtml(line.label)}</td><td>${relation}</td><td class="value">${cellText(value)}</td><td>${width}</td></tr>`;
  });
  const gap = gapAt(data, index);
  const extra = [
    ...(gap === null
      ? []
      : [
          `<tr class="gap"><td>gap</td><td></td><td class="value">${cellText(gapCell(data, index))}</td><td>nats</td></tr>`,
        ]),
    ...(truth === null
      ? []
      : [
          `<tr><td>truth</td><td></td><td class="value">${formatNumber(truth, Math.max(2, gapDecimalsAt(data, index)))}</td><td></td></tr>`,
        ]),
  ];
  const count = `${formatCount(point.temperatures)} ${point.temperatures === 1 ? 'temperature' : 'temperatures'}`;
  return `<p>${count}, ${formatDuration(point.seconds)}</p><table>${[...rows, ...extra].join('')}</table>`;
}

function sortedAt(data: SandwichData, index: number): { line: SandwichLine; bound: Bound }[] {
  return data.lines
    .flatMap((line) => {
      const bound = line.bounds[index];
      return bound === null || bound === undefined ? [] : [{ line, bound }];
    })
    .sort(
      (a, b) =>
        order.indexOf(a.line.side) - order.indexOf(b.line.side) ||
        (b.bound.value ?? -Infinity) - (a.bound.value ?? -Infinity),
    );
}

function cellsOf(data: SandwichData, line: SandwichLine, bound: Bound, index: number): { value: Cell; ci95: Cell } {
  return {
    value: numberCell(bound.value, boundDecimals(data, line, index)),
    ci95: numberCell(bound.ci95, decimalsFor(bound.ci95)),
  };
}

function gapCell(data: SandwichData, index: number): Cell {
  return numberCell(gapAt(data, index), gapDecimalsAt(data, index));
}

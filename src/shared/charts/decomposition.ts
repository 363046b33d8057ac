import { fullLabel } from '../boundNames';
import { formatNumber } from '../format';
import { estimatorLabel, quantityLabel } from '../labels';
import { nameCells, nameColumnsOf, namedIn } from '../nameCells';
import type { Bound } from '../result';
import { numberCell, textCell, type DataTable } from '../tables';
import { gridOf, plotArea, tickRoom, type Axis } from './axes';
import { baseOption, rowAxes } from './base';
import { aimOf, splitsOf, sumText, valueText, type Aim, type Split } from './decompositionData';
import { aimMark, bars, keyMark, valuesMark } from './decompositionMarks';
import type { ChartOption, Figure, Range, Size } from './figure';
import { itemTooltip } from './interaction';
import { escapeHtml, widest } from './text';
import type { ChartTheme } from './theme';
import { linearTicks } from './ticks';

export interface DecompositionInput {
  readonly bounds: readonly Bound[];
  readonly truth?: number | null;
}

/** Each bound that decomposes as a bar: the Barber–Agakov term, then the contrastive one, and the log K that the second cannot exceed. */
export function decomposition({ bounds, truth = null }: DecompositionInput): Figure {
  const splits = splitsOf(bounds);
  const aim = aimOf(bounds, truth);
  const subject = quantityLabel('mi');
  return {
    name: 'decomposition',
    title: `Lower bounds on ${subject}, term by term`,
    description: `${splits.map((split) => `${split.label}: ${valueText(split)} nats`).join('. ')}${splits.length === 0 ? 'No bound decomposes' : ''}. ${aim === null ? '' : `${aim.label} nats.`}`,
    empty: splits.length === 0 ? 'No bound of this run decomposes into two terms.' : null,
    aspect: 0.72,
    heightAt: (_width, { fontSize }) => (splits.length * 1.9 + 8) * fontSize,
    zoomable: false,
    steps: splits.length === 0 ? null : { series: 'bars', count: splits.length },
    option: (theme, size) => option(splits, aim, theme, size),
    rows: () => table(splits, aim),
  };
}

function option(splits: readonly Split[], aim: Aim | null, theme: ChartTheme, size: Size): ChartOption {
  const em = theme.fontSize;
  const values = splits.flatMap(({ ba, contrastive, ceiling }) => [
    ba,
    ba + contrastive,
    ...(ceiling === null ? [] : [ceiling]),
  ]);
  const reach = [...values, ...(aim === null ? [] : [aim.low, aim.high])];
  const [low, high] = [Math.min(0, ...reach), Math.max(0.1, ...reach)];
  const label = widest(
    splits.map((split) => split.label),
    em,
  );
  // In one column of a paper the sums alone have room.
  const whole = widest(splits.map(valueText), em);
  const text = label + whole < 0.62 * size.width ? valueText : sumText;
  const room = 1.1 * widest(splits.map(text), em) + 1.2 * em;
  const y: Axis = {
    title: '',
    range: [-0.5, splits.length - 0.5],
    ticks: splits.map(({ label }, index) => ({ at: index, label })),
  };
  const below = 1.8 * em;
  const plot = plotArea(size, theme, y, { right: room, below });
  const pad = 0.02 * (high - low);
  const range: Range = [low < 0 ? low - pad : 0, high + pad];
  const x: Axis = {
    title: `${quantityLabel('mi')}, nats`,
    range,
    ticks: linearTicks(range, tickRoom(plot.right - plot.left, theme, 4)),
  };
  return {
    ...baseOption(theme),
    grid: gridOf(plot, size),
    ...rowAxes(x, y, theme),
    tooltip: itemTooltip((series, index) => (series === 'bars' ? tip(splits[index]) : '')),
    series: [
      ...(aim === null ? [] : [aimMark(aim, plot, theme)]),
      bars(splits, theme),
      valuesMark(splits.map(text), plot, theme),
      keyMark(plot, size, theme),
    ],
  };
}

function tip(split: Split | undefined): string {
  if (split === undefined) return '';
  const row = (name: string, value: number | null): string =>
    value === null ? '' : `<tr><td>${name}</td><td class="value">${formatNumber(value)}</td></tr>`;
  const { bound, ba, contrastive, ceiling } = split;
  const log = ceiling === null ? null : ceiling - ba;
  return `<p>${escapeHtml(fullLabel(bound))}</p><table>${row('BA term', ba)}${row('contrastive', contrastive)}${row('log K', log)}<tr class="gap"><td>bound</td><td class="value">${formatNumber(ba + contrastive)}</td></tr></table>`;
}

function table(splits: readonly Split[], aim: Aim | null): DataTable {
  const named = namedIn(splits.map(({ bound }) => bound));
  const nats = (name: string, label: string) => ({ name, label, unit: 'nats', numeric: true });
  return {
    columns: [
      { name: 'estimator', label: 'estimator', numeric: false },
      ...nameColumnsOf(named),
      nats('ba_nats', 'BA term'),
      nats('contrastive_nats', 'contrastive'),
      nats('log_k_nats', 'log K'),
      nats('value_nats', 'bound'),
      ...(aim === null ? [] : [nats('short_nats', `short of ${aim.label}`)]),
    ],
    rows: splits.map(({ bound, ba, contrastive, ceiling }) => [
      textCell(estimatorLabel(bound.estimator)),
      ...nameCells(bound, named),
      numberCell(ba),
      numberCell(contrastive),
      numberCell(ceiling === null ? null : ceiling - ba),
      numberCell(ba + contrastive),
      ...(aim === null ? [] : [numberCell(aim.low - (ba + contrastive))]),
    ]),
  };
}

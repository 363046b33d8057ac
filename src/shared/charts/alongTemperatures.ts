import { decimalsFor, formatNumber } from '../format';
import type { Series } from '../result';
import { numberCell } from '../tables';
import { gridOf, plotArea, tickRoom, xAxis, yAxis, type Axis } from './axes';
import { baseOption } from './base';
import type { ChartOption, Figure, Range, Size, View } from './figure';
import { axisTooltip, zoom } from './interaction';
import { endLabelRoom, endLabels, type EndLabel } from './labels';
import { areaBetween, level } from './marks';
import { finite } from './sandwichData';
import { escapeHtml } from './text';
import type { ChartTheme } from './theme';
import { linearTicks, padded, within } from './ticks';

/** One quantity along the inverse temperatures, in one direction of the chains or in both. */
export interface Along {
  readonly label: string;
  readonly unit: string | null;
  readonly beta: readonly number[];
  readonly curves: readonly {
    readonly name: string;
    readonly direction: Direction;
    readonly values: readonly (number | null)[];
  }[];
}
type Direction = 'forward' | 'reverse' | null;

/**
 * The curves of a run, those of one quantity together: acceptance, step size, mean log ratio; chains from another base or to a critic's
 * energy have curves of their own.
 */
export function alongOf(series: readonly Series[]): Along[] {
  const groups = new Map<string, Series[]>();
  for (const one of series) {
    if (!one.x.label.startsWith('inverse temperature')) continue;
    const [, suffix = ''] = /(, (?:from|to) .*)$/.exec(one.name) ?? [];
    const label = `${one.y.label}${suffix}`;
    groups.set(label, [...(groups.get(label) ?? []), one]);
  }
  return [...groups].map(([label, members]) => ({
    label,
    unit: members[0]?.y.unit ?? null,
    beta: members[0]?.x.values ?? [],
    curves: members.map(({ name, y }) => ({ name, direction: directionOf(name), values: y.values })),
  }));
}

function directionOf(name: string): Direction {
  const [, direction] = /, (forward|reverse)(?:$|, )/.exec(name) ?? [];
  return direction === 'forward' || direction === 'reverse' ? direction : null;
}

/**
 * The area between the mean log ratios of reverse and forward chains, in nats: the gap between the bounds of single chains
 * (the trace of thermodynamic integration). Null where one direction is missing.
 */
export function areaOf({ beta, curves }: Along): number | null {
  const forward = curves.find(({ direction }) => direction === 'forward')?.values;
  const reverse = curves.find(({ direction }) => direction === 'reverse')?.values;
  if (forward === undefined || reverse === undefined) return null;
  const known = beta.flatMap((at, index) => {
    const [low, high] = [forward[index], reverse[index]];
    return typeof low === 'number' && typeof high === 'number' ? [{ at, difference: high - low }] : [];
  });
  if (known.length < 2) return null;
  return known.slice(1).reduce((total, { at, difference }, index) => {
    const before = known[index];
    return before === undefined ? total : total + ((difference + before.difference) / 2) * (at - before.at);
  }, 0);
}

/** A diagnostic of the chains against β. Forward chains have the colour of the lower bounds on log p(x) that they give. */
export function alongTemperatures(along: Along, target?: { readonly label: string; readonly value: number }): Figure {
  const drawable = along.curves.some(({ values }) => values.some((value) => finite(value).length > 0));
  return {
    name: along.label.replaceAll(/[^\p{L}\p{N}]+/gu, '-'),
    title: titleOf(along.label),
    description: describe(along),
    empty: drawable ? null : `This run has no ${along.label}.`,
    aspect: 0.72,
    zoomable: true,
    steps: drawable ? { series: along.curves[0]?.name ?? '', count: along.beta.length } : null,
    option: (theme, size, view) => option(along, target, theme, size, view),
    rows: () => ({
      columns: [
        { name: 'beta', label: 'β', numeric: true },
        ...along.curves.map(({ name }) => ({
          name: name.replaceAll(/\W+/g, '_'),
          label: name,
          numeric: true,
          ...(along.unit === null ? {} : { unit: along.unit }),
        })),
      ],
      rows: along.beta.map((at, index) => [
        numberCell(at, 4),
        ...along.curves.map(({ values }) => numberCell(values[index] ?? null, digits(values[index]))),
      ]),
    }),
  };
}

function option(
  along: Along,
  target: { label: string; value: number } | undefined,
  theme: ChartTheme,
  size: Size,
  view?: View,
): ChartOption {
  const { beta, curves, label, unit } = along;
  const values = curves.flatMap((curve) => curve.values.flatMap(finite));
  const xRange: Range = [0, 1];
  const yRange = rangeOf(label, [...values, ...(target === undefined ? [] : [target.value])]);
  const labels = labelsOf(along, target, yRange, theme);
  const em = theme.fontSize;
  const y: Axis = {
    title: axisTitle(label, unit),
    range: yRange,
    ticks: linearTicks(
      view === undefined ? yRange : within(yRange, view.y),
      tickRoom(size.height - 5.6 * em, theme, 3.2),
    ),
  };
  const plot = plotArea(size, theme, y, {
    right: endLabelRoom(
      labels.map(({ text }) => text),
      theme,
    ),
  });
  const x: Axis = {
    title: 'inverse temperature β',
    range: xRange,
    ticks: linearTicks(
      view === undefined ? xRange : within(xRange, view.x),
      tickRoom(plot.right - plot.left, theme, 3),
    ),
  };
  const of = (direction: Direction) => curves.find((curve) => curve.direction === direction)?.values;
  const [forward, reverse] = [of('forward'), of('reverse')];
  return {
    ...baseOption(theme),
    grid: gridOf(plot, size),
    xAxis: xAxis(x, theme),
    yAxis: yAxis(y, theme, 0, plot.left - em * 0.7),
    ...zoom(view),
    tooltip: axisTooltip(theme, (index) => tip(along, index)),
    series: [
      ...(isRatio(along) && forward !== undefined && reverse !== undefined
        ? [areaBetween({ id: 'gap', z: 1, fill: theme.gap }, beta, forward, reverse)]
        : []),
      ...(target === undefined
        ? []
        : [
            level(
              { id: 'target', z: 2, stroke: theme.axis, width: theme.hairline, dash: [4, 3] },
              target.value,
              xRange,
            ),
          ]),
      ...curves.map((curve) => ({
        id: curve.name,
        type: 'line' as const,
        z: 4,
        data: curve.values.map((value, index) => [beta[index] ?? 0, finite(value)[0] ?? '-']),
        showSymbol: beta.length < 2,
        symbol: 'circle',
        symbolSize: em * 0.4,
        lineStyle: {
          color: colourOf(curve.direction, theme),
          width: theme.line * 0.85,
          type: curve.direction === 'reverse' ? [4, 1.5] : ('solid' as const),
        },
        itemStyle: { color: colourOf(curve.direction, theme) },
        emphasis: { disabled: true },
        animation: false,
        clip: true,
      })),
      endLabels(labels, plot, theme),
    ],
  };
}

function labelsOf(
  along: Along,
  target: { label: string; value: number } | undefined,
  range: Range,
  theme: ChartTheme,
): EndLabel[] {
  const ends = along.curves.flatMap(({ values, direction, name }): EndLabel[] => {
    const end = values.findLastIndex((value) => finite(value).length > 0);
    const [y] = finite(values[end]);
    if (y === undefined) return [];
    const colour = direction === 'reverse' ? theme.upperText : direction === 'forward' ? theme.lowerText : theme.ink;
    if (along.curves.length === 1 && direction === null) return [];
    return [{ text: direction ?? name, x: along.beta[end] ?? 1, y, colour, leader: colourOf(direction, theme) }];
  });
  const area = isRatio(along) ? areaOf(along) : null;
  return [
    ...ends,
    ...(area === null
      ? []
      : [
          {
            text: `area ${shown(area)} nats`,
            x: 1,
            y: ends.reduce((sum, { y }) => sum + y, 0) / Math.max(1, ends.length),
            colour: theme.ink,
            bold: true,
            leader: null,
          },
        ]),
    ...(target === undefined || target.value < range[0] || target.value > range[1]
      ? []
      : [{ text: target.label, x: 1, y: target.value, colour: theme.quiet, leader: null }]),
  ];
}

/** Shares go from nothing to all; near β = 0 a log ratio can be so low that it would hide the rest. */
function rangeOf(label: string, values: readonly number[]): Range {
  if (label.startsWith('acceptance')) return [0, 1];
  if (values.length === 0) return [0, 1];
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(0.1), at(0.9)];
  const reach = 4 * Math.max(high - low, 1e-9);
  const kept = sorted.filter((value) => value >= low - reach && value <= high + reach);
  const [bottom, top] = padded(kept, 0.06, Math.max(1e-6, Math.abs(high) * 0.02));
  return (kept[0] ?? 0) >= 0 && bottom < (top - bottom) * 0.5 ? [0, top] : [bottom, top];
}

function tip(along: Along, index: number): string {
  const rows = along.curves.map(
    ({ name, direction, values }) =>
      `<tr class="${direction === 'forward' ? 'lower' : direction === 'reverse' ? 'upper' : ''}"><td>${escapeHtml(direction ?? name)}</td><td class="value">${shown(values[index])}</td><td>${along.unit ?? ''}</td></tr>`,
  );
  return `<p>${escapeHtml(along.label)} at β = ${formatNumber(along.beta[index], 4)}</p><table>${rows.join('')}</table>`;
}

/** Three significant digits, as diagnostics are read. */
function digits(value: number | null | undefined): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 0;
  return Math.min(6, Math.max(0, decimalsFor(Math.abs(value) / 10)));
}

function shown(value: number | null | undefined): string {
  return formatNumber(value, digits(value));
}

function isRatio({ label }: Along): boolean {
  return label.startsWith('mean log ratio');
}

function colourOf(direction: Direction, theme: ChartTheme): string {
  return direction === 'forward' ? theme.lower : direction === 'reverse' ? theme.upper : theme.ink;
}

function describe(along: Along): string {
  const parts = along.curves.map(({ name, values }) => {
    const known = values.flatMap(finite);
    return known.length === 0
      ? `${name}: none`
      : `${name}: from ${shown(Math.min(...known))} to ${shown(Math.max(...known))}`;
  });
  return `${capitalised(along.label)} along the inverse temperatures. ${parts.join('. ')}.`;
}

/** The axis says what is measured; of which chains stands above it. */
function axisTitle(label: string, unit: string | null): string {
  const what = label.replace(/, (?:from|to) .*$/, '');
  return unit === null ? what : `${what}, ${unit}`;
}

/** "Acceptance against inverse temperature, from q" */
function titleOf(label: string): string {
  const [, what = label, suffix = ''] = /^(.*?)(, (?:from|to) .*)?$/.exec(label) ?? [];
  return `${capitalised(what)} against inverse temperature${suffix}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

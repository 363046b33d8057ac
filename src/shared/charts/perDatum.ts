import { boundLabels, slugOf } from '../boundNames';
import { formatCount, formatNumber } from '../format';
import type { PerDatum } from '../result';
import { numberCell, type DataTable } from '../tables';
import { gridOf, tickRoom, xAxis, yAxis, type Axis, type Plot } from './axes';
import { baseOption } from './base';
import type { ChartOption, Figure, Range, Size, View } from './figure';
import { axisTooltip } from './interaction';
import { level, whiskers } from './marks';
import { brackets } from './brackets';
import { perDatumSide } from './perDatumSide';
import { finite, gapDecimals } from './sandwichData';
import { escapeHtml, widest } from './text';
import type { ChartTheme } from './theme';
import { linearTicks, padded, within, type Tick } from './ticks';

/** More brackets than this are too many for a page; every so many ranks are then left out, the table has them all. */
const mostDrawn = 1000;

export interface DatumBracket {
  /** Counted from 1, in the order of the data. */
  readonly datum: number;
  readonly lower: number;
  readonly upper: number;
}

interface PerDatumData {
  /** Widest gap last. */
  readonly sorted: readonly DatumBracket[];
  readonly lower: Named;
  readonly upper: Named;
}

type DatumBounds = PerDatum['bounds'][number];

/** A bound with what it is called among those of the run. */
interface Named {
  readonly bound: DatumBounds;
  readonly label: string;
}

/** Bounds on log p(x) of each datum by the tightest estimator of each side; null where one side is missing. */
export function perDatumData(perDatum: PerDatum): PerDatumData | null {
  const best = (side: 'lower' | 'upper') =>
    perDatum.bounds
      .filter((candidate) => candidate.side === side)
      .map((bound) => ({ bound, values: bound.values, mean: meanOf(bound.values) }))
      .sort((a, b) => (side === 'lower' ? b.mean - a.mean : a.mean - b.mean))[0];
  const [lower, upper] = [best('lower'), best('upper')];
  if (lower === undefined || upper === undefined) return null;
  const sorted = lower.values
    .flatMap((low, index): DatumBracket[] => {
      const high = upper.values[index];
      return finite(low).length === 0 || finite(high).length === 0
        ? []
        : [{ datum: index + 1, lower: low as number, upper: high as number }];
    })
    .sort((a, b) => a.upper - a.lower - (b.upper - b.lower));
  const label = boundLabels(perDatum.bounds);
  const named = (bound: DatumBounds): Named => ({ bound, label: label(bound) });
  return { sorted, lower: named(lower.bound), upper: named(upper.bound) };
}

function meanOf(values: readonly (number | null)[]): number {
  const known = values.flatMap(finite);
  return known.reduce((total, value) => total + value, 0) / known.length;
}

/** The bounds of each datum as thin brackets, sorted by their gap, and below them the gaps; of one side alone as lines. */
export function perDatum(given: PerDatum): Figure {
  const data = perDatumData(given);
  if (data === null && given.bounds.length > 0) return perDatumSide(given);
  const count = data?.sorted.length ?? 0;
  const names = data === null ? '' : ` Lower: ${data.lower.label}; upper: ${data.upper.label}.`;
  const [narrowest, widestOne] = [data?.sorted[0], data?.sorted.at(-1)];
  const gaps =
    narrowest === undefined || widestOne === undefined
      ? ''
      : ` Gaps from ${gapText(narrowest)} to ${gapText(widestOne)} nats.`;
  return {
    name: 'per-datum',
    title: 'Bounds on log p(x) of each datum',
    description: `Bounds on log p(x) of ${formatCount(count)} data, sorted by gap.${gaps}${names}`,
    empty: count === 0 ? 'No datum has finite bounds.' : null,
    aspect: 0.8,
    zoomable: true,
    steps: count === 0 ? null : { series: 'gaps', count: Math.min(count, mostDrawn) },
    option: (theme, size, view) => option(data, theme, size, view),
    rows: () => table(given, data),
  };
}

function option(data: PerDatumData | null, theme: ChartTheme, size: Size, view?: View): ChartOption {
  const all = data?.sorted ?? [];
  const stride = Math.max(1, Math.ceil(all.length / mostDrawn));
  const drawn = all
    .map((bracket, index) => ({ ...bracket, rank: index + 1 }))
    .filter((_, index) => index % stride === 0);
  const em = theme.fontSize;
  const xRange: Range = [0, Math.max(1, all.length) + 1];
  const values = drawn.flatMap(({ lower, upper }) => [lower, upper]);
  const valueRange = values.length === 0 ? ([0, 1] as const) : padded(values, 0.06, 1e-3);
  const gaps = drawn.map(({ lower, upper }) => upper - lower);
  const [, topGap] = padded([0, ...gaps], 0.08, 1e-6);
  const gapRange: Range = [Math.min(0, ...gaps) * 1.1, topGap];
  const split = Math.round((size.height - 3.5 * em) * 0.66);
  const valueTicks = linearTicks(valueRange, tickRoom(split - 2.1 * em, theme, 3));
  const gapTicks = linearTicks(gapRange, tickRoom(size.height - split - 7 * em, theme, 2.6));
  const left = Math.ceil(
    widest(
      [...valueTicks, ...gapTicks].map(({ label }) => label),
      em,
    ) +
      0.9 * em,
  );
  const upperPlot: Plot = { left, right: size.width - Math.ceil(1.2 * em), top: 2.1 * em, bottom: split };
  const lowerPlot: Plot = { ...upperPlot, top: split + 2.6 * em, bottom: size.height - 3.5 * em };
  const shownX = view === undefined ? xRange : within(xRange, view.x);
  const whole = (tick: Tick): Tick => ({ ...tick, label: formatCount(tick.at) });
  const xTicks = linearTicks(shownX, tickRoom(upperPlot.right - left, theme, 4))
    .filter(({ at }) => at > 0 && at <= all.length && Number.isInteger(at))
    .map(whole);
  const x: Axis = { title: 'data, sorted by gap', range: xRange, ticks: xTicks };
  const labelRoom = left - em * 0.7;
  const thin = Math.max(0.5, Math.min(theme.line, ((upperPlot.right - left) / Math.max(1, drawn.length)) * 0.5));
  const hidden = { ...xAxis({ ...x, title: '' }, theme, 0), axisLabel: { show: false }, axisTick: { show: false } };
  return {
    ...baseOption(theme),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [gridOf(upperPlot, size), gridOf(lowerPlot, size)],
    xAxis: [hidden, xAxis(x, theme, 1)],
    yAxis: [
      yAxis({ title: 'log p(x), nats', range: valueRange, ticks: valueTicks }, theme, 0, labelRoom),
      yAxis({ title: 'gap, nats', range: gapRange, ticks: gapTicks }, theme, 1, labelRoom),
    ],
    dataZoom: [
      {
        id: 'zoom-x',
        type: 'inside',
        xAxisIndex: [0, 1],
        filterMode: 'none',
        zoomOnMouseWheel: 'ctrl',
        moveOnMouseWheel: false,
        start: 100 * (view?.x[0] ?? 0),
        end: 100 * (view?.x[1] ?? 1),
      },
    ],
    tooltip: axisTooltip(theme, (index) => tip(data, drawn[index])),
    series: [
      brackets(
        'brackets',
        drawn.map(({ rank, lower, upper }) => ({ x: rank, lower, upper })),
        theme,
        thin,
        (upperPlot.right - left) / (xRange[1] - xRange[0]),
      ),
      whiskers(
        { id: 'stems', gridIndex: 1, width: thin, foot: 0 },
        drawn.map(({ rank, lower, upper }) => ({ x: rank, low: 0, high: upper - lower, stroke: theme.quiet })),
      ),
      ...(gapRange[0] < 0
        ? [level({ id: 'zero', gridIndex: 1, stroke: theme.axis, width: theme.hairline }, 0, xRange)]
        : []),
      ...[0, 1].map((index) => ({
        // Nothing to see: what the pointer finds.
        id: index === 0 ? 'middles' : 'gaps',
        type: 'line' as const,
        xAxisIndex: index,
        yAxisIndex: index,
        data: drawn.map(({ rank, lower, upper }) => [rank, index === 0 ? (lower + upper) / 2 : upper - lower]),
        symbol: 'none',
        lineStyle: { opacity: 0 },
        animation: false,
      })),
    ],
  };
}

function gapText({ lower, upper }: DatumBracket): string {
  return formatNumber(upper - lower, gapDecimals(upper - lower));
}

function boundDigits({ lower, upper }: DatumBracket): number {
  return Math.max(2, gapDecimals(upper - lower));
}

function tip(data: PerDatumData | null, bracket: (DatumBracket & { rank: number }) | undefined): string {
  if (data === null || bracket === undefined) return '';
  const row = (side: 'lower' | 'upper', relation: string): string =>
    `<tr class="${side}"><td>${escapeHtml(data[side].label)}</td><td>${relation}</td><td class="value">${formatNumber(bracket[side], boundDigits(bracket))}</td></tr>`;
  return `<p>datum ${formatCount(bracket.datum)}, log p(x) in nats</p><table>${row('upper', '≤')}${row('lower', '≥')}<tr class="gap"><td>gap</td><td></td><td class="value">${gapText(bracket)}</td></tr></table>`;
}

/** Every datum in the order of its gap, with the bounds of every estimator. */
function table(given: PerDatum, data: PerDatumData | null): DataTable {
  const closing: readonly (DatumBounds | undefined)[] = [data?.lower.bound, data?.upper.bound];
  const others = given.bounds.filter((bound) => !closing.includes(bound));
  const label = boundLabels(given.bounds);
  const column = (bound: DatumBounds) => ({
    name: `${slugOf(bound, label(bound))}_${bound.side}_nats`,
    label: `${label(bound)} ${bound.side}`,
    unit: 'nats',
    numeric: true,
  });
  return {
    columns: [
      { name: 'datum', label: 'datum', numeric: true },
      ...(data === null
        ? []
        : [
            column(data.lower.bound),
            column(data.upper.bound),
            { name: 'gap_nats', label: 'gap', unit: 'nats', numeric: true },
          ]),
      ...others.map(column),
    ],
    rows: (data?.sorted ?? []).map((bracket) => [
      numberCell(bracket.datum, 0),
      numberCell(bracket.lower, boundDigits(bracket)),
      numberCell(bracket.upper, boundDigits(bracket)),
      numberCell(bracket.upper - bracket.lower, gapDecimals(bracket.upper - bracket.lower)),
      ...others.map(({ values }) => numberCell(values[bracket.datum - 1] ?? null, boundDigits(bracket))),
    ]),
  };
}

import { pointsOnly } from '../base';
import { modesOf } from '../../coverageStandings';
import { modeName, shortNumber } from '../../coverageTexts';
import { formatCount } from '../../format';
import { numberCell, textCell, type DataTable } from '../../tables';
import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { ChartOption, Figure, Range, Size, View } from '../figure';
import { itemTooltip } from '../interaction';
import { textAt } from '../labels';
import { drawn, level } from '../marks';
import { escapeHtml } from '../text';
import type { ChartTheme } from '../theme';
import { logTicks, type Tick } from '../ticks';
import { ratioEnvelope, type Envelope } from './envelope';
import { gridFrame } from './grid';
import { mixed, short } from './looks';
import type { WeightBarsInput } from './weightBars';

interface Ranked {
  readonly mode: number;
  /** u_k / w_k */
  readonly ratio: number;
}

/** For many modes: how much of its weight each has, from the emptiest to the fullest, and where exact samples would lie. */
export function ratioRanks(input: WeightBarsInput): Figure {
  const { card, label } = input;
  const ranked = rankedOf(input);
  let kept: Envelope | undefined;
  const envelope = (): Envelope => (kept ??= ratioEnvelope(card.modes?.weights ?? [], card.samples));
  const empty = ranked.filter(({ ratio }) => ratio === 0).length;
  return {
    name: 'mode-ratios',
    title: 'Samples over true weight, by rank',
    description:
      ranked.length === 0
        ? ''
        : `${label}: ${formatCount(empty)} of ${formatCount(ranked.length)} modes have no sample; the fullest has ${shortNumber(ranked.at(-1)?.ratio ?? NaN)} times its weight. The band is where exact samples lie 90 % of the time.`,
    empty: card.modes === undefined ? 'The true weights of the modes are not known.' : null,
    aspect: 0.62,
    heightAt: (width) => 0.56 * width,
    zoomable: false,
    steps: ranked.length === 0 ? null : { series: 'ranks', count: stepsOf(ranked).length },
    option: (theme, size, view) => (ranked.length === 0 ? {} : option(ranked, envelope(), input, theme, size, view)),
    rows: () => table(ranked, envelope(), input),
  };
}

function rankedOf({ card: { modes } }: WeightBarsInput): Ranked[] {
  return (modes?.weights ?? [])
    .map((weight, mode) => ({ mode, ratio: (modes?.raw[mode] ?? 0) / weight }))
    .filter(({ ratio }) => Number.isFinite(ratio))
    .sort((a, b) => a.ratio - b.ratio);
}

function option(
  ranked: readonly Ranked[],
  envelope: Envelope,
  { card, signs, highlight }: WeightBarsInput,
  theme: ChartTheme,
  size: Size,
  view: View | undefined,
): ChartOption {
  const em = theme.fontSize;
  const ratios = [...ranked.map(({ ratio }) => ratio), ...envelope.low, ...envelope.high].filter((ratio) => ratio > 0);
  const least = Math.log10(Math.min(...ratios, 0.5));
  const most = Math.log10(Math.max(...ratios, 2));
  // Modes without a sample stand below everything else: their logarithm does not.
  const none = least - 0.12 * (most - least);
  const at = (ratio: number): number => (ratio > 0 ? Math.log10(ratio) : none);
  const range: Range = [none - 0.06 * (most - least), most + 0.05 * (most - least)];
  const hasNone = ranked[0]?.ratio === 0 || envelope.low[0] === 0;
  const ticks = (_range: Range, count: number): Tick[] => [
    ...(hasNone ? [{ at: none, label: '0' }] : []),
    ...logTicks([least, most], count),
  ];
  const made = gridFrame(
    {
      x: { title: 'modes, from the emptiest', range: [0.5, ranked.length + 0.5] },
      y: { title: 'samples / true weight', range, ticks },
      lines: true,
    },
    theme,
    size,
    view,
  );
  const missed = new Set(modesOf(card, 'missed'));
  const points = (id: string, colour: string, wanted: (one: Ranked) => boolean) => {
    const side = em * (ranked.length > 300 ? 0.24 : 0.34);
    return drawn({ id, z: 4 }, (api) => ({
      type: 'path',
      shape: {
        pathData: ranked
          .map((one, rank) => {
            if (!wanted(one)) return '';
            const [x = 0, y = 0] = api.coord([rank + 1, at(one.ratio)]);
            return `M${short(x - side / 2)} ${short(y - side / 2)}h${short(side)}v${short(side)}h${short(-side)}z`;
          })
          .join(''),
      },
      style: { fill: colour },
    }));
  };
  const chosen = ranked.findIndex(({ mode }) => mode === highlight);
  return {
    ...made.option,
    dataZoom: [],
    tooltip: itemTooltip((_series, index) => tip(ranked[stepsOf(ranked)[index] ?? 0], envelope, ranked, card, signs)),
    series: [
      band(envelope, at, theme),
      level({ id: 'even', stroke: theme.truth, width: theme.hairline, z: 2 }, 0, [0.5, ranked.length + 0.5]),
      points('found', theme.runs[5] ?? theme.ink, ({ mode }) => !missed.has(mode)),
      points('missed', theme.danger, ({ mode }) => missed.has(mode)),
      steps(ranked, at, theme),
      drawn({ id: 'words', z: 6 }, (api) => {
        const [x = 0, y = 0] = api.coord([ranked.length * 0.5, none]);
        const lost = ranked.filter(({ ratio }) => ratio === 0).length;
        const [cx = 0, cy = 0] = chosen < 0 ? [0, 0] : api.coord([chosen + 1, at(ranked[chosen]?.ratio ?? 0)]);
        return {
          type: 'group',
          children: [
            ...(lost === 0
              ? []
              : [textAt(`${formatCount(lost)} without a sample`, x, y - 1.1 * em, theme.quiet, theme)]),
            ...(chosen < 0
              ? []
              : [
                  {
                    type: 'circle' as const,
                    shape: { cx, cy, r: em * 0.6 },
                    style: { fill: 'none', stroke: theme.ink, lineWidth: theme.line },
                  },
                ]),
          ],
        };
      }),
    ],
  };
}

/** Where exact samples lie. It has an edge of its own, for ratios of few counts are often the same in nearly all repeats. */
function band({ low, high }: Envelope, at: (ratio: number) => number, theme: ChartTheme): CustomSeriesOption {
  const colour = mixed(theme.behind, theme.ink, theme.bandOpacity);
  return drawn({ id: 'envelope', z: 1 }, (api) => ({
    type: 'polygon',
    shape: {
      points: [
        ...low.map((ratio, rank) => api.coord([rank + 1, at(ratio)])),
        ...high.map((ratio, rank) => api.coord([rank + 1, at(ratio)])).reverse(),
      ],
    },
    style: { fill: colour, stroke: colour, lineWidth: theme.fontSize * 0.25 },
  }));
}

/** At most two hundred of them can be pointed at. */
function stepsOf(ranked: readonly Ranked[]): number[] {
  const stride = Math.max(1, Math.ceil(ranked.length / 200));
  return ranked.map((_, rank) => rank).filter((rank) => rank % stride === 0);
}

function steps(ranked: readonly Ranked[], at: (ratio: number) => number, theme: ChartTheme): LineSeriesOption {
  return {
    id: 'ranks',
    ...pointsOnly,
    data: stepsOf(ranked).map((rank) => ({
      value: [rank + 1, at(ranked[rank]?.ratio ?? 0)],
      symbol: 'circle',
      symbolSize: theme.name === 'paper' ? 0 : theme.fontSize,
      itemStyle: { color: 'transparent', borderWidth: 0 },
    })),
  };
}

function tip(
  one: Ranked | undefined,
  envelope: Envelope,
  ranked: readonly Ranked[],
  card: WeightBarsInput['card'],
  signs: readonly string[] | undefined,
): string {
  if (one === undefined) return '';
  const rank = ranked.indexOf(one);
  const row = (name: string, text: string): string => `<tr><td>${name}</td><td class="value">${text}</td></tr>`;
  return [
    `<p>${escapeHtml(modeName(card, one.mode, signs))}</p><table>`,
    row('rank', formatCount(rank + 1)),
    row('samples / true weight', shortNumber(one.ratio)),
    row(
      'exact samples, 90 %',
      `${shortNumber(envelope.low[rank] ?? NaN)} to ${shortNumber(envelope.high[rank] ?? NaN)}`,
    ),
    '</table>',
  ].join('');
}

function table(ranked: readonly Ranked[], envelope: Envelope, { card, signs }: WeightBarsInput): DataTable {
  return {
    columns: [
      { name: 'rank', label: 'rank', numeric: true },
      { name: 'mode', label: 'mode', numeric: true },
      { name: 'name', label: 'name', numeric: false },
      { name: 'ratio', label: 'samples / true weight', numeric: true },
      { name: 'exact_05', label: 'exact, 5 %', numeric: true },
      { name: 'exact_95', label: 'exact, 95 %', numeric: true },
    ],
    rows: ranked.map(({ mode, ratio }, rank) => [
      numberCell(rank + 1, 0),
      numberCell(mode, 0),
      textCell(modeName(card, mode, signs)),
      numberCell(ratio, 3),
      numberCell(envelope.low[rank] ?? null, 3),
      numberCell(envelope.high[rank] ?? null, 3),
    ]),
  };
}

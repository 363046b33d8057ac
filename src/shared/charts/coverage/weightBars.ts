import type { CoverageCard } from '../../coverage';
import { modesOf, standingLabels, standingsOf } from '../../coverageStandings';
import { modeName, shortNumber } from '../../coverageTexts';
import { formatCount, formatPlural } from '../../format';
import { numberCell, textCell, type DataTable } from '../../tables';
import type { ChartOption, Figure, Range, Size } from '../figure';
import { itemTooltip } from '../interaction';
import { escapeHtml, shortened, widest } from '../text';
import type { ChartTheme } from '../theme';
import { linearTicks, type Tick } from '../ticks';
import { gridFrame } from './grid';
import { barLegend, barLegendHeight, barLegendOf } from './barLegend';
import { bars, targets } from './weightBarMarks';

export interface WeightBarsInput {
  readonly card: CoverageCard;
  /** "Annealing flow" */
  readonly label: string;
  readonly signs?: readonly string[] | undefined;
  readonly highlight?: number | null | undefined;
}

/** More bars are no picture: {@link ratioRanks} and {@link ratioMap} show them. */
export const mostBars = 64;
/** Up to so many lie on their side, with room for names. */
const mostLying = 24;

type Modes = NonNullable<CoverageCard['modes']>;

/** A group of bars for each mode: what it should weigh as an outline, what samples say filled, what they say reweighted hatched. */
export function weightBars(input: WeightBarsInput): Figure {
  const { card } = input;
  const modes = card.modes;
  const count = modes?.weights.length ?? 0;
  const classes = card.situation === 'generator';
  return {
    name: 'mode-weights',
    title: classes ? 'Shares of classes' : 'Mode weights',
    description: modes === undefined ? '' : wordsOf(input, modes),
    empty: emptyOf(card, count),
    aspect: 0.9,
    heightAt: (width, theme) => heightOf(input, count, width, theme),
    zoomable: false,
    steps: { series: 'bars', count },
    option: (theme, size) => (modes === undefined ? {} : option(input, modes, theme, size)),
    rows: () => table(input, modes),
  };
}

function emptyOf({ modes, metrics }: CoverageCard, count: number): string | null {
  if (modes === undefined)
    return metrics['weightTotalVariation']?.reason ?? 'The true weights of the modes are not known.';
  return count > mostBars ? `${formatCount(count)} modes are too many for bars.` : null;
}

function heightOf(input: WeightBarsInput, count: number, width: number, theme: ChartTheme): number {
  const em = theme.fontSize;
  const legend = barLegendHeight(barLegendOf(input.card, theme), width, theme);
  if (count > mostLying) return Math.max(20 * em, 0.5 * width) + legend;
  const row = input.card.modes?.reweighted === undefined ? 2 : 2.6;
  return Math.max(12, Math.min(row * count, 44) + 5.6) * em + legend;
}

function option(input: WeightBarsInput, modes: Modes, theme: ChartTheme, size: Size): ChartOption {
  const { card, signs } = input;
  const count = modes.weights.length;
  const lying = count <= mostLying;
  const names = modes.weights.map((_, mode) => shortened(modeName(card, mode, signs), 14));
  const entries = barLegendOf(card, theme);
  const below = barLegendHeight(entries, size.width, theme);
  const along: Range = [0, count];
  const at = (mode: number): number => (lying ? count - mode - 0.5 : mode + 0.5);
  const ticks = (_range: Range, most: number): Tick[] => {
    const fitting = lying ? count : Math.min(most * 1.6, (size.width * 0.9) / (widest(names, theme.fontSize) + 6));
    const stride = Math.max(1, Math.ceil(count / fitting));
    return names.map((label, mode) => ({ at: at(mode), label })).filter((_, mode) => mode % stride === 0);
  };
  const values = {
    title: card.situation === 'generator' ? 'share of items' : 'share of samples',
    range: [0, topOf(modes)] as const,
    ticks: linearTicks,
  };
  const across = { title: card.situation === 'generator' ? 'class' : 'mode', range: along, ticks };
  const made = gridFrame(
    { x: lying ? values : across, y: lying ? across : values, right: lying ? 4.4 * theme.fontSize : 0 },
    theme,
    { width: size.width, height: size.height - below },
  );
  const grid = made.option.grid;
  return {
    ...made.option,
    dataZoom: [],
    grid: { ...(Array.isArray(grid) ? grid[0] : grid), bottom: size.height - made.plot.bottom },
    tooltip: itemTooltip((_series, index) => tip(input, modes, index)),
    series: [
      ...bars(input, modes, theme, { lying, at }),
      targets(modes, theme, { lying, at }),
      barLegend(entries, size, theme),
    ],
  };
}

/** The longest that must be in sight: whiskers of a mode that has everything may be cut. */
function topOf({ weights, raw, high, reweighted = [] }: Modes): number {
  return 1.05 * Math.max(1e-9, ...weights, ...raw, ...reweighted, ...high.map((value) => Math.min(1, value)));
}

function tip({ card, signs }: WeightBarsInput, modes: Modes, mode: number): string {
  const row = (name: string, text: string): string => `<tr><td>${name}</td><td class="value">${text}</td></tr>`;
  const own = modes.reweighted?.[mode];
  return [
    `<p>${escapeHtml(modeName(card, mode, signs))}</p><table>`,
    row('true weight', shortNumber(modes.weights[mode] ?? NaN)),
    row('samples', shortNumber(modes.raw[mode] ?? NaN)),
    row('95 %', `${shortNumber(modes.low[mode] ?? NaN)} to ${shortNumber(modes.high[mode] ?? NaN)}`),
    own === undefined ? '' : row('reweighted', shortNumber(own)),
    '</table>',
  ].join('');
}

function wordsOf({ card, label, signs }: WeightBarsInput, { weights, raw }: Modes): string {
  const missed = modesOf(card, 'missed').map((mode) => modeName(card, mode, signs));
  const worst = weights
    .map((weight, mode) => ({ mode, weight, off: Math.abs((raw[mode] ?? 0) - weight) }))
    .sort((a, b) => b.off - a.off)[0];
  const found = worst === undefined ? undefined : modeName(card, worst.mode, signs);
  return [
    `${label}: ${formatPlural(weights.length, 'mode', 'modes')}.`,
    worst === undefined
      ? ''
      : `Furthest off is ${found}: ${shortNumber(raw[worst.mode] ?? NaN)} for ${shortNumber(worst.weight)}.`,
    missed.length === 0 ? 'None was certainly missed.' : `Missed: ${missed.slice(0, 8).join(', ')}.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function table({ card, signs }: WeightBarsInput, modes: Modes | undefined): DataTable {
  const standings = standingsOf(card);
  return {
    columns: [
      { name: 'mode', label: 'mode', numeric: true },
      { name: 'name', label: 'name', numeric: false },
      { name: 'true_weight', label: 'true weight', numeric: true },
      { name: 'raw', label: 'samples', numeric: true },
      { name: 'wilson_low', label: '95 %, low', numeric: true },
      { name: 'wilson_high', label: '95 %, high', numeric: true },
      { name: 'reweighted', label: 'reweighted', numeric: true },
      { name: 'reweighted_se', label: 'its error', numeric: true },
      { name: 'ratio', label: 'samples / truth', numeric: true },
      { name: 'standing', label: 'standing', numeric: false },
    ],
    rows: (modes?.weights ?? []).map((weight, mode) => [
      numberCell(mode, 0),
      textCell(modeName(card, mode, signs)),
      numberCell(weight, 4),
      numberCell(modes?.raw[mode] ?? null, 4),
      numberCell(modes?.low[mode] ?? null, 4),
      numberCell(modes?.high[mode] ?? null, 4),
      numberCell(modes?.reweighted?.[mode] ?? null, 4),
      numberCell(modes?.reweightedErrors?.[mode] ?? null, 4),
      numberCell((modes?.raw[mode] ?? NaN) / weight, 3),
      textCell(standingLabels[standings.get(mode) ?? 'found']),
    ]),
  };
}

import { formatNumber } from '../format';
import { sideLabels } from '../labels';
import { sideColour, sideTextColour, type Look } from './encoding';
import type { Range } from './figure';
import type { EndLabel, LegendItem } from './labels';
import { boundDecimals, finite, gapAt, gapDecimalsAt, type SandwichData, type SandwichLine } from './sandwichData';
import type { ChartTheme } from './theme';

/** What is known beside the bounds. */
export interface Truths {
  readonly truth?: number | null;
  /** The closed form for these very data, which their bounds bracket far more closely. */
  readonly truthOfData?: number | null;
}

export function truthsOf({ truth, truthOfData }: Truths): { id: string; name: string; value: number; dash: boolean }[] {
  return [
    ...finite(truth).map((value) => ({ id: 'truth', name: 'truth', value, dash: false })),
    ...finite(truthOfData).map((value) => ({ id: 'truth-of-data', name: 'of these data', value, dash: true })),
  ];
}

/** What is said right of the lines: each bound with its side and digits, the gap, the truth. */
export function endLabelsOf(
  data: SandwichData,
  at: readonly number[],
  xRange: Range,
  truths: Truths,
  look: (line: SandwichLine) => Look,
  theme: ChartTheme,
  lines: readonly SandwichLine[],
): EndLabel[] {
  const last = data.points.length - 1;
  const gap = gapAt(data, last);
  const labels: EndLabel[] = lines.flatMap((line) => {
    const end = line.bounds.findLastIndex((bound) => finite(bound?.value).length > 0);
    const bound = line.bounds[end];
    if (bound?.value === null || bound?.value === undefined) return [];
    const shown = formatNumber(bound.value, boundDecimals(data, line, end));
    return {
      text: `${sideLabels[line.side].relation} ${shown} ${line.label}`,
      // Of one round the labels would be led across the whole plot.
      x: last === 0 ? xRange[1] : (at[end] ?? 0),
      y: bound.value,
      colour: sideTextColour(line.side, theme),
      leader: sideColour(line.side, theme, look(line).shade),
    };
  });
  const [low, high] = [data.lower[last] ?? null, data.upper[last] ?? null];
  if (gap !== null && low !== null && high !== null) {
    const text = `gap ${formatNumber(gap, gapDecimalsAt(data, last))} nats`;
    labels.push({ text, x: at[last] ?? 0, y: (low + high) / 2, colour: theme.ink, bold: true, leader: null });
  }
  const decimals = Math.max(2, Math.min(4, gap === null ? 2 : gapDecimalsAt(data, last)));
  for (const { name, value } of truthsOf(truths)) {
    const text = `${name} ${formatNumber(value, decimals)}`;
    labels.push({ text, x: xRange[1], y: value, colour: theme.ink, leader: theme.truth });
  }
  return labels;
}

export function legendItem(line: SandwichLine, { mark, shade }: Look, theme: ChartTheme): LegendItem {
  return {
    key: line.key,
    text: `${sideLabels[line.side].relation} ${line.label}`,
    colour: sideColour(line.side, theme, shade),
    textColour: theme.ink,
    mark,
    dash: line.side === 'estimate' ? [1, 2] : mark.dash,
  };
}

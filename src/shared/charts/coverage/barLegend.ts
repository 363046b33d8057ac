import type { CustomSeriesOption } from 'echarts/charts';
import type { CustomSeriesRenderItemReturn } from 'echarts';
import type { CoverageCard } from '../../coverage';
import { drawn } from '../marks';
import type { Size } from '../figure';
import { textAt } from '../labels';
import { textWidth } from '../text';
import type { ChartTheme } from '../theme';
import { hatching } from './looks';

type Element = NonNullable<CustomSeriesRenderItemReturn>;

/** A small box as the bars are, and what it is. */
export interface BarEntry {
  readonly text: string;
  readonly fill: string | null;
  readonly stroke: string | null;
  readonly hatched: boolean;
}

export function barLegendOf({ modes, situation }: CoverageCard, theme: ChartTheme): readonly BarEntry[] {
  const generated = situation === 'generator';
  return [
    { text: generated ? 'real items' : 'truth', fill: null, stroke: theme.truth, hatched: false },
    { text: generated ? 'generated' : 'samples', fill: theme.quiet, stroke: null, hatched: false },
    ...(modes?.reweighted === undefined
      ? []
      : [{ text: 'reweighted', fill: null, stroke: theme.quiet, hatched: true }]),
  ];
}

const lineHeight = 1.6;

function placesOf(entries: readonly BarEntry[], width: number, theme: ChartTheme): { x: number; line: number }[] {
  const em = theme.fontSize;
  let [x, line] = [0, 0];
  return entries.map(({ text }) => {
    const needed = 1.7 * em + textWidth(text, em);
    if (x > 0 && x + needed > width - em) [x, line] = [0, line + 1];
    const place = { x, line };
    x += needed + 1.4 * em;
    return place;
  });
}

export function barLegendHeight(entries: readonly BarEntry[], width: number, theme: ChartTheme): number {
  const lines = Math.max(0, ...placesOf(entries, width, theme).map(({ line }) => line + 1));
  return lines * lineHeight * theme.fontSize;
}

/** Below the chart, on screens and on paper alike: nothing there is to be switched off. */
export function barLegend(entries: readonly BarEntry[], size: Size, theme: ChartTheme): CustomSeriesOption {
  const em = theme.fontSize;
  const top = size.height - barLegendHeight(entries, size.width, theme);
  const places = placesOf(entries, size.width, theme);
  return drawn(
    { id: 'legend', z: 6 },
    () => ({
      type: 'group',
      children: entries.flatMap(({ text, fill, stroke, hatched }, index): Element[] => {
        const { x = 0, line = 0 } = places[index] ?? {};
        const [left, middle] = [0.4 * em + x, top + (line + 0.5) * lineHeight * em];
        const [width, height] = [1.15 * em, 0.8 * em];
        const box = { x: left, y: middle - height / 2, width, height };
        return [
          {
            type: 'rect',
            shape: box,
            style: {
              fill: fill ?? 'none',
              lineWidth: theme.hairline,
              ...(stroke === null ? { opacity: 0.75 } : { stroke }),
            },
          },
          ...(hatched
            ? [
                {
                  type: 'path' as const,
                  shape: { pathData: hatching(box.x, box.y, width, height, em * 0.36) },
                  style: { stroke: stroke ?? theme.quiet, fill: 'none', lineWidth: theme.hairline },
                },
              ]
            : []),
          textAt(text, left + 1.5 * em, middle, theme.ink, theme),
        ];
      }),
    }),
    false,
  );
}

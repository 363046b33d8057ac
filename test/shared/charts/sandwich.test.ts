import { describe, expect, it } from 'vitest';
import { darkTheme, lightTheme, paperTheme, sandwich, type ChartTheme } from '../../../src/shared/charts';
import { runFigure } from '../../../src/shared/charts/runFigure';
import { figureSvg } from '../../../src/shared/charts/svg';
import { cellText, csvTable } from '../../../src/shared/tables';
import { bound, closing, crowded } from '../../support/chartRuns';
import { sampleResult } from '../../support/sampleResult';
import { svgTexts } from '../../support/svgTexts';

const size = { width: 760, height: 420 };
const mi = { quantity: 'mi' } as const;

interface SeriesLike {
  readonly id: string;
  readonly type: string;
  readonly symbol?: string;
  readonly symbolOffset?: readonly number[];
  readonly lineStyle?: { readonly color: string; readonly type: unknown };
  readonly itemStyle?: { readonly color: string };
  readonly data: readonly unknown[];
}
function seriesOf(figure: ReturnType<typeof sandwich>, theme: ChartTheme = lightTheme): SeriesLike[] {
  return figure.option(theme, size).series as SeriesLike[];
}
const lines = (figure: ReturnType<typeof sandwich>, theme?: ChartTheme): SeriesLike[] =>
  seriesOf(figure, theme).filter(({ type }) => type === 'line');

describe('the sandwich', () => {
  const figure = sandwich({ points: closing, ...mi, truth: 24.9, gapCi95: 0.006 });

  it('is blue from below and orange from above, in every theme', () => {
    for (const theme of [lightTheme, darkTheme, paperTheme()]) {
      const colours = new Map(lines(figure, theme).map(({ id, lineStyle }) => [id, lineStyle?.color]));
      expect(colours.get('mi|lower|cr-ais|||')).toBe(theme.lower);
      expect(colours.get('mi|upper|im-ais|||')).toBe(theme.upper);
    }
    expect(paperTheme()).toMatchObject({ lower: '#0072b2', upper: '#e69f00' });
  });

  it('tells estimators apart by marker or dash as well', () => {
    const looks = lines(
      sandwich({
        points: crowded.map((point) => ({
          ...point,
          bounds: ['im-ais', 'cr-ais', 'bdmc', 'ais', 'iwae', 's-infonce'].map((name) => bound(name, 'lower', 20)),
        })),
        ...mi,
      }),
    );
    const seen = new Set(looks.map(({ symbol, lineStyle }) => `${symbol} ${JSON.stringify(lineStyle?.type)}`));
    expect(seen.size).toBeGreaterThanOrEqual(5);
  });

  it('names its lines at their ends with side and digits, the gap with its own', () => {
    const texts = svgTexts(figureSvg(figure, { width: 85 }));
    expect(texts).toContain('gap 0.190 nats');
    expect(texts).toContain('≤ 24.920 IM-AIS');
    expect(texts).toContain('≥ 24.730 CR-AIS');
    expect(texts).toContain('truth 24.900');
    expect(texts).toContain('I(x; z), nats');
    expect(texts).toContain('temperatures T');
  });

  it('does not let a bound that is far away squeeze the others; it is named at the edge', () => {
    const { yAxis } = figure.option(lightTheme, size) as { yAxis: { min: number; max: number } };
    expect(yAxis.max).toBeLessThan(100);
    expect(svgTexts(figureSvg(figure, { width: 85 }))).toContain('↑ ≤ 403 IWAE');
  });

  it('can show the gap alone', () => {
    const { yAxis } = sandwich({ points: closing, ...mi, fit: 'gap' }).option(lightTheme, size) as {
      yAxis: { min: number; max: number };
    };
    expect(yAxis.min).toBeGreaterThan(15);
    expect(yAxis.max).toBeLessThan(32);
  });

  it('shows the same numbers on hover, in its table and in the CSV', () => {
    const table = figure.rows();
    const last = table.rows.slice(-5).map((row) => row.map(cellText));
    expect(last.map((row) => row.slice(2, 5))).toEqual([
      ['IWAE', 'upper', '403'],
      ['IM-AIS', 'upper', '24.920'],
      ['CR-AIS', 'lower', '24.730'],
      ['IWAE', 'lower', '6.91'],
      ['', 'gap', '0.190'],
    ]);
    const { tooltip } = figure.option(lightTheme, size) as { tooltip: { formatter: (given: unknown) => string } };
    const html = tooltip.formatter([{ dataIndex: 3 }]);
    for (const row of last) expect(html).toContain(`<td class="value">${row[4]}</td>`);
    expect(csvTable(table)).toContain('2000,70,IM-AIS,upper,24.92,2.04');
  });

  it('has no markup of its own in what the pointer shows', () => {
    const evil = sandwich({
      points: [{ temperatures: 8, seconds: 1, bounds: [bound('<img src=x>', 'lower', 1)] }],
      ...mi,
    });
    const { tooltip } = evil.option(lightTheme, size) as { tooltip: { formatter: (given: unknown) => string } };
    expect(tooltip.formatter([{ dataIndex: 0 }])).not.toContain('<img');
    expect(figureSvg(evil, { width: 85 })).not.toContain('<img');
  });

  it('is of time too', () => {
    const texts = svgTexts(figureSvg(sandwich({ points: closing, ...mi, x: 'time' }), { width: 175 }));
    expect(texts).toEqual(expect.arrayContaining(['computing time', '1 s', '10 s', '1 min']));
  });

  it('shows one round, its points side by side', () => {
    const single = sandwich({ points: closing.slice(3), ...mi });
    const offsets = lines(single).map(({ symbolOffset }) => symbolOffset?.[0]);
    expect(new Set(offsets).size).toBe(offsets.length);
    expect(svgTexts(figureSvg(single, { width: 85 }))).toContain('gap 0.19 nats');
    // Said of several rounds too: a chart that is drawn anew keeps what is not.
    for (const line of lines(figure)) expect(line.symbolOffset).toEqual([0, 0]);
  });

  it('leaves holes where a bound has no value, and says nothing where none has', () => {
    const holed = closing.map((point, round) => ({
      ...point,
      bounds: [bound('im-ais', 'upper', round === 1 ? null : 25), bound('cr-ais', 'lower', round === 3 ? null : 24)],
    }));
    const drawn = sandwich({ points: holed, ...mi });
    expect(figureSvg(drawn, { width: 85 })).not.toMatch(/NaN|Infinity|undefined/);
    expect(svgTexts(figureSvg(drawn, { width: 85 })).some((text) => text.startsWith('gap'))).toBe(false);
    const none = sandwich({ points: [{ temperatures: 8, seconds: 1, bounds: [bound('ais', 'lower', null)] }], ...mi });
    expect(figureSvg(none, { width: 85 })).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is empty without rounds, and says so', () => {
    const nothing = sandwich({ points: [], ...mi });
    expect(nothing.empty).toBe('No bounds yet.');
    expect(nothing.rows().rows).toEqual([]);
  });

  it('names twenty lines at their ends where there is room, and in a legend where there is none', () => {
    const many = sandwich({ points: crowded, ...mi });
    const wide = svgTexts(figureSvg(many, { width: 175 }));
    const narrow = svgTexts(figureSvg(many, { width: 85 }));
    for (let index = 0; index < 20; index += 1) {
      const relation = index % 2 === 0 ? '≤' : '≥';
      expect(wide.some((text) => text.startsWith(relation) && text.endsWith(` method-${index}`))).toBe(true);
      expect(narrow).toContain(`${relation} method-${index}`);
    }
    expect(narrow.filter((text) => text.startsWith('gap'))).toHaveLength(1);
    const small = { width: 300, height: 220 };
    const hasLegend = (theme: ChartTheme): boolean =>
      (many.option(theme, small).series as SeriesLike[]).some(({ id }) => id === 'legend');
    expect([paperTheme(), lightTheme].map(hasLegend)).toEqual([true, false]);
  });

  it('lets a page switch lines off, and keeps the gap of all of them', () => {
    const many = sandwich({ points: crowded, ...mi });
    const items = many.legend?.(lightTheme) ?? [];
    expect(items).toHaveLength(20);
    expect(figure.legend?.(lightTheme)).toEqual([]);
    const best = items.find(({ text }) => text === '≥ method-1');
    const fewer = many.without?.(new Set([best?.key ?? '']));
    expect(fewer?.legend?.(lightTheme)).toHaveLength(20);
    if (fewer === undefined) throw new Error('it cannot be switched off');
    expect(lines(fewer).map(({ id }) => id)).not.toContain(best?.key);
    const gaps = (one: typeof many): unknown[] =>
      one.rows().rows.filter(([, , , side]) => side?.kind === 'text' && side.text === 'gap');
    expect(gaps(fewer)).toEqual(gaps(many));
    expect(fewer.rows().rows).toHaveLength(many.rows().rows.length - crowded.length);
  });

  it('tells bounds of one estimator apart by name, marker and shade', () => {
    const named = (base: string, samples: number, value: number) => ({
      ...bound('iwae', 'lower', value),
      base,
      samples,
    });
    const points = closing.map((point) => ({
      ...point,
      bounds: [named('q', 100, 20), named('q', 1000, 22), named('prior', 1000, 15), bound('im-ais', 'upper', 25)],
    }));
    const drawn = sandwich({ points, ...mi });
    const texts = svgTexts(figureSvg(drawn, { width: 175 }));
    expect(texts).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^≥ 22\S* IWAE, q, K = 1,000$/),
        expect.stringMatching(/^≥ 15\S* IWAE, prior, K = 1,000$/),
      ]),
    );
    const looks = seriesOf(drawn)
      .filter(({ type }) => type === 'line')
      .map(({ symbol, itemStyle }) => `${symbol} ${itemStyle?.color}`);
    expect(new Set(looks).size).toBe(3);
    // Fewer samples are looser: they are in the table, and in the chart where they close the bracket.
    expect(texts.some((text) => text.includes('K = 100'))).toBe(false);
    expect(drawn.rows().rows).toHaveLength(points.length * 5);
    expect(drawn.rows().columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['estimator', 'base', 'samples', 'side']),
    );
  });

  it('names what lies outside at the edge, and not in the legend', () => {
    const far = crowded.map((point) => ({ ...point, bounds: [...point.bounds, bound('iwae', 'upper', 4000)] }));
    const texts = svgTexts(figureSvg(sandwich({ points: far, ...mi }), { width: 85 }));
    expect(texts.some((text) => /^↑ ≤ 4000\S* IWAE$/.test(text))).toBe(true);
    expect(texts).not.toContain('≤ IWAE');
  });

  it('says where every mark is, since one that replaces another keeps what is not said', () => {
    interface Mark {
      readonly type: string;
      readonly x?: number;
      readonly y?: number;
      readonly children?: readonly Mark[];
    }
    const api = { coord: ([x = 0, y = 0]: readonly number[]) => [x, y] };
    for (const series of figure.option(lightTheme, size).series as { type: string; renderItem?: unknown }[]) {
      if (series.type !== 'custom') continue;
      const mark = (series.renderItem as (params: unknown, given: unknown) => Mark)({}, api);
      for (const one of [mark, ...(mark.children ?? [])])
        expect([one.x, one.y]).toEqual([expect.any(Number), expect.any(Number)]);
    }
  });

  it('of a run takes its truth and its interval, and the bounds of its result where it kept no rounds', () => {
    const row = {
      ...({} as Parameters<typeof runFigure>[0]['row']),
      name: 'Glyphs',
      quantity: 'mi' as const,
      truth: 24.9,
      lower: null,
      upper: null,
      gapCi95: null,
    };
    const drawn = runFigure({ row, result: sampleResult(), points: [] });
    expect(drawn.title).toBe('Bounds on I(x; z), Glyphs');
    expect(drawn.description).toMatch(/^I\(x; z\) is between 24\.841 and 24\.856 nats/);
    expect(svgTexts(figureSvg(drawn, { width: 85 }))).toContain('2,000');
  });
});

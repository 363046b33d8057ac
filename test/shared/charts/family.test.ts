import { describe, expect, it } from 'vitest';
import {
  bySamples,
  decomposition,
  ibal,
  lightTheme,
  paperTheme,
  tightness,
  training,
  trainingsOf,
  type Figure,
} from '../../../src/shared/charts';
import { figureSvg } from '../../../src/shared/charts/svg';
import type { Bound } from '../../../src/shared/result';
import type { RunPoint } from '../../../src/shared/runRecord';
import { cellText } from '../../../src/shared/tables';
import { familyCurves, familyPoints, familyResult } from '../../support/fake/family';
import { svgTexts } from '../../support/svgTexts';

const points = familyPoints();
const { bounds, series } = familyResult({ id: 'family', device: 'cpu', seconds: 1 });
const truth = 23.23;
const mi = { quantity: 'mi', truth } as const;
const size = { width: 760, height: 420 };

interface Line {
  readonly id: string;
  readonly type: string;
  readonly xAxisIndex: number;
  readonly data: readonly (readonly [number, number | '-'])[];
  readonly lineStyle: { readonly color: string };
}
function linesOf(figure: Figure): Line[] {
  return (figure.option(lightTheme, size).series as Line[]).filter(({ type }) => type === 'line');
}
/** The values of a column of a figure's table. */
function column(figure: Figure, name: string): string[] {
  const { columns, rows } = figure.rows();
  const at = columns.findIndex((one) => one.name === name);
  return rows.map((cells) => cellText(cells[at] ?? { kind: 'text', text: '' }));
}

describe('bounds by the number of chains', () => {
  const figure = bySamples({ points, ...mi });

  it('stand side by side on one scale, a panel for each K', () => {
    const { yAxis, grid } = figure.option(lightTheme, size) as {
      yAxis: { min: number; max: number }[];
      grid: unknown[];
    };
    expect(grid).toHaveLength(3);
    expect(new Set(yAxis.map(({ min, max }) => `${min} ${max}`)).size).toBe(1);
    expect(svgTexts(figureSvg(figure, { width: 175 }))).toEqual(
      expect.arrayContaining(['K = 1', 'K = 10', 'K = 100', 'temperatures T']),
    );
  });

  it('are those of annealed chains on I(x; z), and of no critic', () => {
    expect(new Set(column(figure, 'estimator'))).toEqual(new Set(['AIS', 'IM-AIS', 'CR-AIS']));
    expect(figure.rows().rows).toHaveLength(5 * 2 * 3 * 5);
    const [first] = linesOf(figure);
    expect(first?.data.map(([x]) => x)).toEqual([0, 1, 2, 3, 4]);
  });

  it('have one legend, which switches a line off in every panel', () => {
    const items = figure.legend?.(lightTheme) ?? [];
    expect(items.map(({ text }) => text)).toContain('≤ IM-AIS, q');
    const fewer = figure.without?.(new Set([items[0]?.key ?? '']));
    expect(linesOf(figure).length - linesOf(fewer as Figure).length).toBe(3);
    expect(svgTexts(figureSvg(figure, { width: 85 })).filter((text) => text === '≤ IM-AIS, q')).toHaveLength(1);
  });

  it('need chains', () => {
    expect(bySamples({ points: [], ...mi }).empty).toMatch(/No bounds of annealed chains/);
  });
});

describe('IBAL of critics', () => {
  const figure = ibal({ points, truth });

  it('has both ends of each beside I(x; z), and never says that its upper end bounds I(x; z)', () => {
    const texts = svgTexts(figureSvg(figure, { width: 175 }));
    expect(texts).toEqual(
      expect.arrayContaining([
        '≤ AIS on I(x; z)',
        '≥ AIS on I(x; z)',
        'IBAL of energy, upper end',
        'IBAL of nce, lower end',
      ]),
    );
    expect(texts.filter((text) => /≤.*IBAL|IBAL.*≤/.test(text))).toEqual([]);
    expect(figure.description).toMatch(/its upper end bounds IBAL alone\.$/);
  });

  it('draws the ends in hues that say no side', () => {
    const colours = linesOf(figure).flatMap(({ id, lineStyle }) => (id.includes('ibal') ? [lineStyle.color] : []));
    expect(colours).toHaveLength(6);
    for (const colour of [lightTheme.lower, lightTheme.upper, ...lightTheme.lowerShades, ...lightTheme.upperShades])
      expect(colours).not.toContain(colour);
  });

  it('keeps a high upper end out of the bracket of I(x; z)', () => {
    // The upper end of a critic that happens to lie between the bounds of AIS would close a bracket that it knows nothing of.
    const low = points.map((point) => ({
      ...point,
      bounds: point.bounds.map((one) => (one.quantity === 'ibal' && one.side === 'upper' ? { ...one, value: 5 } : one)),
    }));
    const upper = (figure_: Figure) => linesOf(figure_).find(({ id }) => id.endsWith('mi|upper'))?.data;
    expect(upper(ibal({ points: low, truth }))).toEqual(upper(figure));
  });

  it('is empty without a critic', () => {
    expect(ibal({ points: [] }).empty).toMatch(/No critic/);
  });
});

describe('bounds against the time they took', () => {
  const figure = tightness({ points, ...mi });

  it('go over K for samples and over T for chains, with the time of each', () => {
    const iwae = linesOf(figure).find(({ id }) => id.endsWith('lower|iwae|q||'));
    expect(iwae?.data.map(([x, y]) => [10 ** x, y])).toEqual([
      [expect.closeTo(0.03, 6), expect.closeTo(23.14, 6)],
      [expect.closeTo(0.3, 6), expect.closeTo(23.19, 6)],
    ]);
    const labels = (figure.legend?.(lightTheme) ?? []).map(({ text }) => text);
    expect(labels).toEqual(expect.arrayContaining(['≥ IWAE, q over K', '≤ IM-AIS, q over T']));
  });

  it('takes all chains, not those picked out of them, and nothing that has one time only', () => {
    const rows = column(figure, 'estimator').map((name, index) => [name, column(figure, 'samples')[index]] as const);
    expect(new Set(rows.filter(([name]) => name === 'IM-AIS').map(([, samples]) => samples))).toEqual(new Set(['100']));
    expect((figure.legend?.(lightTheme) ?? []).some(({ text }) => /\bBA\b/.test(text))).toBe(false);
    const once = points.slice(-1).map((point) => ({
      ...point,
      bounds: point.bounds.filter(({ samples }) => samples !== 100),
    }));
    expect(tightness({ points: once, ...mi }).empty).toMatch(/"iwae.samples".*"ais.ladder"/);
  });

  it('shows where most lines end, and not what saturates', () => {
    const { yAxis } = figure.option(lightTheme, size) as { yAxis: { min: number; max: number }[] };
    expect(yAxis[0]?.min).toBeGreaterThan(18);
    expect(yAxis[0]?.max).toBeLessThan(30);
  });
});

describe('the decomposition', () => {
  const split = (estimator: string, ba: number, contrastive: number, samples?: number): Bound => ({
    ...{ quantity: 'mi', estimator, side: 'lower', value: ba + contrastive, ci95: 0.5, n: 100 },
    terms: { ba, contrastive },
    ...(samples === undefined ? {} : { samples }),
  });

  it('has a bar for each bound of two terms, its sum, its ceiling and the truth', () => {
    const figure = decomposition({ bounds, truth });
    const texts = svgTexts(figureSvg(figure, { width: 175 }));
    expect(texts).toEqual(expect.arrayContaining(['20.53 + 2.66 = 23.19', 'IWAE, q, K = 1,000', 'truth 23.23']));
    expect(figure.rows().rows).toHaveLength(bounds.filter(({ terms }) => terms !== undefined).length);
    const at = column(figure, 'value_nats').indexOf('23.19');
    expect(column(figure, 'log_k_nats')[at]).toBe('6.91');
    expect(column(figure, 'short_nats')[at]).toBe('0.04');
  });

  it('takes the bracket of chains for the truth where that is not known, and says so', () => {
    const figure = decomposition({ bounds });
    expect(svgTexts(figureSvg(figure, { width: 175 }))).toContain('AIS 23.2300 to 23.2302');
    expect(
      decomposition({ bounds: [split('iwae', 1, 1, 10)] })
        .rows()
        .columns.map(({ name }) => name),
    ).not.toContain('short_nats');
  });

  it('draws terms that go back apart from each other', () => {
    const figure = decomposition({ bounds: [split('giwae', -2, 3, 100), split('giwae', 2, 1, 10)] });
    const bars = (figure.option(paperTheme(), size).series as { id: string; renderItem?: unknown }[]).find(
      ({ id }) => id === 'bars',
    );
    const api = { coord: ([x = 0, y = 0]: readonly number[]) => [100 * x, 20 * y] };
    interface Rect {
      readonly shape: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
    }
    const render = bars?.renderItem as (params: { dataIndex: number }, api_: unknown) => { children: Rect[] };
    // Fewer samples come first.
    const [plain, back] = [0, 1].map((dataIndex) =>
      render({ dataIndex }, api)
        .children.slice(0, 2)
        .map(({ shape }) => shape),
    );
    expect(plain?.map(({ x, width }) => [x, width])).toEqual([
      [0, 200],
      [200, 100],
    ]);
    expect(plain?.[0]?.height).toBe(plain?.[1]?.height);
    expect(back?.map(({ x, width }) => [x, width])).toEqual([
      [-200, 200],
      [-200, 300],
    ]);
    expect((back?.[0]?.y ?? 0) + (back?.[0]?.height ?? 0)).toBeCloseTo(back?.[1]?.y ?? 0, 10);
  });

  it('says so where no bound decomposes', () => {
    expect(decomposition({ bounds: [] }).empty).toMatch(/No bound of this run decomposes/);
  });
});

describe('learning curves', () => {
  it('come from the points of a run, else from the series of its result, each component once', () => {
    const live = trainingsOf(familyCurves(0.5), series);
    const kept = trainingsOf([], series);
    const names = ['q', 'energy', 'ratio', 'nce'];
    expect([live, kept].map((all) => all.map(({ component }) => component))).toEqual([names, names]);
    expect(live[0]).toMatchObject({ planned: 20_000 });
    expect(live[0]?.iterations.at(-1)).toBe(10_000);
    expect(kept[0]?.iterations.at(-1)).toBe(20_000);
    expect(kept[1]?.values).toEqual(trainingsOf(familyCurves(), [])[1]?.values);
  });

  it('never put the energy difference on the axis of I(x; z)', () => {
    const [, energy] = trainingsOf(familyCurves(), []);
    if (energy === undefined) throw new Error('no training');
    const figure = training(energy);
    const axes = (figure.option(lightTheme, size) as { yAxis: { name: string; min: number; max: number }[] }).yAxis;
    expect(axes.map(({ name }) => name)).toEqual(['energy difference, nats', 'acceptance']);
    expect([axes[1]?.min, axes[1]?.max]).toEqual([0, 1]);
    expect(figure.description).toMatch(/It says nothing about I\(x; z\)\.$/);
    expect(svgTexts(figureSvg(figure, { width: 175 })).join(' ')).not.toContain('I(x; z)');
  });

  it('put bounds on I(x; z) together, each with its side', () => {
    const ratio = trainingsOf(familyCurves(), []).find(({ component }) => component === 'ratio');
    if (ratio === undefined) throw new Error('no training');
    const texts = svgTexts(figureSvg(training(ratio), { width: 85 }));
    expect(texts).toEqual(expect.arrayContaining(['I(x; z), nats', '≥ GIWAE', '≥ BA', 'updates']));
    expect(training(ratio).rows().rows).toHaveLength(200);
  });

  it('wait for their first point', () => {
    const none = training({ component: 'q', iterations: [], planned: 100, values: {} });
    expect(none.empty).toMatch(/first window/);
    expect(() => none.option(lightTheme, size)).not.toThrow();
  });

  it('join what is looked at now and then, and know what is not in nats', () => {
    const iterations = Array.from({ length: 40 }, (_, index) => index + 1);
    const looks = iterations.map((iteration) => (iteration % 10 === 0 ? -iteration : null));
    const values = { 'bound on fixed noise': looks, h: iterations.map(() => 0.9) };
    const figure = training({ component: 'uha', iterations, planned: 40, values });
    const [sparse] = linesOf(figure);
    expect(sparse?.data.map(([x, y]) => [x, y])).toEqual([10, 20, 30, 40].map((x) => [x, -x]));
    const { yAxis } = figure.option(lightTheme, size) as { yAxis: { name: string }[] };
    expect(yAxis.map(({ name }) => name)).toEqual(['bound on fixed noise, nats', 'h']);
  });

  it('leave a hole where a window has no number', () => {
    const point = (iteration: number, value?: number) => ({
      ...{ component: 'q', iterations: 3, iteration, seconds: iteration },
      values: value === undefined ? { other: 1 } : { 'BA lower bound on I': value },
    });
    const [holed] = trainingsOf([point(3, 2), point(1, 1), point(2)], []);
    expect(holed?.iterations).toEqual([1, 2, 3]);
    expect(holed?.values['BA lower bound on I']).toEqual([1, null, 2]);
  });
});

it('all are exported for paper under 200 kB, at both widths', () => {
  const rounds: RunPoint[] = points;
  const figures = [
    bySamples({ points: rounds, ...mi }),
    ibal({ points: rounds, truth }),
    tightness({ points: rounds, ...mi }),
    decomposition({ bounds, truth }),
    ...trainingsOf(familyCurves(), []).map(training),
  ];
  for (const figure of figures)
    for (const width of [85, 175]) expect(figureSvg(figure, { width }).length, figure.name).toBeLessThan(200_000);
});

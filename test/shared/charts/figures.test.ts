import { describe, expect, it } from 'vitest';
import {
  alongOf,
  alongTemperatures,
  areaOf,
  compare,
  perDatum,
  perDatumData,
  sharedRange,
  lightTheme,
} from '../../../src/shared/charts';
import { figureSvg } from '../../../src/shared/charts/svg';
import type { Series } from '../../../src/shared/result';
import { cellText, csvTable } from '../../../src/shared/tables';
import { closing } from '../../support/chartRuns';
import { svgTexts } from '../../support/svgTexts';
import { processorTime } from '../../support/processorTime';

const size = { width: 760, height: 420 };

describe('bounds of each datum', () => {
  const given = {
    bounds: [
      { estimator: 'iwae', side: 'lower' as const, values: [-120, -130, -140] },
      { estimator: 'im-ais', side: 'lower' as const, values: [-80.5, -91, -100] },
      { estimator: 'cr-ais', side: 'upper' as const, values: [-80, -90.9, null] },
    ],
  };

  it('come from the tightest of each side, the widest gap last', () => {
    const data = perDatumData(given);
    expect(data).toMatchObject({ lower: { label: 'IM-AIS' }, upper: { label: 'CR-AIS' } });
    expect(data?.sorted.map(({ datum }) => datum)).toEqual([2, 1]);
  });

  it('are drawn as brackets over their gaps, and listed with every estimator', () => {
    const figure = perDatum(given);
    const texts = svgTexts(figureSvg(figure, { width: 85 }));
    expect(texts).toEqual(expect.arrayContaining(['log p(x), nats', 'gap, nats', 'data, sorted by gap']));
    expect(figure.rows().rows[0]?.map(cellText)).toEqual(['2', '−91.00', '−90.90', '0.10', '−130.00']);
    expect(csvTable(figure.rows())).toMatch(
      /^datum,im_ais_lower_nats,cr_ais_upper_nats,gap_nats,iwae_lower_nats\r\n2,-91,-90\.9,/,
    );
    expect(figure.description).toMatch(/^Bounds on log p\(x\) of 2 data/);
  });

  it('are told apart by base and K, in the words and in the columns', () => {
    const iwae = (base: string, samples: number, values: number[]) => ({
      ...{ estimator: 'iwae', side: 'lower' as const, base, samples, values },
    });
    const figure = perDatum({
      bounds: [
        iwae('q', 1000, [-90, -91]),
        iwae('q', 10, [-95, -96]),
        { ...iwae('q', 1000, [-80, -81]), side: 'upper' },
      ],
    });
    expect(figure.description).toMatch(/Lower: IWAE, K = 1,000; upper: IWAE, K = 1,000\.$/);
    expect(csvTable(figure.rows())).toMatch(
      /^datum,iwae_k1000_lower_nats,iwae_k1000_upper_nats,gap_nats,iwae_k10_lower_nats\r\n/,
    );
  });

  it('are lines from the least likely datum on where one side is missing, those of fewer data where they have them', () => {
    const chains = { estimator: 'im-ais', side: 'lower' as const, values: [-100, -119, null] };
    const elbo = { estimator: 'elbo', side: 'lower' as const, values: [-122, -133, -141] };
    const figure = perDatum({ bounds: [elbo, given.bounds[0]!, chains] });
    expect(figure.empty).toBeNull();
    expect(figure.description).toBe(
      'Bounds on log p(x) of 3 data, sorted by IWAE: from −140.00 of datum 3 to −120.00 nats of datum 1.',
    );
    expect(figure.rows().rows.map((row) => row.map(cellText))).toEqual([
      ['3', '−141.00', '−140.00', '—'],
      ['2', '−133.00', '−130.00', '−119.00'],
      ['1', '−122.00', '−120.00', '−100.00'],
    ]);
    const texts = svgTexts(figureSvg(figure, { width: 175 }));
    expect(texts).toEqual(expect.arrayContaining(['≥ IWAE', '≥ ELBO', '≥ IM-AIS', 'data, the least likely first']));
    expect(perDatum({ bounds: [{ ...elbo, values: [null] }] }).empty).toMatch(/No datum/);
  });

  it('of very many data leave out ranks, but not from the table', () => {
    const values = Array.from({ length: 5000 }, (_, index) => -100 - (index % 50));
    const many = perDatum({
      bounds: [
        { estimator: 'ais', side: 'lower', values },
        { estimator: 'ais', side: 'upper', values: values.map((value, index) => value + index / 5000) },
      ],
    });
    expect(many.rows().rows).toHaveLength(5000);
    expect(figureSvg(many, { width: 85 }).length).toBeLessThan(200_000);
  });
});

describe('curves along the temperatures', () => {
  const beta = Array.from({ length: 101 }, (_, index) => index / 100);
  const series = (name: string, label: string, f: (at: number) => number | null, unit?: string): Series => ({
    name,
    x: { label: 'inverse temperature', values: beta },
    y: { label, ...(unit === undefined ? {} : { unit }), values: beta.map(f) },
  });
  const all = [
    series('acceptance, forward', 'acceptance', () => 0.66),
    series('mean log ratio, forward', 'mean log ratio', (at) => -60 + 10 * at, 'nats'),
    series('step size', 'step size', (at) => 0.4 / (1 + at)),
    series('acceptance, reverse', 'acceptance', (at) => (at === 1 ? null : 0.65)),
    series('mean log ratio, reverse', 'mean log ratio', (at) => -58 + 10 * at, 'nats'),
    { name: 'best lower bound', x: { label: 'temperatures', values: [1] }, y: { label: 'bound', values: [1] } },
  ];

  it('of other bases and of critics stand by themselves', () => {
    const more = [
      series('mean log ratio, forward, from q', 'mean log ratio', (at) => -30 + at, 'nats'),
      series('mean log ratio, reverse, from q', 'mean log ratio', (at) => -29 + at, 'nats'),
      series('step size, to the energy of t', 'step size', () => 0.1),
    ];
    const along = alongOf([...all, ...more]);
    expect(along.map(({ label }) => label)).toEqual([
      ...['acceptance', 'mean log ratio', 'step size'],
      ...['mean log ratio, from q', 'step size, to the energy of t'],
    ]);
    const fromQ = along[3];
    if (fromQ === undefined) throw new Error('no curves from q');
    expect(fromQ.curves.map(({ direction }) => direction)).toEqual(['forward', 'reverse']);
    expect(areaOf(fromQ)).toBeCloseTo(1, 6);
    const figure = alongTemperatures(fromQ);
    expect(figure).toMatchObject({
      name: 'mean-log-ratio-from-q',
      title: 'Mean log ratio against inverse temperature, from q',
    });
    expect(svgTexts(figureSvg(figure, { width: 85 }))).toContain('mean log ratio, nats');
  });

  it('are put together by what they measure', () => {
    const along = alongOf(all);
    expect(along.map(({ label, curves }) => [label, curves.length])).toEqual([
      ['acceptance', 2],
      ['mean log ratio', 2],
      ['step size', 1],
    ]);
    expect(along[0]?.curves.map(({ direction }) => direction)).toEqual(['forward', 'reverse']);
  });

  it('of the log ratio enclose the gap of single chains', () => {
    const [acceptance, ratio] = alongOf(all);
    if (ratio === undefined || acceptance === undefined) throw new Error('no curves');
    expect(areaOf(ratio)).toBeCloseTo(2, 10);
    expect(svgTexts(figureSvg(alongTemperatures(ratio), { width: 85 }))).toContain('area 2.00 nats');
    expect(svgTexts(figureSvg(alongTemperatures(acceptance), { width: 85 }))).not.toContain('area 2.00 nats');
  });

  it('of shares go from nothing to all, with what they were tuned to', () => {
    const [acceptance] = alongOf(all);
    if (acceptance === undefined) throw new Error('no curves');
    const figure = alongTemperatures(acceptance, { label: 'tuned to 0.65', value: 0.65 });
    const { yAxis } = figure.option(lightTheme, size) as { yAxis: { min: number; max: number } };
    expect([yAxis.min, yAxis.max]).toEqual([0, 1]);
    const texts = svgTexts(figureSvg(figure, { width: 85 }));
    expect(texts).toEqual(expect.arrayContaining(['inverse temperature β', 'forward', 'reverse', 'tuned to 0.65']));
    expect(figure.rows().rows.at(-1)?.map(cellText)).toEqual(['1.0000', '0.66', '—']);
  });

  it('keep the rest visible where one end is very low', () => {
    const [ratio] = alongOf([
      series('mean log ratio, forward', 'mean log ratio', (at) => -60 - 1 / (at + 1e-6), 'nats'),
    ]);
    if (ratio === undefined) throw new Error('no curves');
    const { yAxis } = alongTemperatures(ratio).option(lightTheme, size) as { yAxis: { min: number } };
    expect(yAxis.min).toBeGreaterThan(-1000);
  });
});

describe('runs over each other', () => {
  const runs = Array.from({ length: 100 }, (_, index) => ({
    id: `run-${index}`,
    label: `run ${index}`,
    points: closing.map((point) => ({
      ...point,
      bounds: point.bounds.map((given) => ({ ...given, value: (given.value ?? 0) + index / 10 })),
    })),
  }));

  it('are named at their ends while they are few, then in a legend, then beside the pointer', () => {
    const texts = (count: number): string[] =>
      svgTexts(figureSvg(compare({ runs: runs.slice(0, count), quantity: 'mi' }), { width: 175 }));
    expect(texts(4)).toContain('run 3');
    expect(texts(20)).toContain('run 19');
    expect(texts(100)).not.toContain('run 19');
  });

  it('share an axis for their bounds alone, since intervals and loose estimators are not drawn', () => {
    const wide = closing.map((point) => ({
      ...point,
      bounds: point.bounds.map((given) => ({ ...given, ci95: 500 })),
    }));
    const [low, high] = sharedRange([{ id: 'a', label: 'a', points: wide }], 'mi');
    expect(high - low).toBeLessThan(20);
    expect(low).toBeLessThan(24.84 - 220 / 31);
    expect(high).toBeGreaterThan(24.855 + 130 / 31);
  });

  it('keep both ends of a long name, in which runs that belong together differ', () => {
    const label = (end: string): string => `Glyphs VAE with the sigmoid schedule, T = ${end}`;
    const two = ['400', '800'].map((end) => ({ id: end, label: label(end), points: closing }));
    const texts = svgTexts(figureSvg(compare({ runs: two, quantity: 'mi' }), { width: 85 }));
    for (const end of ['400', '800'])
      expect(texts.some((text) => /^Glyphs.*….*T = /.test(text) && text.endsWith(end))).toBe(true);
  });

  it('have their own colour, then their own dash', () => {
    const { series } = compare({ runs: runs.slice(0, 12), quantity: 'mi' }).option(lightTheme, size) as {
      series: { id: string; lineStyle?: { color: string; type: unknown } }[];
    };
    const looks = series.filter(({ id }) => id.startsWith('lower|')).map(({ lineStyle }) => JSON.stringify(lineStyle));
    expect(new Set(looks).size).toBe(12);
  });

  it('of a hundred are drawn in well under a second, and name themselves in words', () => {
    const figure = compare({ runs, quantity: 'mi' });
    const began = processorTime();
    const svg = figureSvg(figure, { width: 175 });
    expect(processorTime() - began).toBeLessThan(2000);
    expect(svg.length).toBeLessThan(400_000);
    expect(figure.description).toMatch(/^Best bounds on I\(x; z\) of 100 runs: run 0 between/);
    expect(figure.rows().rows).toHaveLength(400);
  });

  it('say so where none has a bound yet', () => {
    expect(compare({ runs: [{ id: 'a', label: 'a', points: [] }], quantity: 'mi' }).empty).toMatch(/None of these/);
  });
});

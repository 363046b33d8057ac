import { beforeAll, describe, expect, it } from 'vitest';
import { createSSRApp, h, type Component } from 'vue';
import { renderToString } from 'vue/server-renderer';
import CoverageAlarms from '../../../src/renderer/pages/run/coverage/CoverageAlarms.vue';
import CoverageFact from '../../../src/renderer/pages/run/coverage/CoverageFact.vue';
import CoverageImages from '../../../src/renderer/pages/run/coverage/CoverageImages.vue';
import CoverageMetrics from '../../../src/renderer/pages/run/coverage/CoverageMetrics.vue';
import FloorBand from '../../../src/renderer/pages/run/coverage/FloorBand.vue';
import { everySecondRow, imageGrid } from '../../../src/renderer/pages/run/coverage/imageGrid';
import { missedColumns, missedRows } from '../../../src/renderer/pages/run/coverage/missedRows';
import { headlineOf } from '../../../src/shared/coverageTables';
import { coverageLabel } from '../../../src/shared/coverageTexts';
import type { CoverageOf } from '../../../src/shared/result';
import { bareCoverage, ringCoverage } from '../../support/fake/coverage';
import { shownClasses } from '../../support/fake/shownCoverage';

const render = (component: Component, props: Record<string, unknown>): Promise<string> =>
  renderToString(createSSRApp({ render: () => h(component, props) }));
/** What a person reads. */
const textOf = (html: string): string =>
  html
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim();

let bare: CoverageOf;
let circle: CoverageOf;

beforeAll(async () => {
  [bare, circle] = await Promise.all([bareCoverage(), ringCoverage({ samples: 400 })]);
});

describe('a card of samples of which nothing else is known (MC-T16)', () => {
  it('greys each number of the headline with the reason, and shows none as zero', async () => {
    for (const name of headlineOf(bare.card)) {
      const html = await render(CoverageFact, { card: bare.card, name });
      expect(html, name).toContain('absent');
      const reason = bare.card.metrics[name]?.reason ?? 'none';
      expect(textOf(html), name).toContain(reason);
      expect(
        textOf(html)
          .replace(reason, '')
          .replace(/MMD², .*? l/, ''),
        name,
      ).not.toMatch(/\d/);
    }
  });

  it('keeps a row with the reason for every metric in the table', async () => {
    const html = await render(CoverageMetrics, { card: bare.card });
    const rows = [...html.matchAll(/<tr class="absent"[^>]*>(.*?)<\/tr>/gs)].map(([, inside = '']) => textOf(inside));
    const absent = Object.entries(bare.card.metrics).filter(([, { value }]) => value === null);
    expect(absent.length).toBeGreaterThan(30);
    expect(rows).toHaveLength(absent.length);
    for (const [name, { reason = '' }] of absent) {
      const row = rows.find((text) => text.startsWith(coverageLabel(name)));
      expect(row, name).toContain(reason);
      expect(row?.slice(coverageLabel(name).length).replace(reason, ''), name).not.toMatch(/\d/);
    }
  });

  it('draws no band around what is not there', async () => {
    const metric = bare.card.metrics['mmdMedian'];
    expect(await render(FloorBand, { name: 'mmdMedian', metric })).not.toContain('<svg');
  });
});

describe('a card of a sampler that missed a mode', () => {
  it('shows how many modes were found of how many, and what exact samples would find', async () => {
    const text = textOf(await render(CoverageFact, { card: circle.card, name: 'modesFound' }));
    expect(text).toMatch(/^Modes found 5 ?\/6 expected 6/);
  });

  it('shows a value with its band, reweighted beside raw', async () => {
    const html = await render(CoverageFact, { card: circle.card, name: 'weightTotalVariation' });
    const metric = circle.card.metrics['weightTotalVariation']!;
    expect(textOf(html)).toMatch(/exact 0\.\d+ to 0\.\d+ reweighted 0\.\d+$/);
    expect(html).toMatch(/class="floor beyond"/);
    expect(html).toMatch(/class="ring"/);
    expect(metric.value).toBeGreaterThan(metric.floor!.high);
    expect(html).not.toContain('absent');
  });

  it('says its alarm in words before anything else', async () => {
    const alarms = [{ id: 'collapse', text: 'The sampler found about 17 % of the mass.' }];
    const all = [bare, { ...circle, card: { ...circle.card, alarms } }];
    const html = await render(CoverageAlarms, { all, label: (name: string) => name, warnings: [] });
    expect(html).toContain('role="alert"');
    expect(textOf(html)).toBe('annealing-flow The sampler found about 17 % of the mass.');
    const silent = { label: (name: string) => name, warnings: [] };
    expect(textOf(await render(CoverageAlarms, { ...silent, all: [bare] }))).toBe('');
  });

  it('does not say again what the page says above', async () => {
    const alarms = [{ id: 'collapse', text: 'Half is lost.' }];
    const given = { all: [{ ...circle, card: { ...circle.card, alarms } }], label: (name: string) => name };
    for (const warning of ['Half is lost.', 'annealing-flow: Half is lost.'])
      expect(textOf(await render(CoverageAlarms, { ...given, warnings: [warning] }))).toBe('');
    expect(textOf(await render(CoverageAlarms, { ...given, warnings: ['svgd: Half is lost.'] }))).not.toBe('');
  });
});

describe('the list of missed modes', () => {
  const missed = [
    { mode: 2, weight: 0.1, count: 0, highQuality: 0, pValue: 1e-9, nearest: 1, distance: 4 },
    { mode: 0, weight: 0.3, count: 2, highQuality: 1, pValue: 1e-4 },
    { mode: 1, weight: 0.1, count: 1, highQuality: 0, pValue: 1e-5, nearest: 4, distance: 7 },
  ];
  it('is sorted by any column, what is unknown last and equal weights by number', () => {
    const order = (by: 'weight' | 'distance', down: boolean): number[] =>
      missedRows({ ...bare.card, missed }, { by, down }).map(({ mode }) => mode);
    expect(order('weight', true)).toEqual([0, 1, 2]);
    expect(order('weight', false)).toEqual([1, 2, 0]);
    expect(order('distance', true)).toEqual([1, 2, 0]);
    expect(order('distance', false)).toEqual([2, 1, 0]);
  });

  it('has the columns that something is known for', () => {
    const ids = missedColumns({ ...bare.card, missed }).map(({ id }) => id);
    expect(ids).toEqual(['weight', 'count', 'highQuality', 'pValue', 'nearest', 'distance']);
    const narrow = missedColumns({ ...bare.card, missed }, 460).map(({ id }) => id);
    expect(narrow).toEqual(['weight', 'count', 'pValue', 'nearest']);
  });
});

describe('a sheet of classes', () => {
  it('names the class of each row, once for generated items and once for real ones', async () => {
    const labels = ['bag', 'boot', 'coat', 'dress', 'shirt', 'skirt'];
    const card = { ...circle.card, modes: { ...circle.card.modes!, labels }, missed: [] };
    const html = await render(CoverageImages, { images: [shownClasses()], card });
    expect(textOf(html)).toBe('Generated, a row a class bag boot coat Real, a row a class bag boot coat');
  });

  it('is one sheet of generated items and one of real ones, with the same rows', () => {
    const bytes = Array.from({ length: 4 * 3 * 2 }, (_, index) => index);
    const pixels = Buffer.from(Uint8Array.from(bytes)).toString('base64');
    const size = { rows: 4, columns: 3, height: 1, width: 2, channels: 1 };
    const grid = imageGrid({ ...size, name: 'classes', iteration: 0, pixels });
    expect(grid.values).toEqual(bytes);
    expect(everySecondRow(grid, 3, 0)).toMatchObject({ count: 6, values: [0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17] });
    expect(everySecondRow(grid, 3, 1)).toMatchObject({
      count: 6,
      values: [6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23],
    });
  });
});

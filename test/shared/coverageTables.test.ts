import { beforeAll, describe, expect, it } from 'vitest';
import { coverageMetrics } from '../../src/shared/coverage';
import { coverageGroups, coverageTable, headlineOf, metricOf, missedTable } from '../../src/shared/coverageTables';
import { emptyText, modesOf, standingsOf } from '../../src/shared/coverageStandings';
import {
  beyondFloor,
  coverageNumber,
  coverageRange,
  isBeyond,
  modeCount,
  modeName,
  neededText,
  shortNumber,
} from '../../src/shared/coverageTexts';
import type { CoverageOf } from '../../src/shared/result';
import { csvTable } from '../../src/shared/tables';
import { bareCoverage, ringCoverage } from '../support/fake/coverage';

let bare: CoverageOf;
let circle: CoverageOf;

beforeAll(async () => {
  [bare, circle] = await Promise.all([bareCoverage(), ringCoverage({ samples: 400 })]);
});

describe('numbers of coverage', () => {
  it('have three digits, powers of ten where there would be only zeros, and a real minus', () => {
    expect([0.14812, 12.34, 1234.5, 2.63e-5, -0.0123, 0, 1e9].map((value) => shortNumber(value))).toEqual([
      ...['0.148', '12.3', '1235', '2.6 × 10⁻⁵', '−0.0123', '0', '1.0 × 10⁹'],
    ]);
  });

  it('have no more digits than their interval supports', () => {
    expect(coverageNumber('ess', 0.95234, 0.011)).toBe('0.952');
    expect(coverageNumber('ess', 0.95234, 0.2)).toBe('0.95');
    expect(coverageNumber('ess', 0.95234, 0.9)).toBe('1.0');
  });

  it('are whole where modes are counted, and bounds where p is small', () => {
    expect(coverageNumber('modesFound', 5)).toBe('5');
    expect(coverageNumber('modesFound', 1016.26)).toBe('1,016');
    expect(coverageNumber('weightPearson', 0.0341)).toBe('0.034');
    expect(coverageNumber('weightPearson', 0.0002)).toBe('< 0.001');
    expect(coverageNumber('weightPearson', 0)).toBe('< 10⁻⁶');
    expect(coverageNumber('ess', null)).toBe('—');
  });

  it('share their digits at both ends of a range', () => {
    expect(coverageRange('weightTotalVariation', 0.01472, 0.0375)).toBe('0.01 to 0.04');
    expect(coverageRange('weightTotalVariation', 0.0147, 0.0275)).toBe('0.015 to 0.028');
    expect(coverageRange('mmdMedian', -0.0018, 0.00019)).toBe('−0.0018 to 0.0002');
    expect(coverageRange('recall', 0.944, 0.944)).toBe('0.944');
    expect(coverageRange('modesFound', 1010, 1021)).toBe('1,010 to 1,021');
  });

  it('are beyond the floor at its bad end alone, or at both where neither is better', () => {
    const floor = { low: 0.1, high: 0.2 };
    expect(['weightTotalVariation', 'coverage', 'density'].map((name) => beyondFloor(name, 0.05, floor))).toEqual([
      ...[false, true, true],
    ]);
    expect(['weightTotalVariation', 'coverage', 'density'].map((name) => beyondFloor(name, 0.3, floor))).toEqual([
      ...[true, false, true],
    ]);
  });
});

describe('how modes stand', () => {
  it('is missed only where hardly any good sample is, and otherwise short', () => {
    const mode = { weight: 0.3, count: 60, pValue: 1e-9 };
    const missed = [
      { ...mode, mode: 0, highQuality: 59 },
      { ...mode, mode: 1, highQuality: 11 },
      { ...mode, mode: 2, count: 0, highQuality: 0 },
      { ...mode, mode: 4, highQuality: 12 },
    ];
    // 400 samples of a weight of 0.3: found from a tenth of 120 on.
    const card = { ...circle.card, samples: 400, missed, undecidable: [3] };
    expect([...standingsOf(card)]).toEqual([
      ...[
        [3, 'undecidable'],
        [0, 'short'],
        [1, 'missed'],
        [2, 'missed'],
        [4, 'short'],
      ],
    ]);
    expect(modesOf(card, 'missed')).toEqual([1, 2]);
  });

  it('says how many modes are empty, and how many would be', () => {
    const metrics = { modesFound: { ...metricOf(circle.card, 'modesFound'), expected: 5.9 } };
    const modes = { ...circle.card.modes!, raw: [0.5, 0.5, 0, 0, 0, 0] };
    expect(emptyText({ ...circle.card, modes, metrics })).toBe(
      ' 4 have no sample; of exact samples it would be 0.1 on average.',
    );
    expect(emptyText(bare.card)).toBe('');
  });

  it('says how many samples would judge every mode', () => {
    const found = metricOf(circle.card, 'modesFound');
    const metrics = { modesFound: { ...found, parameters: { ...found.parameters, needed: 11_806 } } };
    expect(neededText({ metrics })).toBe(' 11,806 samples would do.');
    expect(neededText(circle.card)).toBe('');
  });

  it('is worse than exact samples where far fewer modes are found than these would find', () => {
    const metric = (value: number, expected: number) => ({
      ...metricOf(circle.card, 'modesFound'),
      ...{ value, expected, parameters: { modes: 1024 } },
    });
    // 2,000 exact samples see 878.9 of 1,024 modes, with a standard deviation of 9.2.
    expect([867, 882, 800].map((value) => isBeyond('modesFound', metric(value, 878.9)))).toEqual([false, false, true]);
    expect(isBeyond('modesFound', metricOf(circle.card, 'modesFound'))).toBe(true);
  });
});

describe('tables of coverage', () => {
  it('name every metric once', () => {
    const names = coverageGroups.flatMap((group) => group.names);
    expect([...names].sort()).toEqual(Object.keys(coverageMetrics).sort());
  });

  it('export all digits of every method, and say why what is missing is missing', () => {
    const lines = csvTable(coverageTable([circle, bare], (method) => method))
      .trim()
      .split('\r\n');
    const count = ({ card }: CoverageOf): number => Object.keys(card.metrics).length;
    expect(lines).toHaveLength(1 + count(circle) + count(bare));
    const ess = lines.find((line) => line.startsWith('annealing-flow,') && line.includes('"ESS, reverse"'));
    expect(ess).toContain(String(circle.card.metrics['ess']?.value));
    const absent = lines.find((line) => line.startsWith('svgd,') && line.includes('Modes found'));
    expect(absent).toMatch(/,,,,,,,,/);
    expect(absent).toContain(metricOf(bare.card, 'modesFound').reason);
  });

  it('list missed modes with where they are', () => {
    const { columns, rows } = missedTable(circle.card, { locations: circle.view!.locations! });
    expect(columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['location_1', 'location_2', 'barrier_nats']),
    );
    expect(rows).toHaveLength(1);
    const [line] = csvTable({ columns, rows }).trim().split('\r\n').slice(1);
    expect(line).toMatch(/^3,3,missed,-8/);
  });

  it('know what a mode is called and how many there are', () => {
    expect(modeName({ modes: { ...circle.card.modes!, labels: ['Bag'] } }, 0)).toBe('Bag');
    expect(modeName(circle.card, 4)).toBe('4');
    expect(modeName(circle.card, 1, ['--', '+-'])).toBe('+−');
    expect([modeCount(circle.card), modeCount(bare.card)]).toEqual([6, undefined]);
  });

  it('open a card of a generator with neighbours, and of a sampler with weights', () => {
    expect(headlineOf(circle.card)).toContain('ess');
    expect(headlineOf({ ...circle.card, situation: 'generator' })).toContain('recall');
  });
});

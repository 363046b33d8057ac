import { beforeAll, describe, expect, it } from 'vitest';
import {
  classCoverageBars,
  coverageFigures,
  coverageScatter,
  darkTheme,
  lightTheme,
  marginalDistances,
  missingClasses,
  paperTheme,
  ratioMap,
  ratioRanks,
  signBalance,
  weightBars,
  weightFigures,
  type ChartTheme,
  type Figure,
} from '../../../../src/shared/charts';
import { drawSvg, figureSvg } from '../../../../src/shared/charts/svg';
import type { CoverageOf } from '../../../../src/shared/result';
import { cellText } from '../../../../src/shared/tables';
import {
  bareCoverage,
  generatorCoverage,
  ringCoverage,
  ringPicture,
  signCoverage,
} from '../../../support/fake/coverage';
import { svgTexts } from '../../../support/svgTexts';

const size = { width: 560, height: 520 };
const picture = ringPicture();
let circle: CoverageOf;
let few: CoverageOf;
let signs: CoverageOf;
let generator: CoverageOf;
let bare: CoverageOf;

beforeAll(async () => {
  const plain = { floors: 0, permutations: 0, exactCap: 0 };
  [circle, few, signs, generator, bare] = await Promise.all([
    ringCoverage({}, plain),
    ringCoverage({ samples: 150 }, plain),
    signCoverage(12_000, plain),
    generatorCoverage(600, plain),
    bareCoverage(),
  ]);
});

interface Drawn {
  readonly id: string;
  readonly data: readonly { readonly value: readonly number[] }[];
}
const seriesOf = (figure: Figure, theme: ChartTheme = lightTheme): Drawn[] =>
  figure.option(theme, size).series as unknown as Drawn[];
const idsOf = (figure: Figure): string[] => seriesOf(figure).map(({ id }) => id);
function column(figure: Figure, name: string): string[] {
  const { columns, rows } = figure.rows();
  const at = columns.findIndex((one) => one.name === name);
  return rows.map((cells) => cellText(cells[at] ?? { kind: 'text', text: '' }));
}
const labelled = (coverage: CoverageOf) => ({ coverage, label: 'SMC', picture });
const carded = ({ card, view }: CoverageOf) => ({ card, label: 'SMC', signs: view?.signs });

describe('samples over contours', () => {
  it('draws contours only on the axes that they are of', () => {
    const contours = (figure: Figure): string[] => idsOf(figure).filter((id) => id.startsWith('density|'));
    expect(contours(coverageScatter(labelled(circle)))).toHaveLength(4);
    const other = { ...picture, axes: ['z₁', 'z₃'] };
    const figure = coverageScatter({ ...labelled(circle), picture: other });
    expect(contours(figure)).toEqual([]);
    expect(figure.description).toContain('not known on these axes');
  });

  it('crosses out what was missed with its number and weight, and says so', () => {
    const figure = coverageScatter(labelled(circle));
    expect(figure.description).toContain('Missed: 3 (weight 0.150)');
    expect(svgTexts(drawSvg(figure, lightTheme, size))).toContain('3 · 0.15');
    expect(column(figure, 'standing')).toEqual(['found', 'found', 'found', 'missed', 'found', 'found']);
    expect(figure.legend?.(lightTheme).map(({ text }) => text)).toContain('missed');
  });

  it('names a mode that cannot be judged as such, and never as missed', () => {
    const figure = coverageScatter(labelled(few));
    expect(few.card.undecidable).toEqual([5]);
    expect(column(figure, 'standing')[5]).toBe('cannot be judged');
    expect(svgTexts(drawSvg(figure, lightTheme, size))).toContain('5 · 0.03, undecided');
  });

  it('does not call a mode missed that is found with too few samples', () => {
    const { card } = circle;
    const expected = 0.3 * card.samples;
    const few = { mode: 0, weight: 0.3, count: 0.7 * expected, highQuality: 0.69 * expected, pValue: 1e-9 };
    const short = { ...circle, card: { ...card, missed: [few, ...card.missed] } };
    const figure = coverageScatter(labelled(short));
    expect(column(figure, 'standing').slice(0, 4)).toEqual(['too few samples', 'found', 'found', 'missed']);
    expect(figure.description).toContain('Missed: 3 (weight 0.150). 1 mode has fewer samples than its weight.');
    expect(svgTexts(drawSvg(weightBars(carded(short)), lightTheme, size))).toEqual(
      expect.arrayContaining(['missed', 'too few']),
    );
  });

  it('sets points far from every mode apart, and takes away what is switched off', () => {
    const figure = coverageScatter(labelled(circle));
    expect(idsOf(figure)).toContain('poor');
    expect(idsOf(figure.without!(new Set(['poor'])))).not.toContain('poor');
    const good = circle.view!.good.filter(Boolean).length;
    expect(figure.description).toContain(good.toLocaleString('en-US'));
  });

  it('lets one mode stand out', () => {
    expect(idsOf(coverageScatter(labelled(circle)))).not.toContain('good|highlight');
    expect(idsOf(coverageScatter({ ...labelled(circle), highlight: 4 }))).toContain('good|highlight');
  });

  it('says how many of the modes at one place were missed', () => {
    expect(svgTexts(drawSvg(coverageScatter(labelled(signs)), lightTheme, size))).toEqual(
      expect.arrayContaining(['256 of 256 missed', '256 modes']),
    );
  });

  it('shows real items under generated ones, and those without one near in red', () => {
    const figure = coverageScatter(labelled(generator));
    expect(idsOf(figure)).toEqual(expect.arrayContaining(['reference|covered', 'reference|uncovered']));
    const uncovered = generator.view!.reference!.covered.filter((covered) => !covered).length;
    expect(figure.description).toContain(`${uncovered} real items have no generated one near.`);
  });

  it('fills the area below a density on a line', () => {
    const { view, card } = circle;
    const line: CoverageOf = {
      ...circle,
      card,
      view: {
        ...view!,
        axes: ['x'],
        points: view!.points.map(([x = 0]) => [x]),
        locations: view!.locations!.map(([x = 0]) => [x]),
      },
    };
    const x = Array.from({ length: 60 }, (_, index) => -12 + 0.4 * index);
    const figure = coverageScatter({
      ...labelled(line),
      picture: { axes: ['x'], density: { x, values: x.map((at) => -at * at) }, samples: [], normals: [] },
    });
    expect(idsOf(figure)).toContain('density');
    expect(drawSvg(figure, lightTheme, size)).not.toMatch(/NaN|undefined/);
  });
});

describe('weights of few modes', () => {
  it('are bars that name what was missed and what cannot be judged', () => {
    expect(
      svgTexts(drawSvg(weightBars(carded(circle)), lightTheme, size)).filter((text) => text === 'missed'),
    ).toHaveLength(1);
    expect(svgTexts(drawSvg(weightBars(carded(few)), lightTheme, size))).toContain('undecided');
  });

  it('have their numbers in the table, reweighted where there are weights', () => {
    const figure = weightBars(carded(circle));
    expect(column(figure, 'true_weight')).toEqual(['0.3000', '0.2500', '0.2000', '0.1500', '0.0700', '0.0300']);
    expect(column(figure, 'reweighted').every((text) => text !== '—')).toBe(true);
    expect(column(weightBars(carded(generator)), 'reweighted').every((text) => text === '—')).toBe(true);
    expect(svgTexts(drawSvg(figure, lightTheme, size))).toContain('reweighted');
    expect(svgTexts(drawSvg(weightBars(carded(generator)), lightTheme, size))).not.toContain('reweighted');
  });

  it('say why there are none', () => {
    expect(weightBars(carded(bare)).empty).toBe('The modes of this target are not known.');
  });
});

describe('weights of many modes', () => {
  it('are ranked with the band of exact samples', () => {
    const figure = ratioRanks(carded(signs));
    const ratios = column(figure, 'ratio').map(Number);
    expect(ratios).toHaveLength(1024);
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
    expect(figure.description).toContain('256 of 1,024 modes have no sample');
    expect(weightFigures(labelled(signs)).map(({ name }) => name)).toEqual(['mode-ratios', 'mode-map']);
    expect(weightFigures(labelled(circle)).map(({ name }) => name)).toEqual(['mode-weights']);
  });

  it('are a map whose every cell is one mode, the lost ones together', () => {
    const figure = ratioMap(carded(signs));
    const [columns, rows] = [column(figure, 'column'), column(figure, 'row')];
    const cells = columns.map((text, index) => `${text} ${rows[index] ?? ''}`);
    expect(new Set(cells).size).toBe(1024);
    const lost = signs.card.missed.map(({ mode }) => Number(columns[mode]));
    // The first two signs are positive: a quarter of the columns, side by side.
    expect([...new Set(lost)].sort((a, b) => a - b)).toEqual([16, 17, 18, 19, 20, 21, 22, 23]);
  });

  it('flag coordinates that are off balance', () => {
    const figure = signBalance(signs);
    expect(
      column(figure, 'off')
        .map((text, index) => (text === 'yes' ? index : -1))
        .filter((index) => index >= 0),
    ).toEqual([0, 1]);
    expect(signBalance(circle).empty).not.toBeNull();
  });
});

describe('marginals and classes', () => {
  it('flag the marginals that the card flags', () => {
    const figure = marginalDistances(signs.card);
    const flagged = column(figure, 'off').flatMap((text, index) => (text === 'yes' ? [index] : []));
    expect(flagged).toEqual(signs.card.marginals?.flagged);
    expect(marginalDistances(bare.card).empty).toMatch(/\.$/);
  });

  it('call classes missing that are covered less than half of what is expected', () => {
    expect(missingClasses(generator.card)).toEqual([7, 8, 9]);
    expect(classCoverageBars(generator.card).description).toContain('Sneaker');
    expect(classCoverageBars(circle.card).empty).not.toBeNull();
  });
});

describe('every figure of coverage', () => {
  it('has a title, words, a table, and draws in every theme', () => {
    for (const coverage of [circle, few, signs, generator]) {
      for (const figure of coverageFigures(labelled(coverage))) {
        expect(figure.title).not.toBe('');
        expect(figure.description).toMatch(/\.$/);
        expect(figure.rows().rows.length).toBeGreaterThan(0);
        for (const theme of [lightTheme, darkTheme]) {
          expect(drawSvg(figure, theme, size), figure.name).not.toMatch(/NaN|undefined|Infinity/);
        }
      }
    }
  });

  it('is a figure of a paper in under 200 kB', () => {
    for (const coverage of [circle, signs, generator]) {
      for (const figure of coverageFigures(labelled(coverage))) {
        const svg = figureSvg(figure, { width: 85 });
        expect(svg.length, figure.name).toBeLessThan(200_000);
        expect(figure.heightAt!(240, paperTheme())).toBeGreaterThan(60);
      }
    }
  });

  it('points at as many things as it says', () => {
    for (const coverage of [circle, signs, generator]) {
      for (const figure of coverageFigures(labelled(coverage))) {
        if (figure.steps === null) continue;
        const found = seriesOf(figure).find(({ id }) => id === figure.steps?.series);
        expect(found?.data, figure.name).toHaveLength(figure.steps.count);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import {
  darkTheme,
  figuresOf,
  learning,
  lightTheme,
  logZAcross,
  logZByMethod,
  marginal,
  marginalChoices,
  methodLooks,
  momentScatter,
  runFigure,
  targetFigure,
  type Figure,
} from '../../../src/shared/charts';
import { histogram, marginalData, normalDensity } from '../../../src/shared/charts/target/marginalData';
import { figureSvg } from '../../../src/shared/charts/svg';
import { cellText } from '../../../src/shared/tables';
import {
  lineSpec,
  posteriorSpec,
  targetCurves,
  targetDetail,
  targetResult,
  targetSpec,
} from '../../support/fake/target';
import { svgTexts } from '../../support/svgTexts';

const plane = targetResult(targetSpec());
const line = targetResult(lineSpec());
const posterior = targetResult(posteriorSpec());
const size = { width: 560, height: 480 };

interface Drawn {
  readonly id: string;
  readonly data: readonly unknown[];
}
const seriesOf = (figure: Figure): Drawn[] => figure.option(lightTheme, size).series as Drawn[];
const idsOf = (figure: Figure): string[] => seriesOf(figure).map(({ id }) => id);
function column(figure: Figure, name: string): string[] {
  const { columns, rows } = figure.rows();
  const at = columns.findIndex((one) => one.name === name);
  return rows.map((cells) => cellText(cells[at] ?? { kind: 'text', text: '' }));
}

describe('the picture of a target in a plane', () => {
  const figure = targetFigure(plane);

  it('has contours, two ellipses for each normal, and the draws of chains', () => {
    const ids = idsOf(figure);
    expect(ids.filter((id) => id.startsWith('density|'))).toHaveLength(4);
    expect(ids.filter((id) => id.startsWith('normal|'))).toHaveLength(2 * plane.approximations!.length);
    expect(ids.filter((id) => id.startsWith('draws|'))).toEqual(['draws|dais', 'draws|dais-2', 'draws|hmc']);
    expect(seriesOf(figure).find(({ id }) => id === 'means')?.data).toHaveLength(plane.approximations!.length);
  });

  it('shows all draws or none when asked, and what is switched off not at all', () => {
    const draws = (show: 'all' | 'none') =>
      idsOf(targetFigure(plane, { show })).filter((id) => id.startsWith('draws|'));
    expect(draws('none')).toEqual([]);
    expect(draws('all')).toEqual(expect.arrayContaining(['draws|target', 'draws|vi', 'draws|hmc']));
    const without = figure.without?.(new Set(['vi', 'hmc']));
    expect(idsOf(without!).filter((id) => /\|(vi|hmc)(\||$)/.test(id))).toEqual([]);
    expect(without?.legend?.(lightTheme)).toEqual(figure.legend?.(lightTheme));
  });

  it('has a unit as long on one axis as on the other', () => {
    const { grid, xAxis, yAxis } = figure.option(lightTheme, size) as unknown as Record<string, Record<string, number>>;
    const wide = size.width - grid!['left']! - grid!['right']!;
    const high = size.height - grid!['top']! - grid!['bottom']!;
    const unit = (axis: Record<string, number>, length: number): number => length / (axis['max']! - axis['min']!);
    expect(unit(xAxis!, wide)).toBeCloseTo(unit(yAxis!, high), 6);
  });

  it('tells the moments of each method in its table', () => {
    const [methods, means, stds] = ['method', 'mean_1', 'std_2'].map((name) => column(figure, name));
    expect(methods?.[0]).toBe('VI');
    expect([means?.[0], stds?.[0]]).toEqual(['0.004', '0.254']);
    expect(methods).toContain('HMC, draws');
  });

  it('is drawn without a density as well, and on a page of a paper in under 200 kB', () => {
    const figure = targetFigure(posterior);
    expect(idsOf(figure).filter((id) => id.startsWith('density|'))).toEqual([]);
    for (const each of [figure, targetFigure(plane, { show: 'all' })]) {
      const svg = figureSvg(each, { width: 85 });
      expect(svg.length).toBeLessThan(200_000);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(svgTexts(figureSvg(figure, { width: 85 }))).toEqual(expect.arrayContaining(['intercept', 'VI', 'HMC']));
  });
});

describe('marginals', () => {
  it('are along the axes, and of every coordinate where there are more', () => {
    expect(marginalChoices(plane).map(({ label }) => label)).toEqual(['z₁', 'z₂']);
    const choices = marginalChoices(posterior);
    expect(choices).toHaveLength(2 + 61);
    expect(choices[3]).toEqual({ value: 'coordinate-1', label: 'coordinate 2' });
  });

  it('scale the density to an area of one, on a line and summed over a plane', () => {
    for (const result of [line, plane]) {
      const { x, values } = marginalData({ ...result, of: 'axis-0' })!.density!;
      const area = x.slice(1).reduce((total, at, index) => {
        return total + ((at - x[index]!) * (values[index]! + values[index + 1]!)) / 2;
      }, 0);
      expect(area).toBeCloseTo(1, 9);
      // The modes are as high as half a normal of their width.
      const peak = values.reduce((a, b) => Math.max(a, b));
      expect(peak).toBeCloseTo(0.5 / (0.25 * Math.sqrt(2 * Math.PI)), 1);
    }
  });

  it('count every draw once, and those outside to the whole', () => {
    const { edges, densities } = histogram([0.1, 0.1, 0.9, 5], [0, 1]);
    const width = edges[1]! - edges[0]!;
    expect(densities.reduce((a, b) => a + b, 0) * width).toBeCloseTo(0.75, 9);
    expect(Math.max(...densities) * width).toBeCloseTo(0.5, 9);
  });

  it('of a coordinate have the normals of its methods and the true moments', () => {
    const data = marginalData({ ...posterior, of: 'coordinate-7' })!;
    const own = posterior.approximations!.find(({ method }) => method === 'dais0')!;
    expect(data.parts.find(({ key }) => key === 'dais0')?.normal).toEqual({ mean: own.mean[7], std: own.std[7] });
    expect(data.parts[0]).toMatchObject({ key: 'truth', isTruth: true });
    const figure = marginal({ ...posterior, of: 'coordinate-7' });
    const [at, value] = [Number(column(figure, 'x')[80]!.replace('−', '-')), Number(column(figure, 'dais0')[80])];
    expect(value).toBeCloseTo(normalDensity(at, { mean: own.mean[7]!, std: own.std[7]! }), 2);
  });

  it('are the picture in one dimension', () => {
    expect(targetFigure(line).name).toBe('marginal-axis-0');
    expect(idsOf(targetFigure(line))).toEqual(expect.arrayContaining(['density', 'draws|dais', 'normal|vi']));
  });

  it('name the density itself in the legend, which switches it off', () => {
    const figure = marginal({ ...line, of: 'axis-0' });
    expect(figure.legend?.(lightTheme)[0]).toMatchObject({ text: 'density of the target', colour: lightTheme.truth });
    const without = idsOf(figure.without?.(new Set(['density'])) ?? figure);
    expect(without).not.toContain('density-line');
    expect(without).toContain('draws|dais');
    // Where only moments are known there is no such line.
    const moments = marginal({ ...posterior, of: 'coordinate-7' });
    expect(moments.legend?.(lightTheme).map(({ key }) => key)).not.toContain('density');
  });
});

describe('bounds on log Z by method', () => {
  const figure = logZByMethod(plane);

  it('stand from the tightest down, and what ideal methods would give below them', () => {
    expect(column(figure, 'method').slice(0, 3)).toEqual(['DAIS, K = 16', 'IWVI', 'DAIS, K = 4']);
    expect(column(figure, 'kind')).toEqual([...Array<string>(7).fill('trained'), ...Array<string>(4).fill('ideal')]);
    expect(column(figure, 'bound_nats')[0]).toBe('−0.121 ± 0.011');
    expect(column(figure, 'gap_nats')[0]).toBe('0.121');
    expect(figure.description).toContain('DAIS, K = 16: log Z is at least −0.121 ± 0.011 nats.');
    expect(svgTexts(figureSvg(figure, { width: 175 }))).toEqual(expect.arrayContaining(['truth', 'gap']));
  });

  it('have no gap where log Z is not known, and no row where nothing bounds it', () => {
    expect(
      logZByMethod(posterior)
        .rows()
        .columns.map(({ name }) => name),
    ).toEqual(['method', 'kind', 'bound_nats']);
    expect(logZByMethod({ ...plane, bounds: [], metrics: {} }).empty).not.toBeNull();
  });

  it('stand run by run in a comparison, with a truth that they share', () => {
    const runs = [plane, line].map(({ spec, bounds }, index) => ({ label: `run ${index}`, spec, bounds, truth: 0 }));
    const together = logZAcross(runs);
    expect(column(together, 'method')).toContain('run 1: DAIS0');
    expect(column(together, 'gap_nats').at(-1)).toBe('0.248');
    const apart = logZAcross(runs.map((run, index) => ({ ...run, truth: index })));
    expect(apart.rows().columns.map(({ name }) => name)).not.toContain('gap_nats');
  });
});

describe('means and standard deviations', () => {
  it('are scattered against the truth, all methods but the one that is the truth', () => {
    const figure = momentScatter(posterior);
    const ids = idsOf(figure).filter((id) => /^[01]\|/.test(id));
    expect(ids).toEqual(
      ['vi', 'iwvi', 'dais', 'dais0', 'msc']
        .flatMap((name) => [`0|${name}`])
        .concat(['1|vi', '1|iwvi', '1|dais', '1|dais0', '1|msc']),
    );
    expect(seriesOf(figure).find(({ id }) => id === '1|vi')?.data).toHaveLength(61);
    expect(figure.rows().rows).toHaveLength(2 * 61);
    expect(momentScatter({ ...posterior, metrics: {} }).empty).toContain('add HMC');
  });
});

describe('learning curves of methods', () => {
  const curves = targetCurves(targetSpec());

  it('stand in one plot by what they have in common, with the truth', () => {
    const figure = learning({ ...plane, curves, by: 'iterations' });
    const ids = idsOf(figure);
    expect(ids.filter((id) => id.startsWith('0|'))).toHaveLength(5);
    expect(ids.filter((id) => id.startsWith('1|'))).toHaveLength(5);
    expect(ids).toContain('level|0|truth');
    expect(figure.legend?.(lightTheme).map(({ text }) => text)).toEqual([
      'VI',
      'IWVI',
      'DAIS, K = 4',
      'DAIS, K = 16',
      'MSC',
    ]);
    expect(ids.some((id) => id.includes('hmc'))).toBe(false);
  });

  it('go by the time since their own method began', () => {
    const figure = learning({ ...plane, curves, by: 'time' });
    const [methods, seconds] = [column(figure, 'method'), column(figure, 'seconds').map(Number)];
    const first = (name: string): number => seconds[methods.indexOf(name)]!;
    // A point of VI every 0.03 s, of DAIS every 0.1 s, though DAIS began much later.
    expect(first('VI')).toBeCloseTo(0, 1);
    expect(first('DAIS, K = 16')).toBeCloseTo(0.1, 1);
    expect(Math.max(...seconds)).toBeLessThan(13);
    expect(learning({ ...plane, curves: [], by: 'time' }).empty).toMatch(/was not kept/);
    expect(learning({ ...plane, curves: [], by: 'iterations' }).empty).toBeNull();
  });
});

describe('looks of methods', () => {
  it('are the same in every run, and a second of a type has a hue that nobody has', () => {
    const names = ['vi', 'iwvi', 'dais', 'dais0', 'dais-2', 'dais0-2', 'msc', 'hmc'];
    const looks = methodLooks(names);
    for (const theme of [lightTheme, darkTheme]) {
      const colour = (name: string): string => looks(name).colour(theme);
      expect(colour('dais')).toBe(colour('dais0'));
      expect(colour('dais-2')).toBe(colour('dais0-2'));
      expect(new Set(names.map(colour)).size).toBe(6);
      expect(colour('vi')).toBe(methodLooks(['vi'])('vi').colour(theme));
      // Blue and orange say the side of a bound.
      expect(names.map(colour)).not.toContain(theme.lower);
    }
  });
});

it('every figure of a run of a target can be exported by its name', () => {
  for (const spec of [targetSpec(), posteriorSpec(), lineSpec()]) {
    const detail = targetDetail(spec, 'run', 0);
    const all = [runFigure(detail), ...figuresOf(detail)];
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['log-z', 'moments', 'learning-time']));
    for (const figure of all.slice(0, 8)) {
      expect(figure.empty).toBeNull();
      expect(figureSvg(figure, { width: 85 })).not.toMatch(/NaN|undefined|Infinity/);
    }
  }
});

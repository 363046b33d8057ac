import { describe, expect, it } from 'vitest';
import {
  learning,
  lightTheme,
  logZByMethod,
  logZBySteps,
  masses,
  methodLooks,
  schedules,
  weightHistograms,
  type Figure,
} from '../../../src/shared/charts';
import { figureSvg } from '../../../src/shared/charts/svg';
import { cellText } from '../../../src/shared/tables';
import { flowResult, pathsResult } from '../../support/fake/stages';
import { svgTexts } from '../../support/svgTexts';

const paths = pathsResult();
const flow = flowResult();
const size = { width: 900, height: 480 };

interface Drawn {
  readonly id: string;
  readonly data: readonly unknown[];
}
const seriesOf = (figure: Figure): Drawn[] => figure.option(lightTheme, size).series as unknown as Drawn[];
const linesOf = (figure: Figure): Drawn[] => seriesOf(figure).filter(({ id }) => /^\d\|/.test(id));
function column(figure: Figure, name: string): string[] {
  const { columns, rows } = figure.rows();
  const at = columns.findIndex((one) => one.name === name);
  return rows.map((cells) => cellText(cells[at] ?? { kind: 'text', text: '' }));
}
const clean = (figure: Figure, width = 175): string => {
  const svg = figureSvg(figure, { width });
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  return svg;
};

describe('both bounds on log Z by method', () => {
  const figure = logZByMethod(paths);

  it('have lower bounds in blue, upper ones in orange, and estimates that bound nothing', () => {
    expect(figure.title).toBe('Bounds on log Z by method');
    const svg = clean(figure);
    for (const colour of ['#0072b2', '#e69f00']) expect(svg.toLowerCase()).toContain(colour);
    expect(svgTexts(svg)).toEqual(expect.arrayContaining(['upper bound, 95 %', 'estimate, no bound', 'below truth']));
    expect(column(figure, 'method')[0]).toBe('ULA-MCD, K = 32');
    expect(column(figure, 'bound_nats')[0]).toBe('−0.125 ± 0.020');
    expect(column(figure, 'upper_bound_nats')[0]).toBe('0.150 ± 0.020');
    expect(column(figure, 'estimate_nats')[0]).toBe('0.011');
    expect(figure.description).toContain(
      'ULA, K = 8: log Z is at least −2.500 ± 0.020, at most 3.000 ± 0.020, about 0.01 nats.',
    );
  });

  it('lose a side that is switched off, and keep the rows', () => {
    const without = figure.without!(new Set(['upper', 'estimate']));
    expect(clean(without).toLowerCase().split('#e69f00').length).toBeLessThan(
      clean(figure).toLowerCase().split('#e69f00').length,
    );
    expect(without.rows()).toEqual(figure.rows());
    expect(without.legend!(lightTheme).map(({ key }) => key)).toEqual(['lower', 'upper', 'estimate']);
  });

  it('have the gap between them where the truth is not known', () => {
    const unknown = logZByMethod({ ...paths, metrics: { ...paths.metrics, truth: undefined } });
    // Between −0.125 and 0.15, both ± 0.02.
    expect(svgTexts(clean(unknown))).toEqual(expect.arrayContaining(['gap', '0.275 ± 0.028']));
    expect(unknown.rows().columns.map(({ name }) => name)).not.toContain('gap_nats');
  });
});

describe('bounds on log Z against K', () => {
  const figure = logZBySteps(paths);

  it('have a line a method and side, and a mark for what has one K only', () => {
    expect(linesOf(figure).map(({ id, data }) => [id, data.length])).toEqual([
      ['0|ula|lower', 2],
      ['0|ula|upper', 2],
      ['0|ula-mcd|lower', 2],
      ['0|ula-mcd|upper', 2],
      ['0|uha-mcd|lower', 1],
      ['0|uha-mcd|upper', 1],
      ['0|ais|lower', 1],
      ['0|ais|upper', 1],
    ]);
    const ids = seriesOf(figure).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['level|0|truth', 'band|0|ula|lower']));
    expect(column(figure, 'steps').slice(0, 4)).toEqual(['8', '32', '8', '32']);
    expect(column(figure, 'bound_nats').slice(0, 2)).toEqual(['−2.500 ± 0.020', '−0.625 ± 0.020']);
    expect(figure.description).toContain('ULA: lower bound −2.500 ± 0.020 with K = 8, −0.625 ± 0.020 with K = 32.');
    clean(figure);
  });

  it('show what the tightest reach where asked, and where the others are', () => {
    const rangeOf = (one: Figure): number[] => {
      const [{ min, max } = { min: NaN, max: NaN }] = one.option(lightTheme, size).yAxis as {
        min: number;
        max: number;
      }[];
      return [min, max];
    };
    expect(rangeOf(figure)[0]).toBeLessThan(-2.5);
    const tight = logZBySteps({ ...paths, fit: 'gap' });
    // ULA-MCD goes from −0.5 to −0.125 and from 0.6 to 0.15, ± 0.02.
    expect(rangeOf(tight)[0]).toBeCloseTo(-0.52 - 0.06 * 1.14, 6);
    expect(rangeOf(tight)[1]).toBeCloseTo(0.62 + 0.06 * 1.14, 6);
    expect(svgTexts(clean(tight)).join(' ')).toContain('↓ ≥ ULA');
    expect(tight.rows()).toEqual(figure.rows());
  });

  it('count all blocks of a flow, and keep apart what differs in more than K', () => {
    const apart = logZBySteps(flow);
    // One of the two flows is corrected.
    expect(apart.empty).not.toBeNull();
    const methods = (paths.spec['methods'] as { type: string }[]).map((method, place) =>
      place === 1 ? { ...method, stepSize: 0.05 } : method,
    );
    const other = logZBySteps({ ...paths, spec: { ...paths.spec, methods } });
    expect(column(other, 'method').filter((label) => label.startsWith('ULA '))).toEqual([
      ...['ULA 1', 'ULA 1', 'ULA 2', 'ULA 2'],
    ]);
    const depths = (paths.spec['methods'] as { type: string }[]).map((method, place) =>
      method.type === 'ula-mcd' ? { ...method, score: { blocks: place, residual: false } } : method,
    );
    const plain = logZBySteps({ ...paths, spec: { ...paths.spec, methods: depths } });
    expect(new Set(column(plain, 'method').filter((label) => label.startsWith('ULA-MCD')))).toEqual(
      new Set(['ULA-MCD, 2 × plain', 'ULA-MCD, 3 × plain']),
    );
    const same = (flow.spec['methods'] as object[]).map((method) => ({ ...method, correction: undefined }));
    const together = logZBySteps({ ...flow, spec: { ...flow.spec, methods: same } });
    expect(column(together, 'steps')).toEqual(['5', '10', '5', '10']);
  });

  it('are none where every method has one K', () => {
    const methods = (paths.spec['methods'] as object[]).slice(4);
    expect(logZBySteps({ ...paths, spec: { ...paths.spec, methods } }).empty).not.toBeNull();
  });
});

describe('schedules', () => {
  const figure = schedules(paths);

  it('show β only where it is not k/K, and step sizes along the share of the way where K differs', () => {
    expect(linesOf(figure).map(({ id, data }) => [id, data.length])).toEqual([
      ['0|ula-mcd', 8],
      ['0|ula-mcd-2', 32],
      ['1|ula', 8],
      ['1|ula-2', 32],
      ['1|ula-mcd', 8],
      ['1|ula-mcd-2', 32],
      ['1|uha-mcd', 16],
      ['1|ais', 16],
    ]);
    expect(linesOf(figure)[0]!.data.at(-1)).toEqual([1, 1]);
    expect(linesOf(figure)[0]!.data[3]).toEqual([0.5, 0.25]);
    expect(figure.description).toContain('β is k/K for ULA, K = 8; ULA, K = 32; UHA-MCD; AIS.');
    expect(figure.legend!(lightTheme).map(({ text }) => text)).toContain('UHA-MCD, h = 0.87');
    clean(figure);
  });

  it('count transitions where all have as many, and list every β', () => {
    const methods = (paths.spec['methods'] as object[]).slice(4);
    const few = schedules({ ...paths, spec: { ...paths.spec, methods } });
    expect(svgTexts(clean(few))).toContain('transition k');
    expect(column(few, 'beta').slice(0, 2)).toEqual(['0.0625', '0.1250']);
    expect(column(few, 'step_size')[15]).toBe('0.1000');
    expect(schedules({ ...paths, series: [] }).empty).not.toBeNull();
  });

  it('place temperatures of long chains where they were thinned', () => {
    const x = { label: 'inverse temperature', values: [0.1, 0.4, 1] };
    const y = { label: 'step size', values: [0.3, null, 0.1] };
    const metrics = { ais: { temperatures: 6 } };
    const spec = { ...paths.spec, methods: [{ type: 'ais', steps: 6 }] };
    const thin = schedules({ spec, metrics, series: [{ name: 'ais, step size by temperature', x, y }] });
    expect(column(thin, 'k')).toEqual(['2', '4', '6']);
    expect(linesOf(thin).map(({ data }) => data)).toEqual([
      [
        [2, 0.1],
        [4, 0.4],
        [6, 1],
      ],
      [
        [2, 0.3],
        [4, '-'],
        [6, 0.1],
      ],
    ]);
  });

  it('have masses beside them', () => {
    const figure = masses(paths);
    expect(column(figure, 'mass')).toEqual(['0.5000', '1.0000', '2.0000']);
    expect(figure.description).toBe('UHA-MCD: masses from 0.50 to 2.00.');
    expect(masses(flow).empty).not.toBeNull();
  });
});

describe('histograms of log weights', () => {
  const figure = weightHistograms(flow);

  it('have both directions in one panel a method, with what the largest weights have', () => {
    const ids = seriesOf(figure).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('forward|'))).toHaveLength(3);
    // The corrected flow cannot run back.
    expect(ids.filter((id) => id.startsWith('reverse|'))).toEqual(['reverse|0', 'reverse|2']);
    expect(ids.filter((id) => id.startsWith('truth|'))).toHaveLength(3);
    expect(figure.description).toContain('ESS 1,500, back 1,200, largest 0.4 %, top 1 %: 6.0 %');
    expect(svgTexts(clean(figure))).toEqual(expect.arrayContaining(['exact samples, run back', 'log w, nats']));
    const counts = column(figure, 'count').map((text) => Number(text.replace(',', '')));
    expect(counts).toHaveLength(5 * 60);
    expect(counts.slice(0, 60).reduce((a, b) => a + b, 0)).toBe(40 * 50 + 20 * 10);
    const without = figure.without!(new Set(['reverse']));
    expect(seriesOf(without).some(({ id }) => id.startsWith('reverse|'))).toBe(false);
  });

  it('are none where no method has weights', () => {
    expect(weightHistograms({ ...flow, metrics: {}, bounds: [] }).empty).not.toBeNull();
  });
});

describe('looks of many methods', () => {
  it('share a hue by type where they are more than hues, and tell a plain path from one with a learned reversal', () => {
    const names = ['ula', 'ula-2', 'ula-3', 'ula-4', 'ula-mcd', 'ula-mcd-2', 'ula-mcd-3', 'ula-mcd-4'];
    const looks = methodLooks(names);
    const hue = (name: string): string => looks(name).colour(lightTheme);
    expect(new Set(names.slice(0, 4).map(hue)).size).toBe(1);
    expect(new Set(names.map(hue)).size).toBe(2);
    expect(looks('ula-2').mark).not.toEqual(looks('ula-mcd-2').mark);
    const few = methodLooks(['ula', 'ula-2', 'ula-mcd']);
    expect(new Set(['ula', 'ula-2', 'ula-mcd'].map((name) => few(name).colour(lightTheme))).size).toBe(3);
  });
});

describe('learning curves of paths', () => {
  it('show the bound on fixed noise, which was looked at now and then', () => {
    const curves = [1, 2, 3, 4].map((iteration) => ({
      ...{ component: 'ula', iteration, iterations: 4, seconds: iteration },
      values: {
        'bound on log Z': -iteration,
        ...(iteration % 2 === 0 ? { 'bound on fixed noise': -1 / iteration } : {}),
      },
    }));
    const figure = learning({ spec: paths.spec, metrics: {}, curves, series: [], by: 'iterations' });
    expect(linesOf(figure).map(({ id, data }) => [id, data.length])).toEqual([['0|ula', 2]]);
    expect(figure.description).toBe('ULA, K = 8: bound on fixed noise −0.25 after 4.');
  });
});

import { describe, expect, it } from 'vitest';
import {
  blockCurves,
  lightTheme,
  stageChoices,
  stagePanels,
  stagePlane,
  stageStrip,
  stagesOf,
  targetFigures,
  type Figure,
} from '../../../src/shared/charts';
import { figureSvg } from '../../../src/shared/charts/svg';
import { contourMarks } from '../../../src/shared/charts/target/planeMarks';
import { aimedAt, followedDraws, selected, stagesRange } from '../../../src/shared/charts/target/stageData';
import { cellText } from '../../../src/shared/tables';
import { flowResult, pathsResult } from '../../support/fake/stages';
import { svgTexts } from '../../support/svgTexts';

const paths = pathsResult();
const flow = flowResult();
const method = 'annealing-flow-2';
const size = { width: 900, height: 480 };

interface Drawn {
  readonly id: string;
  readonly data: readonly unknown[];
}
const idsOf = (figure: Figure): string[] =>
  (figure.option(lightTheme, size).series as unknown as Drawn[]).map(({ id }) => id);
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

describe('stages of a method', () => {
  it('are there for methods whose draws were looked at, by the names of the run', () => {
    expect(stageChoices(paths).map(({ value, label }) => [value, label])).toEqual([
      ['ula', 'ULA, K = 8'],
      ['ula-2', 'ULA, K = 32'],
      ['ula-mcd', 'ULA-MCD, K = 8'],
      ['ula-mcd-2', 'ULA-MCD, K = 32'],
      ['uha-mcd', 'UHA-MCD'],
    ]);
    expect(stageChoices(flow).map(({ by }) => by)).toEqual(['block', 'block']);
    expect(stageChoices({ spec: flow.spec })).toEqual([]);
  });

  it('are chosen evenly, both ends among them', () => {
    expect(selected([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 4)).toEqual([0, 3, 7, 10]);
    expect(selected([0, 1], 4)).toEqual([0, 1]);
  });

  it('follow draws that end all over the target, and none that is lost on the way', () => {
    const { stages } = stagesOf({ ...flow, method })!;
    const ends = followedDraws(stages, 0, 6).map((place) => stages.at(-1)!.points[place]![0]!);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(ends[0]).toBeLessThan(-3);
    expect(ends.at(-1)).toBeGreaterThan(3);
    const lost = stages.map((stage, k) => (k === 2 ? { ...stage, points: stage.points.map(() => [NaN, NaN]) } : stage));
    expect(followedDraws(lost, 0, 6)).toEqual([]);
  });

  it('aim at the density between the base and the target, which is the target itself in the end', () => {
    const of = stagesOf({ ...flow, method })!;
    const [first, middle, last] = [0, 5, 10].map((k) => aimedAt({ ...flow, method }, of, of.stages[k]!)!);
    const centre = (field: typeof first): number => {
      const { x, y, values } = field!;
      const top = Math.max(...values.map((value) => value ?? -Infinity));
      return (values[Math.floor(y.length / 2) * x.length + Math.floor(x.length / 2)] ?? NaN) - top;
    };
    // At β = 0 the base, whose mode is the centre; half-way the centre has half of what it lacks under both, less than under the target.
    expect(centre(first)).toBeCloseTo(0, 2);
    expect(centre(last)).toBeLessThan(-6);
    expect(centre(middle)).toBeGreaterThan(centre(last) / 2);
    expect(last!.values).toEqual(flow.picture!.density!.values);
    // In more dimensions than are seen the plane shows no such thing.
    const deep = { ...of, stages: of.stages.map(({ index, beta, points }) => ({ index, beta, points })) };
    expect(aimedAt({ ...flow, method }, deep, deep.stages[5]!)!.values).toEqual(flow.picture!.density!.values);
  });
});

describe('contours that their grid cuts off', () => {
  it('have no line along the edge and no area', () => {
    const x = [0, 1, 2, 3];
    const field = { x, y: x, values: x.flatMap((v) => x.map((u) => -u - v)) };
    const [mark] = contourMarks(field, { id: 'cut', drops: [2.5] }, lightTheme);
    const api = { coord: ([u = 0, v = 0]: number[]) => [100 * u, 100 * v] };
    const render = mark!.renderItem as unknown as (
      p: unknown,
      a: unknown,
    ) => {
      shape: { pathData: string };
      style: { fill: string };
    };
    const { shape, style } = render({}, api);
    expect(style.fill).toBe('none');
    const pieces = shape.pathData.split('M').filter((piece) => piece.includes('L'));
    expect(pieces).toHaveLength(1);
    expect(pieces[0]).toMatch(/250 0|0 250/);
    // Where the view goes on they are left out, all but the innermost.
    const levels = contourMarks(field, { id: 'cut', drops: [1, 2, 3], closed: true }, lightTheme);
    expect(levels.map(({ id }) => id)).toEqual(['cut|1']);
  });
});

describe('the strip of stages', () => {
  it('has a density for each stage along an axis, the target last, and paths through all of them', () => {
    const figure = stageStrip({ ...paths, method: 'ula-mcd', axis: 0 });
    const ids = idsOf(figure);
    expect(ids.filter((id) => id.startsWith('draws|'))).toHaveLength(5);
    expect(ids).toEqual(expect.arrayContaining(['target', 'paths', 'betas']));
    expect(figure.steps).toEqual({ series: 'pointed', count: 5 });
    expect(svgTexts(clean(figure))).toEqual(expect.arrayContaining(['transition k', 'target', '8', 'z']));
    expect(figure.description).toContain('start, β = 0: z');
    expect(figure.description).toContain('k = 8, β = 1: z');
    expect(column(figure, 'k')).toEqual(['0', '1', '2', '4', '8']);
    expect(Number(column(figure, 'std_1').at(-1))).toBeCloseTo(2.06, 1);
  });

  it('takes the counts of all draws where they were kept', () => {
    const counted = figureSvg(stageStrip({ ...paths, method: 'ula', axis: 0 }), { width: 175 });
    const points = figureSvg(
      stageStrip({
        ...paths,
        stages: paths.stages!.map(({ method, by, axes, stages }) => ({ method, by, axes, stages })),
        method: 'ula',
        axis: 0,
      }),
      { width: 175 },
    );
    expect(counted).not.toBe(points);
  });

  it('is of either axis of a plane, and of no third', () => {
    expect(stageStrip({ ...flow, method, axis: 1 }).title).toMatch(
      /^Annealing flow, K = 8 \+ 2.* on their way along z₂$/,
    );
    expect(stageStrip({ ...flow, method, axis: 2 }).empty).not.toBeNull();
    expect(stageStrip({ ...flow, method: 'hmc', axis: 0 }).empty).not.toBeNull();
  });

  it('in a plane shows eight of eleven stages beside each other, on the same axes', () => {
    const figure = stagePanels({ ...flow, method });
    const ids = idsOf(figure);
    expect(ids.filter((id) => id.startsWith('draws|'))).toHaveLength(8);
    expect(ids.filter((id) => id.startsWith('paths|'))).toHaveLength(8);
    const { grid, xAxis, yAxis } = figure.option(lightTheme, { width: 900, height: figure.heightAt!(900, lightTheme) });
    const [x, y] = [xAxis, yAxis].map((axes) =>
      (axes as { min: number; max: number }[]).map(({ min, max }) => max - min),
    );
    expect(new Set(x).size).toBe(1);
    const [first] = grid as { left: number; right: number; top: number; bottom: number }[];
    const wide = 900 - first!.left - first!.right;
    const high = figure.heightAt!(900, lightTheme) - first!.top - first!.bottom;
    expect(wide / x![0]!).toBeCloseTo(high / y![0]!, 6);
    expect(svgTexts(clean(figure))).toEqual(expect.arrayContaining(['start', 'block 10', 'β = 1']));
    expect(clean(figure, 85).length).toBeLessThan(500_000);
    expect(stagePanels({ ...paths, method: 'ula' }).empty).not.toBeNull();
  });
});

describe('one stage in the plane', () => {
  it('is called and told by its block, on axes that all stages share', () => {
    const figures = [0, 4, 10].map((stage) => stagePlane({ ...flow, method, stage }));
    expect(figures.map(({ title }) => title.replace(/^Annealing flow, K = 8 \+ 2.*: /, ''))).toEqual([
      'start, β = 0',
      'block 4, β = 0.40',
      'block 10, β = 1',
    ]);
    const range = (figure: Figure) => {
      const { xAxis } = figure.option(lightTheme, size) as unknown as { xAxis: { min: number; max: number } };
      return [xAxis.min, xAxis.max];
    };
    expect(new Set(figures.map((figure) => String(range(figure)))).size).toBe(1);
    expect(range(figures[0]!)).toEqual([...stagesRange(flow.stages![1]!, flow.picture, 0)]);
    for (const figure of figures) clean(figure);
    expect(stagePlane({ ...flow, method, stage: 11 }).empty).not.toBeNull();
  });
});

describe('curves by block', () => {
  it('have log Z with its truth and the effective share', () => {
    const figure = blockCurves({ ...flow, method });
    expect(idsOf(figure).filter((id) => /^\d\|/.test(id))).toEqual(['0|truth', '0|draws', '1|draws']);
    expect(column(figure, 'log_z_k').slice(0, 2)).toEqual(['—', '−0.090']);
    expect(column(figure, 'true_log_z_k')[1]).toBe('−0.080');
    expect(figure.description).toContain('Block 1: log Z −0.09 (truth −0.08), effective share 0.90.');
    clean(figure);
    expect(blockCurves({ ...paths, method: 'ula' }).empty).not.toBeNull();
  });

  it('do without a truth that is not known', () => {
    const stages = flow.stages!.map((of) => ({
      ...of,
      stages: of.stages.map(({ index, beta, points, logZ, ess }) => ({ index, beta, points, logZ, ess })),
    }));
    const figure = blockCurves({ ...flow, stages, method });
    expect(idsOf(figure).filter((id) => /^\d\|/.test(id))).toEqual(['0|draws', '1|draws']);
    expect(figure.rows().columns.map(({ name }) => name)).not.toContain('true_log_z_k');
  });
});

describe('all figures of a run', () => {
  it('have names of their own, by which a terminal exports them', () => {
    for (const result of [paths, flow]) {
      const names = targetFigures(result, []).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
    const names = targetFigures(flow, []).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['log-z', 'weights', `stages-${method}`, `strip-${method}-axis-1`, `blocks-${method}`]),
    );
  });
});

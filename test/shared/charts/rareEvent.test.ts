import { describe, expect, it } from 'vitest';
import {
  darkTheme,
  eventBlocks,
  eventPlane,
  lightTheme,
  rareEventFigures,
  runningEstimate,
  type Figure,
} from '../../../src/shared/charts';
import { figureSvg } from '../../../src/shared/charts/svg';
import { cellText } from '../../../src/shared/tables';
import { rareEventResult } from '../../support/fake/rareEvent';
import { svgTexts } from '../../support/svgTexts';

const result = rareEventResult();
const size = { width: 480, height: 420 };
const rangeOf = (figure: Figure): readonly unknown[] => {
  const [axis] = figure.option(lightTheme, size).yAxis as unknown as { min: number; max: number }[];
  return [axis?.min, axis?.max];
};
const clean = (figure: Figure): string => {
  const svg = figureSvg(figure, { width: 120 });
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  return svg;
};

describe('the running estimate of a rare event', () => {
  it('is over the truth, with its band, plain Monte Carlo and the truth named at the ends', () => {
    const figure = runningEstimate(result);
    expect(svgTexts(clean(figure))).toEqual(
      expect.arrayContaining(['estimate / truth', 'draws', 'Importance flow', 'Monte Carlo', 'truth']),
    );
    expect(figure.description).toContain('The estimate is 1.001 ± 0.007 of it.');
    expect(figure.rows().rows.at(-1)?.map(cellText)).toEqual(['20000', '1.0008', '0.0072', '1.0433', '0.7721']);
    expect(rangeOf(figure)).toEqual([0, 2]);
    const ids = (figure.option(darkTheme, size).series as unknown as { id: string }[]).map(({ id }) => id);
    expect(ids).toContain('band|0|importance-flow');
    expect(ids).not.toContain('band|0|monte-carlo');
  });

  it('is seen from near where plain Monte Carlo hits too seldom to be seen', () => {
    const [low, high] = rangeOf(runningEstimate(rareEventResult({ hits: 0 }))) as [number, number];
    // At a hundred draws the band reaches from 0.924 to 1.103.
    expect(low).toBeCloseTo(1 - 1.08 * 0.103, 2);
    expect(high).toBeCloseTo(1 + 1.08 * 0.103, 2);
  });

  it('is not there before the run has ended', () => {
    const waiting = runningEstimate({ kind: 'importance-flow', metrics: {}, series: [] });
    expect(waiting.empty).toMatch(/^The estimate appears/);
    expect(rareEventFigures({ ...result, metrics: {}, series: [], picture: undefined })).toEqual([]);
  });
});

describe('the draws of a rare event', () => {
  it('are seen with its edge, those of the normal beneath', () => {
    const figure = eventPlane(result);
    expect(svgTexts(clean(figure))).toEqual(expect.arrayContaining(['Draws of the normal', 'Importance flow']));
    const ids = (figure.option(lightTheme, size).series as unknown as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(['draws|monte-carlo', 'draws|importance-flow', 'edge']);
    expect(figure.description).toBe(
      'The line is the edge of the event |x| ≥ 4. Draws of the normal: 3 draws. Importance flow: 9 draws.',
    );
    expect(figure.rows().rows).toHaveLength(12);
    const one = figure.without?.(new Set(['monte-carlo'])).option(lightTheme, size).series as unknown as {
      id: string;
    }[];
    expect(one.map(({ id }) => id)).toEqual(['draws|importance-flow', 'edge']);
  });

  it('have a straight edge that goes all the way up', () => {
    const picture = { ...(result.picture ?? { axes: ['x₁', 'x₂'], samples: [], normals: [] }) };
    const straight = {
      ...picture,
      edge: [
        [4, -6],
        [4, 6],
      ],
    };
    const [low, high] = rangeOf({
      ...eventPlane({ ...result, picture: straight }),
      option: (theme, at) => {
        const { yAxis } = eventPlane({ ...result, picture: straight }).option(theme, at);
        return { yAxis: [yAxis] as never };
      },
    }) as [number, number];
    expect(high).toBeLessThan(5);
    expect(low).toBeGreaterThan(-5);
    clean(eventPlane({ ...result, picture: straight }));
  });

  it('have no plane on a line', () => {
    const picture = { axes: ['x₁'], samples: [], normals: [], edge: [[4]] };
    expect(eventPlane({ ...result, picture }).empty).not.toBeNull();
  });
});

it('blocks have the probability of what each aims at, and how many draws are effective', () => {
  const figure = eventBlocks(result);
  expect(svgTexts(clean(figure))).toEqual(
    expect.arrayContaining(['log P of the smoothed event, nats', 'effective share']),
  );
  expect(figure.rows().rows[3]?.map(cellText)).toEqual(['4', '4.00', '−7.940', '0.950']);
  expect(eventBlocks({ series: [] }).empty).not.toBeNull();
});

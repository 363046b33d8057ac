import { describe, expect, it } from 'vitest';
import {
  bestLook,
  learnedTransitions,
  lightTheme,
  looksSinceBest,
  vaeLearning,
  vaeLearningAcross,
  vaeLearningCurve,
  type Figure,
} from '../../../src/shared/charts';
import { figureSvg } from '../../../src/shared/charts/svg';
import { svgTexts } from '../../support/svgTexts';
import type { CurvePoint } from '../../../src/shared/runRecord';
import type { Series } from '../../../src/shared/result';

const point = (iteration: number, values: CurvePoint['values']): CurvePoint => ({
  ...{ component: 'vae', iterations: 1000, seconds: iteration, iteration, values },
});
const curves = [
  point(50, { ELBO: -300 }),
  point(100, { ELBO: -150, 'ELBO, validation': -160 }),
  point(200, { ELBO: -120, 'ELBO, validation': -125 }),
  point(300, { ELBO: -110, 'ELBO, validation': -127 }),
  point(400, { ELBO: -100, 'ELBO, validation': -131 }),
];
const series: Series[] = [
  {
    name: 'training vae, ELBO',
    x: { label: 'iteration', values: [50, 100, 200, 300, 400] },
    y: { label: 'ELBO', values: [-300, -150, -120, -110, -100] },
  },
  {
    name: 'training vae validation, ELBO, validation',
    x: { label: 'iteration', values: [100, 200, 300, 400] },
    y: { label: 'ELBO, validation', values: [-160, -125, -127, -131] },
  },
];

it('reads the same learning from the points of a run and from its result', () => {
  const live = vaeLearning(curves, []);
  const kept = vaeLearning([], series);
  expect(live).toMatchObject({ quantity: 'ELBO', planned: 1000 });
  expect(kept).toEqual({ ...live, planned: null });
  expect(vaeLearning([], [])).toBeNull();
});

it('marks the look whose parameters are kept, and counts those since then', () => {
  const learning = vaeLearning(curves, []);
  if (learning === null) throw new Error('nothing learned');
  expect(bestLook(learning)).toEqual({ iteration: 200, value: -125 });
  expect(looksSinceBest(learning)).toBe(2);
  const running = vaeLearningCurve(learning, false);
  expect(running.description).toBe(
    'After 400 of 1,000 updates: best on the validation data after 200, −125.00 nats; 2 looks since then.',
  );
  expect(vaeLearningCurve(learning, true).description).toMatch(/; its parameters are kept\.$/);
  const drawn = JSON.stringify(running.option(lightTheme, { width: 600, height: 300 }));
  expect(drawn).toContain('[200,-125]');
});

it('lists updates with what is known of each', () => {
  const { rows, columns } = vaeLearningCurve(vaeLearning(curves, []), true).rows();
  expect(columns.map(({ name }) => name)).toEqual(['iteration', 'training_nats', 'validation_nats']);
  expect(rows[0]).toMatchObject([{ value: 50 }, { value: -300 }, { value: null }]);
  expect(rows).toHaveLength(5);
});

it('says when its first point will come', () => {
  expect(vaeLearningCurve(null, false).empty).toMatch(/first point/);
});

it('draws what each transition learned, where there are transitions', () => {
  expect(learnedTransitions(series).empty).toMatch(/no transitions/);
  const x = { label: 'transition', values: [1, 2] };
  const learned = learnedTransitions([
    { name: 'learned schedule', x, y: { label: 'inverse temperature', values: [0.3, 1] } },
    { name: 'learned step sizes', x, y: { label: 'step size', values: [0.2, 0.1] } },
  ]);
  expect(learned.description).toBe('inverse temperature from 0.300 to 1.000; step size from 0.200 to 0.100');
  expect(learned.rows().rows).toMatchObject([
    [{ value: 1 }, { value: 0.3 }, { value: 0.2 }],
    [{ value: 2 }, { value: 1 }, { value: 0.1 }],
  ]);
});

describe('VAEs over each other', () => {
  const other = curves.map(({ values, ...rest }) => ({
    ...rest,
    values: Object.fromEntries(Object.entries(values).map(([name, v]) => [name.replace('ELBO', 'ULA-MCD'), v + 5])),
  }));
  const runs = [
    { id: 'a', label: 'Plain', curves },
    { id: 'b', label: 'By ULA-MCD', curves: other },
  ];
  const linesOf = (figure: Figure) =>
    (figure.option(lightTheme, { width: 700, height: 400 }).series as { type: string; data: number[][] }[])
      .filter(({ type }) => type === 'line')
      .map(({ data }) => data.map(([x, y]) => [x, y]));

  it('are the bounds of their looks, by updates or time, each with what it bounds by', () => {
    const figure = vaeLearningAcross(runs, 'updates');
    const looks = [
      [100, -160],
      [200, -125],
      [300, -127],
      [400, -131],
    ];
    expect(linesOf(figure).slice(0, 2)).toEqual([looks, looks.map(([x, y = NaN]) => [x, y + 5])]);
    const texts = svgTexts(figureSvg(figure, { width: 175 }));
    expect(texts).toEqual(
      expect.arrayContaining(['bounds on validation data, nats', 'Plain: ELBO', 'By ULA-MCD', 'updates']),
    );
    expect(figure.description).toBe(
      'Plain: ELBO of at best −125.00 nats. By ULA-MCD: ULA-MCD of at best −120.00 nats.',
    );
    expect(figure.rows().rows).toHaveLength(8);
    const late = runs.map((run) => ({
      ...run,
      curves: run.curves.map((one) => ({ ...one, seconds: 2 * one.seconds })),
    }));
    // Times have a logarithmic axis.
    expect(linesOf(vaeLearningAcross(late, 'time'))[0]?.[0]).toEqual([Math.log10(200), -160]);
  });

  it('name one bound once, and wait for the first look', () => {
    const same = vaeLearningAcross([runs[0]!, { ...runs[0]!, id: 'c', label: 'Again' }], 'updates');
    const texts = svgTexts(figureSvg(same, { width: 175 }));
    expect(texts).toEqual(expect.arrayContaining(['ELBO on validation data, nats', 'Plain', 'Again']));
    expect(vaeLearningAcross([{ id: 'a', label: 'A', curves: curves.slice(0, 1) }], 'updates').empty).toMatch(
      /first look/,
    );
  });
});

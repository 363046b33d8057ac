import { formatCount, formatNumber } from '../../format';
import type { Series } from '../../result';
import type { CurvePoint } from '../../runRecord';
import { numberCell, type DataTable } from '../../tables';
import type { Mark } from '../encoding';
import type { Figure, Range } from '../figure';
import { panels, type PanelLine, type PanelPoint } from '../panels';
import { padded } from '../ticks';

/** How a VAE is learning: the trained bound on minibatches and on the validation data. */
export interface VaeLearning {
  /** "UHA-MCD" */
  readonly quantity: string;
  readonly training: readonly Point[];
  readonly validation: readonly Point[];
  /** Updates in all, at most. */
  readonly planned: number | null;
}

interface Point {
  readonly iteration: number;
  /** nats */
  readonly value: number | null;
}

const suffix = ', validation';

/** From the points of the run as it goes, else from the series of its result. */
export function vaeLearning(curves: readonly CurvePoint[], series: readonly Series[]): VaeLearning | null {
  const points = [...curves].filter(({ component }) => component === 'vae').sort((a, b) => a.iteration - b.iteration);
  if (points.length > 0) {
    const names = [...new Set(points.flatMap(({ values }) => Object.keys(values)))];
    const validated = names.find((name) => name.endsWith(suffix));
    const quantity = names.find((name) => !name.endsWith(suffix)) ?? validated?.slice(0, -suffix.length) ?? '';
    const of = (name: string | undefined): Point[] =>
      points.flatMap(({ iteration, values }) =>
        name === undefined || values[name] === undefined ? [] : [{ iteration, value: values[name] }],
      );
    return { quantity, training: of(quantity), validation: of(validated), planned: points.at(-1)?.iterations ?? null };
  }
  const find = (start: string): Series | undefined => series.find(({ name }) => name.startsWith(start));
  const [own, validated] = [find('training vae, '), find('training vae validation, ')];
  if (own === undefined && validated === undefined) return null;
  const pointsOf = (one: Series | undefined): Point[] =>
    one?.x.values.map((iteration, index) => ({ iteration, value: one.y.values[index] ?? null })) ?? [];
  const quantity = own?.y.label ?? validated?.y.label.replace(suffix, '') ?? '';
  return { quantity, training: pointsOf(own), validation: pointsOf(validated), planned: null };
}

/** The look at the validation data that did best, whose parameters are kept. */
export function bestLook({ validation }: VaeLearning): Point | null {
  return validation.reduce<Point | null>(
    (best, point) => (point.value !== null && point.value > (best?.value ?? -Infinity) ? point : best),
    null,
  );
}

/** Looks at the validation data since the best one. */
export function looksSinceBest({ validation }: VaeLearning): number {
  const best = bestLook({ validation, training: [], quantity: '', planned: null });
  return best === null ? 0 : validation.length - 1 - validation.indexOf(best);
}

const plain: Mark = { symbol: 'circle', dash: [], hollow: false };

/** Both curves over each other, with a mark where the kept parameters are from. */
export function vaeLearningCurve(learning: VaeLearning | null, ended: boolean): Figure {
  const { quantity, training, validation } = learning ?? { quantity: '', training: [], validation: [] };
  const best = learning === null ? null : bestLook(learning);
  const at = (points: readonly Point[]): PanelPoint[] =>
    points.map(({ iteration, value }) => ({ x: iteration, y: value, at: `update ${formatCount(iteration)}` }));
  const lines: PanelLine[] = [
    {
      ...{ key: 'training', label: 'training', mark: plain, weak: true, points: at(training) },
      colour: (theme) => theme.quiet,
    },
    {
      ...{ key: 'validation', label: 'validation', mark: plain, points: at(validation) },
      colour: (theme) => theme.lower,
      textColour: (theme) => theme.lowerText,
    },
    {
      key: 'best',
      label: best === null ? 'best' : `best ${formatNumber(best.value)}`,
      mark: { symbol: 'diamond', dash: [], hollow: false },
      colour: (theme) => theme.truth,
      points: best === null ? [] : at([best]),
    },
  ];
  const shown = lines.filter(({ points }) => points.length > 0);
  return panels({
    name: 'learning-vae',
    title: 'Bound on training and validation data',
    description: describe(learning, best, ended),
    empty: shown.length === 0 ? 'The first point appears when its first window of updates ends.' : null,
    panels: [{ title: '', yTitle: `${quantity}, nats`, lines: shown, range: rangeOf(training, validation) }],
    x: { title: 'updates', scale: 'linear' },
    rows: () => table(quantity, training, validation),
  });
}

function describe(learning: VaeLearning | null, best: Point | null, ended: boolean): string {
  if (learning === null || best === null) return '';
  const last = Math.max(learning.training.at(-1)?.iteration ?? 0, learning.validation.at(-1)?.iteration ?? 0);
  const of = learning.planned === null || learning.planned === last ? '' : ` of ${formatCount(learning.planned)}`;
  const since = looksSinceBest(learning);
  const kept = ended ? 'its parameters are kept' : `${formatCount(since)} looks since then`;
  return `After ${formatCount(last)}${of} updates: best on the validation data after ${formatCount(best.iteration)}, ${formatNumber(best.value)} nats; ${kept}.`;
}

/** The first updates may be very far off: what comes after a tenth of them, and a little more. */
function rangeOf(training: readonly Point[], validation: readonly Point[]): Range {
  const values = [training, validation].flatMap((points) =>
    points.slice(Math.floor(points.length / 10)).flatMap(({ value }) => (value === null ? [] : [value])),
  );
  return values.length === 0 ? [0, 1] : padded(values, 0.06, 1e-3 * Math.abs(values[0] ?? 0));
}

function table(quantity: string, training: readonly Point[], validation: readonly Point[]): DataTable {
  const looks = new Map(validation.map(({ iteration, value }) => [iteration, value]));
  const trained = new Map(training.map(({ iteration, value }) => [iteration, value]));
  const iterations = [...new Set([...trained.keys(), ...looks.keys()])].sort((a, b) => a - b);
  return {
    columns: [
      { name: 'iteration', label: 'updates', numeric: true },
      { name: 'training_nats', label: `${quantity}, training`, unit: 'nats', numeric: true },
      { name: 'validation_nats', label: `${quantity}, validation`, unit: 'nats', numeric: true },
    ],
    rows: iterations.map((iteration) => [
      numberCell(iteration, 0),
      numberCell(trained.get(iteration) ?? null, 3),
      numberCell(looks.get(iteration) ?? null, 3),
    ]),
  };
}

import { formatCount } from '../../format';
import { formatProbability, rareEventTruth } from '../../rareEvent/answer';
import { rareEventOf } from '../../rareEvent/summary';
import type { Result, Series } from '../../result';
import { numberCell, type DataTable } from '../../tables';
import type { Figure, Range } from '../figure';
import { panels, type PanelLine } from '../panels';
import { eventLooks } from './looks';

type Drawn = Pick<Result, 'kind' | 'metrics' | 'series'>;

const ways = [
  { name: 'running estimate', method: 'importance-flow', label: 'Importance flow', band: true },
  { name: 'running estimate, Monte Carlo', method: 'monte-carlo', label: 'Monte Carlo', band: false },
] as const;

/** Plain Monte Carlo has something to show from so many hits on; then both are seen from nothing to twice the truth. */
const fewHits = 5;
const whole: Range = [0, 2];

/** A running estimate with its 95 % interval, as shares of the truth. */
interface Running {
  readonly label: string;
  readonly method: string;
  readonly band: boolean;
  readonly draws: readonly number[];
  readonly values: readonly number[];
  readonly widths: readonly number[];
}

/** The estimate of a probability as draws come in, over its closed form, with the band of its 95 % interval; plain Monte Carlo beside it. */
export function runningEstimate(result: Drawn): Figure {
  const found = rareEventOf(result);
  const truth = found?.truthProbability ?? null;
  const all = truth === null ? [] : ways.flatMap((way) => runningOf(result.series, way, truth));
  const [own] = all;
  const lines = all.map(({ label, method, band, draws, values, widths }): PanelLine => ({
    ...{ key: method, label, band, weak: !band },
    colour: (theme) => eventLooks(method).colour(theme),
    mark: eventLooks(method).mark,
    points: draws.map((x, i) => ({
      ...{ x, y: values[i] ?? null, ci95: widths[i] ?? null },
      at: `${formatCount(x)} draws, P ≈ ${formatProbability((values[i] ?? NaN) * (truth ?? NaN))}`,
    })),
  }));
  const event = found === undefined ? 'the event' : `P(${found.event.text})`;
  return panels({
    name: 'running',
    title: `Running estimate of ${event} over the truth`,
    description: `The estimate of ${event} after so many draws of the flow, over its closed form, with its 95 % interval; and that of plain Monte Carlo. ${rareEventTruth(result) ?? ''}`,
    empty: own === undefined ? 'The estimate appears when the flow has been trained.' : null,
    panels: [
      {
        ...{ title: '', yTitle: 'estimate / truth', lines, levels: [{ label: 'truth', value: 1 }] },
        ...(own === undefined ? {} : { range: (found?.monteCarlo.hits ?? 0) < fewHits ? rangeOf(own) : whole }),
      },
    ],
    x: { title: 'draws', scale: 'log' },
    rows: () => table(all),
  });
}

function runningOf(series: readonly Series[], way: (typeof ways)[number], truth: number): Running[] {
  const of = (name: string): Series | undefined => series.find((one) => one.name === name);
  const [middle, upper] = [of(way.name), of(`${way.name}, upper end`)];
  if (middle === undefined) return [];
  const values = middle.y.values.map((value) => (value ?? NaN) / truth);
  const widths = values.map((value, i) => {
    const end = upper?.y.values[i];
    return typeof end === 'number' ? end / truth - value : 0;
  });
  return [{ ...way, draws: middle.x.values, values, widths }];
}

/** What the band reaches once there are a hundred draws, at most from nothing to twice the truth. */
function rangeOf({ draws, values, widths }: Running): Range {
  const ends = values.flatMap((value, i) => {
    if ((draws[i] ?? 0) < Math.min(100, (draws.at(-1) ?? 0) / 4)) return [];
    const width = widths[i] ?? 0;
    return [value - width, value + width];
  });
  const reach = Math.max(0.02, ...ends.filter(Number.isFinite).map((end) => Math.abs(end - 1)));
  return [1 - Math.min(1, 1.08 * reach), 1 + Math.min(1.2, 1.08 * reach)];
}

function table(all: readonly Running[]): DataTable {
  const draws = [...new Set(all.flatMap((one) => [...one.draws]))].sort((a, b) => a - b);
  return {
    columns: [
      { name: 'draws', label: 'draws', numeric: true },
      ...all.flatMap(({ label, method }) => [
        { name: `${method.replace('-', '_')}_ratio`, label, numeric: true },
        { name: `${method.replace('-', '_')}_ci95`, label: '± 95 %', numeric: true },
      ]),
    ],
    rows: draws.map((count) => [
      numberCell(count, 0),
      ...all.flatMap((one) => {
        const place = one.draws.indexOf(count);
        return [numberCell(one.values[place] ?? null, 4), numberCell(one.widths[place] ?? null, 4)];
      }),
    ]),
  };
}

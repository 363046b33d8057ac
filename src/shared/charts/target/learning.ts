import { formatCount, formatDuration, formatNumber } from '../../format';
import type { Result, Series } from '../../result';
import type { CurvePoint } from '../../runRecord';
import { methodNames, methodsIn } from '../../targetRun/names';
import { truthIn } from '../../targetRun/summary';
import { numberCell, textCell, type DataTable } from '../../tables';
import type { Figure } from '../figure';
import { panels, type Panel, type PanelLine, type PanelPoint } from '../panels';
import { trainingsOf } from '../training';
import { methodLooks } from './looks';

export interface LearningInput {
  readonly spec: Result['spec'];
  readonly metrics: Result['metrics'];
  readonly curves: readonly CurvePoint[];
  readonly series: readonly Series[];
  readonly by: 'iterations' | 'time';
}

interface Curve {
  readonly name: string;
  readonly quantity: string;
  readonly points: readonly {
    readonly iteration: number;
    readonly seconds: number | null;
    readonly value: number | null;
  }[];
}

/** The bound of every method as it was trained, in one plot, and its entropy in another: against updates, or seconds since it began. */
export function learning(input: LearningInput): Figure {
  const { spec, metrics, by } = input;
  const methods = methodsIn(spec);
  const label = methodNames(methods);
  const looks = methodLooks(methods.map(({ name }) => name));
  const curves = curvesOf(input);
  const { logZ } = truthIn(metrics);
  const groups = Map.groupBy(curves, ({ quantity }) => titleOf(quantity));
  const ordered = [...groups].sort(([a], [b]) => Number(b === bounded) - Number(a === bounded));
  const drawn = ordered.map(([yTitle, members]): Panel => {
    const lines = members.map(({ name, quantity, points }): PanelLine => {
      const { colour, mark } = looks(name);
      const several = members.filter((one) => one.name === name).length > 1;
      return {
        // The same line in both panels, so that one entry of the legend switches both.
        ...{
          key: several ? `${name}|${quantity}` : name,
          label: several ? `${label(name)}, ${quantity}` : label(name),
        },
        ...{ colour, mark, weak: true },
        points: points.flatMap(({ iteration, seconds, value }): PanelPoint[] => {
          const x = by === 'iterations' ? iteration : seconds;
          if (x === null || x <= 0) return [];
          return [{ x, y: value, at: by === 'iterations' ? `update ${formatCount(x)}` : formatDuration(x) }];
        }),
      };
    });
    const truth = yTitle === bounded && logZ !== null ? [{ label: 'truth', value: logZ }] : [];
    return {
      ...{
        title: ordered.length > 1 ? (yTitle === bounded ? 'bound' : yTitle.replace(/, nats$/, '')) : '',
        yTitle,
        lines,
        levels: truth,
      },
      range: rangeOf(lines, truth),
    };
  });
  const untimed = by === 'time' && drawn.every(({ lines }) => lines.every(({ points }) => points.length === 0));
  return panels({
    name: `learning-${by}`,
    title: `Learning curves against ${by === 'iterations' ? 'updates' : 'time'}`,
    description: curves
      .map(({ name, quantity, points }) => {
        const last = points.findLast(({ value }) => value !== null);
        return `${label(name)}: ${quantity} ${formatNumber(last?.value)} after ${formatCount(last?.iteration ?? 0)}.`;
      })
      .join(' '),
    empty:
      curves.length === 0
        ? 'Curves appear as methods are trained.'
        : untimed
          ? 'When each update was made was not kept with this result.'
          : null,
    panels: drawn.length === 0 ? [{ title: '', yTitle: '', lines: [] }] : drawn,
    x:
      by === 'iterations'
        ? { title: 'updates', scale: 'log' }
        : { title: 'seconds since the method began', scale: 'time' },
    rows: () => table(curves, label),
  });
}

const bounded = 'log Z, nats';
const onFixedNoise = 'bound on fixed noise';

/** What bounds log Z shares an axis. */
function titleOf(quantity: string): string {
  return isBound(quantity) ? bounded : `${quantity}, nats`;
}

function isBound(quantity: string): boolean {
  return /log Z|\bbound\b|ELBO/i.test(quantity);
}

/** What methods have in common; what belongs to one of them stands with its own training. */
function isShared(quantity: string): boolean {
  return isBound(quantity) || quantity === 'entropy';
}

function curvesOf({ curves, series }: LearningInput): Curve[] {
  const own = Map.groupBy(curves, ({ component }) => component);
  return trainingsOf(curves, series).flatMap(({ component, iterations, values }) => {
    const times = secondsOf(own.get(component) ?? []);
    // Where a bound is looked at on the same noise again and again, that says more than those of minibatches.
    const fixed = Object.keys(values).some((quantity) => quantity === onFixedNoise);
    const shared = Object.entries(values).filter(
      ([quantity]) => isShared(quantity) && (!fixed || quantity === onFixedNoise || !isBound(quantity)),
    );
    return shared.map(([quantity, list]) => ({
      ...{ name: component, quantity },
      points: iterations.flatMap((iteration, index) => {
        const value = list[index] ?? null;
        // It is looked at now and then only.
        if (value === null && quantity === onFixedNoise) return [];
        return [{ iteration, seconds: times.get(iteration) ?? null, value }];
      }),
    }));
  });
}

/** Since the method began, which was as long before its first point as points are apart. */
function secondsOf(points: readonly CurvePoint[]): Map<number, number> {
  const sorted = [...points].sort((a, b) => a.iteration - b.iteration);
  const [first, second] = sorted;
  if (first === undefined) return new Map();
  const rate =
    second === undefined || second.iteration === first.iteration
      ? 0
      : (second.seconds - first.seconds) / (second.iteration - first.iteration);
  const began = first.seconds - Math.max(0, rate) * first.iteration;
  return new Map(sorted.map(({ iteration, seconds }) => [iteration, Math.max(1e-3, seconds - began)]));
}

/** Beginnings may be far off: what the last four fifths of every curve reach, and the truth. */
function rangeOf(
  lines: readonly PanelLine[],
  levels: readonly { readonly value: number }[],
): readonly [number, number] {
  const values = lines.flatMap(({ points }) =>
    points.slice(Math.floor(points.length / 5)).flatMap(({ y }) => (y !== null && Number.isFinite(y) ? [y] : [])),
  );
  const all = [...values, ...levels.map(({ value }) => value)];
  if (all.length === 0) return [0, 1];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const pad = Math.max(1e-3, 0.08 * (high - low));
  return [low - pad, high + pad];
}

function table(curves: readonly Curve[], label: (name: string) => string): DataTable {
  return {
    columns: [
      { name: 'method', label: 'method', numeric: false },
      { name: 'quantity', label: 'quantity', numeric: false },
      { name: 'iteration', label: 'updates', numeric: true },
      { name: 'seconds', label: 'time', unit: 's', numeric: true },
      { name: 'value', label: 'value', numeric: true },
    ],
    rows: curves.flatMap(({ name, quantity, points }) =>
      points.map(({ iteration, seconds, value }) => [
        ...[label(name), quantity].map(textCell),
        ...[numberCell(iteration, 0), numberCell(seconds, 1), numberCell(value, 3)],
      ]),
    ),
  };
}

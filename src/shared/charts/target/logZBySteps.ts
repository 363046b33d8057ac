import { formatCount, formatPlusMinus } from '../../format';
import { methodLabel, scoreText } from '../../labels';
import type { Bound } from '../../result';
import type { NamedMethod } from '../../runFile';
import { methodsIn } from '../../targetRun/names';
import { truthIn, type Summarised } from '../../targetRun/summary';
import { intervalCell, numberCell, textCell, type DataTable } from '../../tables';
import { sideColour, sideTextColour } from '../encoding';
import type { Figure, Range } from '../figure';
import { panels, type PanelLine, type PanelPoint } from '../panels';
import { padded } from '../ticks';
import { methodLooks } from './looks';

type Side = 'lower' | 'upper';

interface Curve {
  readonly side: Side;
  /** What tells it from the others of its side. */
  readonly label: string;
  /** The first of its methods. */
  readonly method: string;
  readonly points: readonly {
    readonly steps: number;
    readonly method: string;
    readonly value: number;
    readonly ci95: number | null;
  }[];
}

export interface LogZByStepsInput extends Summarised {
  /** Whether the y axis shows all bounds, or what the tightest of each side reach: loose ones flatten everything else. */
  readonly fit?: 'all' | 'gap';
  readonly hidden?: ReadonlySet<string>;
}

/**
 * Bounds on log Z against the number of transitions, of methods that a run has with several: the lower ones rise and the upper ones fall
 * toward the truth. Others stand beside them at their own number.
 */
export function logZBySteps(input: LogZByStepsInput): Figure {
  const curves = curvesOf(input);
  const { logZ } = truthIn(input.metrics);
  const several = curves.some(({ points }) => new Set(points.map(({ steps }) => steps)).size > 1);
  const looks = methodLooks(curves.map(({ method }) => method));
  const lines = curves.map(({ side, label, method, points }): PanelLine => ({
    key: `${method}|${side}`,
    label: `${side === 'lower' ? '≥' : '≤'} ${label}`,
    colour: (theme) => sideColour(side, theme),
    textColour: (theme) => sideTextColour(side, theme),
    mark: { ...looks(method).mark, turned: side === 'upper' },
    band: true,
    points: points.map(({ steps, value, ci95 }): PanelPoint => ({
      x: steps,
      y: value,
      ci95,
      at: `K = ${formatCount(steps)}`,
    })),
  }));
  return panels({
    name: 'log-z-by-steps',
    title: 'Bounds on log Z against K',
    description: curves
      .map(({ side, label, points }) => {
        const [first, last] = [points[0], points.at(-1)];
        const at = (point: typeof first): string =>
          point === undefined ? '' : `${formatPlusMinus(point.value, point.ci95)} with K = ${formatCount(point.steps)}`;
        return `${label}: ${side} bound ${at(first)}${points.length < 2 ? '' : `, ${at(last)}`}.`;
      })
      .join(' '),
    empty: several ? null : 'No method of this run has bounds with several numbers of transitions.',
    panels: [
      {
        ...{ title: '', yTitle: 'log Z, nats', lines },
        levels: logZ === null ? [] : [{ label: 'truth', value: logZ }],
        ...(input.fit === 'gap' && curves.length > 0 ? { range: tightRange(curves, logZ) } : {}),
      },
    ],
    x: { title: 'transitions K', scale: 'log' },
    rows: () => table(curves, logZ),
    ...(input.hidden === undefined ? {} : { hidden: input.hidden }),
  });
}

/** From the highest lower curve to the lowest upper one, with their intervals and the truth. */
function tightRange(curves: readonly Curve[], logZ: number | null): Range {
  const tightest = (side: Side): Curve | undefined => {
    const sign = side === 'lower' ? 1 : -1;
    const end = ({ points }: Curve): number => Math.max(...points.map(({ value }) => sign * value));
    const own = curves.filter((curve) => curve.side === side && new Set(curve.points.map((at) => at.steps)).size > 1);
    return own.reduce<Curve | undefined>((best, one) => (best && end(best) >= end(one) ? best : one), undefined);
  };
  const ends = (['lower', 'upper'] as const).flatMap((side) =>
    (tightest(side)?.points ?? []).flatMap(({ value, ci95 }) => [value - (ci95 ?? 0), value + (ci95 ?? 0)]),
  );
  return padded([...ends, ...(logZ === null ? [] : [logZ])], 0.06, 1e-3);
}

/** Methods that differ in nothing but K are one curve. */
function curvesOf({ spec, bounds }: Summarised): Curve[] {
  const groups = [...Map.groupBy(methodsIn(spec).flatMap(stepped), ({ alike }) => alike).values()];
  return groups.flatMap((members) => {
    const type = members[0]?.type ?? '';
    const siblings = groups.filter((other) => other[0]?.type === type);
    const place = siblings.indexOf(members);
    const networks = siblings.map((other) => other[0]?.network);
    const told = networks.includes(undefined) || new Set(networks).size < siblings.length ? undefined : networks[place];
    const further = told === undefined ? ` ${place + 1}` : `, ${told}`;
    const label = `${methodLabel(type)}${siblings.length > 1 ? further : ''}`;
    return (['lower', 'upper'] as const).flatMap((side): Curve[] => {
      const points = members
        .flatMap(({ name, steps }) => {
          const found = bounds.find((one) => isOn(one, name, side));
          return found === undefined || found.value === null
            ? []
            : [{ steps, method: name, value: found.value, ci95: found.ci95 }];
        })
        .sort((a, b) => a.steps - b.steps);
      return points.length === 0 ? [] : [{ side, label, method: members[0]?.name ?? '', points }];
    });
  });
}

function isOn({ quantity, method, side }: Bound, name: string, wanted: Side): boolean {
  return quantity === 'log-z' && method === name && side === wanted;
}

interface Stepped {
  readonly name: string;
  readonly type: string;
  readonly steps: number;
  /** All settings but K, in one text. */
  readonly alike: string;
  readonly network?: string;
}

function stepped(method: NamedMethod): Stepped[] {
  const { name, ...own } = method;
  if (own.type === 'annealing-flow') {
    const { blocks, betas, refinement, ...others } = own;
    return [{ name, type: own.type, steps: (betas?.length ?? blocks) + refinement, alike: JSON.stringify(others) }];
  }
  if (!('steps' in own)) return [];
  const { steps, ...others } = own;
  const network = 'score' in own ? { network: scoreText(own.score) } : {};
  return [{ name, type: own.type, steps, alike: JSON.stringify(others), ...network }];
}

function table(curves: readonly Curve[], logZ: number | null): DataTable {
  return {
    columns: [
      { name: 'method', label: 'method', numeric: false },
      { name: 'side', label: 'side', numeric: false },
      { name: 'steps', label: 'K', numeric: true },
      { name: 'bound_nats', label: 'log Z', unit: 'nats', numeric: true, interval: true },
      ...(logZ === null ? [] : [{ name: 'truth_nats', label: 'truth', unit: 'nats', numeric: true }]),
    ],
    rows: curves.flatMap(({ side, label, points }) =>
      points.map(({ steps, value, ci95 }) => [
        ...[textCell(label), textCell(side), numberCell(steps, 0), intervalCell(value, ci95)],
        ...(logZ === null ? [] : [numberCell(logZ, 4)]),
      ]),
    ),
  };
}

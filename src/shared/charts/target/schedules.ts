import { z } from 'zod';
import { formatCount, formatNumber } from '../../format';
import type { Series } from '../../result';
import { methodNames, methodsIn } from '../../targetRun/names';
import type { Summarised } from '../../targetRun/summary';
import { numberCell, textCell, type DataTable } from '../../tables';
import type { Figure } from '../figure';
import { panels, type Panel, type PanelLine } from '../panels';
import { methodLooks } from './looks';

export interface SchedulesInput extends Pick<Summarised, 'spec' | 'metrics'> {
  readonly series: readonly Series[];
  readonly hidden?: ReadonlySet<string>;
}

type Quantity = 'beta' | 'step';

interface Schedule {
  readonly method: string;
  readonly quantity: Quantity;
  /** By transition, from 1 on; of many only some. */
  readonly points: readonly { readonly k: number; readonly value: number | null }[];
  readonly steps: number;
}

const ownSchema = z.object({
  refreshment: z.number().optional().catch(undefined),
  temperatures: z.number().optional().catch(undefined),
});
const titles: Readonly<Record<Quantity, string>> = { beta: 'inverse temperature β', step: 'step size δ' };

/** The inverse temperatures and the step sizes that methods go along, transition by transition: learned, found by a pilot, or given. */
export function schedules(input: SchedulesInput): Figure {
  const { spec, metrics, series } = input;
  const methods = methodsIn(spec);
  const label = methodNames(methods);
  const looks = methodLooks(methods.map(({ name }) => name));
  const all = methods.flatMap(({ name }) => schedulesOf(name, series, metrics));
  const bent = all.filter((one) => one.quantity === 'step' || !isLinear(one));
  const counts = new Set(bent.map(({ steps }) => steps));
  const shared = counts.size === 1;
  const place = (k: number, steps: number): number => (shared ? k : k / steps);
  const drawn = (['beta', 'step'] as const).flatMap((quantity): Panel[] => {
    const lines = bent
      .filter((one) => one.quantity === quantity)
      .map(({ method, points, steps }): PanelLine => {
        const { colour, mark } = looks(method);
        return {
          ...{ key: method, label: labelWith(label(method), metrics[method]), colour, mark },
          points: points.map(({ k, value }) => ({ x: place(k, steps), y: value, at: `k = ${formatCount(k)}` })),
        };
      });
    const values = lines.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])));
    const top = quantity === 'beta' ? 1.03 : 1.08 * Math.max(...values);
    return lines.length === 0 ? [] : [{ title: '', yTitle: titles[quantity], lines, range: [0, top] }];
  });
  const straight = all.filter((one) => one.quantity === 'beta' && isLinear(one)).map(({ method }) => label(method));
  return panels({
    name: 'schedules',
    title: 'Inverse temperatures and step sizes',
    description: [
      ...bent.map(({ method, quantity, points }) => {
        const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
        return `${label(method)}: ${titles[quantity]} from ${formatNumber(values[0])} to ${formatNumber(values.at(-1))}.`;
      }),
      ...(straight.length === 0 ? [] : [`β is k/K for ${straight.join('; ')}.`]),
    ].join(' '),
    empty: bent.length === 0 ? 'No method of this run goes along a schedule.' : null,
    panels: drawn.length === 0 ? [{ title: '', yTitle: '', lines: [] }] : drawn,
    x: { title: shared ? 'transition k' : 'share of the transitions, k/K', scale: 'linear' },
    rows: () => table(all, label),
    ...(input.hidden === undefined ? {} : { hidden: input.hidden }),
  });
}

/** What the momentum keeps is one number of the whole method. */
function labelWith(label: string, own: unknown): string {
  const h = ownSchema.safeParse(own).data?.refreshment;
  return h === undefined ? label : `${label}, h = ${formatNumber(h)}`;
}

/** By transition where a result has it so; for temperatures that a pilot found the places are counted. */
function schedulesOf(name: string, series: readonly Series[], metrics: Summarised['metrics']): Schedule[] {
  const found = (suffix: string): Series | undefined => series.find((one) => one.name === `${name}, ${suffix}`);
  const own = (
    [
      ['beta', 'β by transition'],
      ['step', 'step size by transition'],
    ] as const
  ).flatMap(([quantity, suffix]): Schedule[] => {
    const one = found(suffix);
    if (one === undefined) return [];
    const points = one.x.values.map((k, i) => ({ k, value: one.y.values[i] ?? null }));
    return [{ method: name, quantity, points, steps: one.x.values.at(-1) ?? 1 }];
  });
  const along = found('step size by temperature');
  if (own.length > 0 || along === undefined) return own;
  const betas = along.x.values;
  const steps = ownSchema.safeParse(metrics[name]).data?.temperatures ?? betas.length;
  const stride = Math.ceil(steps / Math.max(1, betas.length));
  const k = (i: number): number => Math.min(steps, (i + 1) * stride);
  return [
    { method: name, quantity: 'beta', steps, points: betas.map((value, i) => ({ k: k(i), value })) },
    { method: name, quantity: 'step', steps, points: along.y.values.map((value, i) => ({ k: k(i), value })) },
  ];
}

function isLinear({ points, steps }: Schedule): boolean {
  return points.every(({ k, value }) => value !== null && Math.abs(value - k / steps) < 1e-6);
}

function table(all: readonly Schedule[], label: (name: string) => string): DataTable {
  const groups = [...Map.groupBy(all, ({ method }) => method)];
  return {
    columns: [
      { name: 'method', label: 'method', numeric: false },
      { name: 'k', label: 'k', numeric: true },
      { name: 'beta', label: 'β', numeric: true },
      { name: 'step_size', label: 'step size', numeric: true },
    ],
    rows: groups.flatMap(([method, own]) => {
      const value = (quantity: Quantity, k: number): number | null =>
        own.find((one) => one.quantity === quantity)?.points.find((point) => point.k === k)?.value ?? null;
      return (own[0]?.points ?? []).map(({ k }) => [
        ...[textCell(label(method)), numberCell(k, 0)],
        ...[numberCell(value('beta', k), 4), numberCell(value('step', k), 4)],
      ]);
    }),
  };
}

/** The mass of each coordinate of the methods that learn one, where there are more than two. */
export function masses(input: SchedulesInput): Figure {
  const methods = methodsIn(input.spec);
  const label = methodNames(methods);
  const looks = methodLooks(methods.map(({ name }) => name));
  const found = methods.flatMap(({ name }) => {
    const one = input.series.find((each) => each.name === `${name}, mass by coordinate`);
    return one === undefined || one.x.values.length < 3 ? [] : [{ name, x: one.x.values, y: one.y.values }];
  });
  const lines = found.map(({ name, x, y }): PanelLine => {
    const { colour, mark } = looks(name);
    const points = x.map((i, at) => ({ x: i, y: y[at] ?? null, at: `coordinate ${formatCount(i)}` }));
    return { key: name, label: label(name), colour, mark, weak: true, points };
  });
  const spread = (values: readonly (number | null)[]): string => {
    const known = values.filter((value) => value !== null);
    return `${formatNumber(Math.min(...known))} to ${formatNumber(Math.max(...known))}`;
  };
  return panels({
    name: 'masses',
    title: 'Masses',
    description: found.map(({ name, y }) => `${label(name)}: masses from ${spread(y)}.`).join(' '),
    empty: found.length === 0 ? 'No method of this run has a mass for each of many coordinates.' : null,
    panels: [{ title: '', yTitle: 'mass', lines }],
    x: { title: 'coordinate', scale: 'linear' },
    rows: () => ({
      columns: [
        { name: 'method', label: 'method', numeric: false },
        { name: 'coordinate', label: 'coordinate', numeric: true },
        { name: 'mass', label: 'mass', numeric: true },
      ],
      rows: found.flatMap(({ name, x, y }) =>
        x.map((i, at) => [textCell(label(name)), numberCell(i, 0), numberCell(y[at] ?? null, 4)]),
      ),
    }),
    ...(input.hidden === undefined ? {} : { hidden: input.hidden }),
  });
}

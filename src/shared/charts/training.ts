import { formatCount, formatNumber } from '../format';
import type { Series } from '../result';
import type { CurvePoint } from '../runRecord';
import { numberCell, type DataTable } from '../tables';
import type { Figure } from './figure';
import { panels, type Panel, type PanelLine, type PanelPoint } from './panels';
import type { Mark } from './encoding';
import type { ChartTheme } from './theme';

/** How the training of one proposal or critic went, or is going. */
export interface Training {
  readonly component: string;
  readonly iterations: readonly number[];
  /** Updates in all; null where only what is done is known. */
  readonly planned: number | null;
  /** Of each quantity by its name, as long as `iterations`. */
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
}

/** The trainings of a run, each once, in their order: as its points tell them, else as its result keeps them. */
export function trainingsOf(curves: readonly CurvePoint[], series: readonly Series[]): Training[] {
  const live = [...Map.groupBy(curves, ({ component }) => component)].map(([component, points]): Training => {
    const sorted = [...points].sort((a, b) => a.iteration - b.iteration);
    const names = [...new Set(sorted.flatMap(({ values }) => Object.keys(values)))];
    return {
      component,
      iterations: sorted.map(({ iteration }) => iteration),
      planned: sorted.at(-1)?.iterations ?? null,
      values: Object.fromEntries(names.map((name) => [name, sorted.map(({ values }) => values[name] ?? null)])),
    };
  });
  const known = new Set(live.map(({ component }) => component));
  const kept = new Map<string, Training>();
  for (const { name, x, y } of series) {
    const [, component, quantity] = /^training ([^,]+), (.+)$/.exec(name) ?? [];
    if (component === undefined || quantity === undefined || known.has(component)) continue;
    const before = kept.get(component);
    kept.set(component, {
      component,
      iterations: x.values,
      planned: x.values.at(-1) ?? null,
      values: { ...before?.values, [quantity]: y.values },
    });
  }
  return [...live, ...kept.values()];
}

/** Quantities that share an axis: what is in nats and about I(x; z) together, shares by themselves, everything else alone. */
function groupOf(quantity: string): string {
  if (/\bof I$|\bon I$/.test(quantity)) return 'I(x; z), nats';
  if (/acceptance/.test(quantity)) return 'acceptance';
  if (unitless.test(quantity)) return quantity;
  return `${quantity}, nats`;
}

/** Of methods for targets: shares, counts and sizes. */
const unitless = /^[ηh]$|step of β|effective samples|step size|gradient norm|R-hat/;

/** What a quantity is not, where it could be taken for it. */
const cautions: Readonly<Record<string, string>> = {
  'energy difference': 'The energy difference is what training lowers. It says nothing about I(x; z).',
};

/** The learning curves of one component, a panel for what shares an axis. */
export function training({ component, iterations, planned, values }: Training): Figure {
  const names = Object.keys(values);
  const groups = Map.groupBy(names, groupOf);
  const parts = [...groups].map(([yTitle, members]): Panel => {
    const lines = members.map((name, index): PanelLine => ({
      key: name,
      label: labelOf(name),
      colour: (theme) => colourOf(name, index, theme),
      mark: { ...plain, dash: name.includes('estimate') ? [1.5, 2.5] : [] },
      weak: true,
      points: pointsOf(iterations, values[name] ?? []),
    }));
    const share = yTitle === 'acceptance' ? ({ range: [0, 1] } as const) : { range: rangeOf(lines) };
    return { title: '', yTitle, lines, ...share };
  });
  const last = iterations.at(-1) ?? 0;
  const now = names.flatMap((name) => {
    const value = values[name]?.findLast((one) => one !== null);
    return value === undefined || value === null ? [] : [`${name} ${formatNumber(value)}`];
  });
  const caution = names.flatMap((name) => cautions[name] ?? []);
  return panels({
    name: `training-${component}`,
    title: `Training of ${component}`,
    description: [
      `After ${formatCount(last)} of ${formatCount(planned ?? last)} updates: ${now.join('; ')}.`,
      ...caution,
    ].join(' '),
    empty: last === 0 ? 'The first point appears when its first window of updates ends.' : null,
    panels: parts.length === 0 ? [{ title: '', yTitle: '', lines: [] }] : parts,
    x: { title: 'updates', scale: 'linear' },
    rows: () => table({ component, iterations, planned, values }),
  });
}

/** Where most windows have no number it is one that is looked at now and then: its points are joined. Any other has holes. */
function pointsOf(iterations: readonly number[], values: readonly (number | null)[]): PanelPoint[] {
  const points = iterations.map((x, place) => ({ x, y: values[place] ?? null, at: `update ${formatCount(x)}` }));
  const known = points.filter(({ y }) => y !== null);
  return 2 * known.length < points.length ? known : points;
}

const plain: Mark = { symbol: 'circle', dash: [], hollow: false };

/** "BA lower bound on I" → "≥ BA" */
function labelOf(name: string): string {
  const [, estimator, side] = /^(\S+) (lower bound on|upper bound on|estimate of) I$/.exec(name) ?? [];
  if (estimator === undefined) return name.replace(/ of HMC$/, '');
  return `${side?.startsWith('lower') === true ? '≥' : side?.startsWith('upper') === true ? '≤' : '≈'} ${estimator}`;
}

function colourOf(name: string, index: number, theme: ChartTheme): string {
  if (name.includes('lower bound')) return index === 0 ? theme.lower : (theme.lowerShades[0] ?? theme.lower);
  if (name.includes('upper bound')) return theme.upper;
  return name.includes('estimate') ? theme.estimate : theme.ink;
}

/** The first updates may be very far off: what the last four fifths reach, and a little more. */
function rangeOf(lines: readonly PanelLine[]): readonly [number, number] {
  const values = lines.flatMap(({ points }) =>
    points.slice(Math.floor(points.length / 5)).flatMap(({ y }) => (y !== null && Number.isFinite(y) ? [y] : [])),
  );
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = Math.max(1e-3, 0.08 * (high - low), 1e-3 * Math.abs(high));
  return [low - pad, high + pad];
}

function table({ iterations, values }: Training): DataTable {
  const names = Object.keys(values);
  return {
    columns: [
      { name: 'iteration', label: 'updates', numeric: true },
      ...names.map((name) => ({ name: name.replaceAll(/\W+/g, '_'), label: name, numeric: true })),
    ],
    rows: iterations.map((iteration, index) => [
      numberCell(iteration, 0),
      ...names.map((name) => numberCell(values[name]?.[index] ?? null, 3)),
    ]),
  };
}

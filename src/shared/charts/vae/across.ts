import { styleOf, type RunStyle } from '../../compare/styles';
import { formatCount, formatDuration, formatNumber } from '../../format';
import type { CurvePoint } from '../../runRecord';
import { numberCell, textCell } from '../../tables';
import type { Figure } from '../figure';
import { panels, type PanelLine } from '../panels';
import { shortened } from '../text';
import { padded } from '../ticks';

/** A run that trains a VAE, in a comparison. */
export interface ComparedVae {
  readonly id: string;
  readonly label: string;
  /** Its looks at the validation data; other points say nothing here. */
  readonly curves: readonly CurvePoint[];
  readonly style?: RunStyle;
}

interface Look {
  readonly iteration: number;
  readonly seconds: number;
  /** nats */
  readonly value: number;
}

const suffix = ', validation';

/** The bounds that several VAEs are trained for, on their validation data, over each other: against updates or the time of each run. */
export function vaeLearningAcross(runs: readonly ComparedVae[], by: 'updates' | 'time'): Figure {
  const all = runs.map((run) => ({ ...run, ...looksOf(run.curves) }));
  const quantities = new Set(all.flatMap(({ quantity }) => (quantity === '' ? [] : [quantity])));
  const [only = ''] = quantities;
  const lines = all.map(({ id, label, quantity, looks, style }, index): PanelLine => {
    const { hue, dash } = style ?? styleOf(index);
    return {
      key: id,
      label:
        quantities.size > 1 && !label.includes(quantity)
          ? `${shortened(label, 32)}: ${quantity}`
          : shortened(label, 40),
      colour: (theme) => theme.runs[hue % theme.runs.length] ?? theme.ink,
      mark: { symbol: 'circle', dash: dash.split(' ').filter(Boolean).map(Number), hollow: false },
      points: looks.map(({ iteration, seconds, value }) => ({
        x: by === 'updates' ? iteration : seconds,
        y: value,
        at: by === 'updates' ? `update ${formatCount(iteration)}` : formatDuration(seconds),
      })),
    };
  });
  // The first looks may be very far off.
  const shown = all.flatMap(({ looks }) => looks.slice(Math.floor(looks.length / 10)).map(({ value }) => value));
  const empty = lines.every(({ points }) => points.length === 0);
  return panels({
    name: `validation-${by}`,
    title: `Bounds on validation data against ${by}`,
    description: all
      .flatMap(({ label, quantity, looks }) => {
        const best = Math.max(...looks.map(({ value }) => value));
        return looks.length === 0 ? [] : [`${label}: ${quantity} of at best ${formatNumber(best)} nats.`];
      })
      .join(' '),
    empty: empty ? 'The first point appears with the first look at the validation data.' : null,
    panels: [
      {
        ...{ title: '', yTitle: `${quantities.size === 1 ? only : 'bounds'} on validation data, nats`, lines },
        range: shown.length === 0 ? [0, 1] : padded(shown, 0.06, 1e-3 * Math.abs(shown[0] ?? 0)),
      },
    ],
    x: by === 'updates' ? { title: 'updates', scale: 'linear' } : { title: 'time', scale: 'time' },
    rows: () => ({
      columns: [
        ...['run', 'bound'].map((name) => ({ name, label: name, numeric: false })),
        { name: 'iteration', label: 'updates', numeric: true },
        { name: 'seconds', label: 'time', unit: 's', numeric: true },
        { name: 'value', label: 'value', unit: 'nats', numeric: true },
      ],
      rows: all.flatMap(({ label, quantity, looks }) =>
        looks.map(({ iteration, seconds, value }) => [
          ...[label, quantity].map(textCell),
          ...[numberCell(iteration, 0), numberCell(seconds, 1), numberCell(value, 3)],
        ]),
      ),
    }),
  });
}

/** What is looked at, and what was seen there. */
function looksOf(curves: readonly CurvePoint[]): { readonly quantity: string; readonly looks: readonly Look[] } {
  const found = curves.flatMap(({ component, iteration, seconds, values }) => {
    const entry = Object.entries(values).find(([name]) => name.endsWith(suffix));
    if (component !== 'vae' || entry === undefined || !Number.isFinite(entry[1])) return [];
    return [{ name: entry[0], iteration, seconds, value: entry[1] }];
  });
  const looks = found.map(({ iteration, seconds, value }) => ({ iteration, seconds, value }));
  return {
    quantity: found[0]?.name.slice(0, -suffix.length) ?? '',
    looks: looks.sort((a, b) => a.iteration - b.iteration),
  };
}

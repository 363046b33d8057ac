import { boundLabels } from '../../shared/boundNames';
import { overDifferentData } from '../../shared/boundPairs';
import { decimalsFor, formatCount, formatInterval, formatNumber, missing } from '../../shared/format';
import { oneLine } from '../../shared/errors';
import { quantityLabel, sideLabels } from '../../shared/labels';
import { quantities, type Bound } from '../../shared/result';
import { alignDecimals, tableLines } from './table';
import type { Terminal } from './terminal';

/** The bounds of a run: the upper ones above the lower ones, so that the bracket closes from top to bottom. */
export function boundsTable(bounds: readonly Bound[], { colours }: Terminal): string[] {
  const sorted = [...bounds].sort(
    (a, b) =>
      quantities.indexOf(a.quantity) - quantities.indexOf(b.quantity) ||
      sideOrder.indexOf(a.side) - sideOrder.indexOf(b.side) ||
      (b.value ?? -Infinity) - (a.value ?? -Infinity),
  );
  const intervals = sorted.map((bound) => formatInterval(bound.value, bound.ci95));
  const values = alignDecimals(intervals.map(({ value }) => value));
  const aligned = alignDecimals(intervals.map(({ halfWidth }) => halfWidth));
  const widest = Math.max(0, ...aligned.map((text) => text.length));
  const widths = aligned.map((text) => text.padStart(widest));
  const label = boundLabels(bounds);
  const terms = sorted.some((bound) => bound.terms !== undefined);
  const counted = overDifferentData(bounds);
  const rows = sorted.map((bound, index) => {
    const { relation, word } = sideLabels[bound.side];
    const width = widths[index] ?? missing;
    const cells = [
      quantityLabel(bound.quantity),
      oneLine(label(bound), 40),
      `${tint(bound.side, colours)(relation)} ${word}`,
      values[index] ?? missing,
      bound.ci95 === null ? width : `± ${width}`,
      ...(counted ? [formatCount(bound.n)] : []),
      ...(terms ? [termsText(bound)] : []),
    ];
    return bound.side === 'estimate' ? cells.map((cell) => colours.dim(cell)) : cells;
  });
  const lines = tableLines(
    [
      { title: 'quantity' },
      { title: 'estimator' },
      { title: 'side' },
      { title: 'nats', align: 'right' },
      { title: '95 %', align: 'right' },
      ...(counted ? [{ title: 'data', align: 'right' } as const] : []),
      ...(terms ? [{ title: 'BA + contrastive' }] : []),
    ],
    rows,
    colours.dim,
  );
  return sorted.some(({ side }) => side === 'estimate')
    ? [...lines, colours.dim('≈ is an estimate, not a bound: the truth may lie on either side of it.')]
    : lines;
}

/** "20.53 + 2.66", of a log K that the second cannot exceed. */
function termsText({ terms, samples, ci95 }: Bound): string {
  if (terms === undefined) return '';
  const decimals = Math.max(2, decimalsFor(ci95));
  const [ba, contrastive] = [terms.ba, terms.contrastive].map((value) => formatNumber(value, decimals));
  const ceiling = samples === undefined ? '' : ` (log K ${formatNumber(Math.log(samples), 2)})`;
  return `${ba} + ${contrastive}${ceiling}`;
}

const sideOrder: readonly Bound['side'][] = ['upper', 'lower', 'estimate'];

/** Lower bounds in blue and upper bounds in the terminal's orange, as in the charts; only the sign, so that any background will do. */
function tint(side: Bound['side'], colours: Terminal['colours']): (text: string) => string {
  return side === 'lower' ? colours.blue : side === 'upper' ? colours.yellow : (text) => text;
}

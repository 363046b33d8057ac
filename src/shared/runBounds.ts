import type { Bracket } from './answer';
import { boundKey, boundLabels, nameKey } from './boundNames';
import { numberParts, type NumberParts } from './bracketTexts';
import { boundDecimals, sandwichData } from './charts/sandwichData';
import { quantities, type Bound, type Result } from './result';
import type { RunDetail, RunPoint, RunRow } from './runRecord';
import { methodNames, methodsIn } from './targetRun/names';

const order: readonly Bound['side'][] = ['upper', 'lower', 'estimate'];

/** Upper bounds above lower ones, so that the bracket closes from top to bottom; estimates, which bound nothing, last. */
export function sortedBounds(bounds: readonly Bound[]): Bound[] {
  return [...bounds].sort(
    (a, b) =>
      quantities.indexOf(a.quantity) - quantities.indexOf(b.quantity) ||
      order.indexOf(a.side) - order.indexOf(b.side) ||
      (b.value ?? -Infinity) - (a.value ?? -Infinity),
  );
}

/** A bound with the digits that tell it from the best of its side, as charts and their tables show it. */
export interface BoundText {
  readonly bound: Bound;
  /** "IWAE, q, K = 1,000" */
  readonly label: string;
  readonly parts: NumberParts;
}

/** The bounds that do not close the bracket, from top to bottom. */
export function otherBounds(result: Pick<Result, 'bounds' | 'spec'>, bracket: Bracket | undefined): BoundText[] {
  const closes = ({ quantity, side, ...name }: Bound): boolean => {
    const best = side === 'estimate' || quantity !== bracket?.quantity ? undefined : bracket[side];
    return best !== undefined && nameKey(best) === nameKey(name);
  };
  const methods = methodsIn(result.spec);
  const named = methodNames(methods);
  const label = methods.length === 0 ? undefined : ({ method = '' }: Bound) => named(method);
  return boundTexts(result.bounds, bracket, label).filter(({ bound }) => !closes(bound));
}

/** Bounds from top to bottom, quantity by quantity, each called by what tells it from the others there. */
export function boundTexts(
  bounds: readonly Bound[],
  bracket: Bracket | undefined,
  label: (bound: Bound) => string = boundLabels(bounds),
): BoundText[] {
  const point = { temperatures: 1, seconds: 0, bounds };
  const dataOf = new Map(
    [...new Set(bounds.map(({ quantity }) => quantity))].map((quantity) => {
      const gapCi95 = quantity === bracket?.quantity ? (bracket.gapCi95 ?? null) : null;
      return [quantity, sandwichData([point], quantity, 'temperatures', gapCi95)];
    }),
  );
  return sortedBounds(bounds).map((bound) => {
    const data = dataOf.get(bound.quantity);
    const line = data?.lines.find(({ key }) => key === boundKey(bound));
    const decimals = data === undefined || line === undefined ? undefined : boundDecimals(data, line, 0);
    return { bound, label: label(bound), parts: numberParts(bound.value, bound.ci95, decimals) };
  });
}

/**
 * What a run knows by now: its result, or the bounds of its last round in the shape of one. Undefined before the first round.
 * @param row as it is now; it knows the interval of the gap, which a round's bounds do not
 */
export function resultSoFar(
  { spec, result }: Pick<RunDetail, 'spec' | 'result'>,
  row: RunRow,
  points: readonly RunPoint[],
): Result | undefined {
  if (result !== null && result.bounds.length > 0) return result;
  const last = points.at(-1);
  if (last === undefined) return result ?? undefined;
  const { quantity, lower, upper, gap, gapCi95, truth } = row;
  const current = [lower, upper].every(
    (side) => side === null || last.bounds.some(({ value }) => value === side.value),
  );
  return {
    run: row.id,
    kind: row.kind,
    spec: { ...spec },
    device: row.device,
    status: 'done',
    seconds: last.seconds,
    bounds: [...last.bounds],
    metrics: {
      ...(current && gap !== null ? { best: { quantity, lower, upper, gap, gapCi95: gapCi95 ?? undefined } } : {}),
      ...(truth === null ? {} : { truth: row.kind === 'target' ? { logZ: truth, source: '' } : truth }),
    },
    diagnostics: { temperatures: last.temperatures },
    warnings: result?.warnings ?? [],
    series: [],
    artifacts: [],
    ...(result?.error === undefined ? {} : { error: result.error }),
  };
}

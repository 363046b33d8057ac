import { boundKey } from '../boundNames';
import type { Bound } from '../result';
import type { RunPoint } from '../runRecord';
import { meanInterval } from '../statistics';
import type { CompareLine } from './lines';

/** The rounds of a line: those of its run, or of its seeds together, where each bound is the mean over seeds with its interval. */
export function linePoints(line: CompareLine, pointsOf: (id: string) => readonly RunPoint[]): readonly RunPoint[] {
  const [first, ...others] = line.rows.map(({ id }) => pointsOf(id));
  if (first === undefined || others.length === 0) return first ?? [];
  const rounds = Map.groupBy([first, ...others].flat(), ({ temperatures }) => temperatures);
  return [...rounds]
    .sort(([a], [b]) => a - b)
    .map(([temperatures, points]) => ({
      temperatures,
      seconds: meanInterval(points.map(({ seconds }) => seconds)).mean,
      bounds: together(points.flatMap(({ bounds }) => bounds)),
    }));
}

/** What a line has found last: the bounds of its run, or of its seeds together. */
export function lineBounds(line: CompareLine, pointsOf: (id: string) => readonly RunPoint[]): readonly Bound[] {
  const [first, ...others] = line.rows.map(({ id }) => pointsOf(id).at(-1)?.bounds ?? []);
  return first === undefined || others.length === 0 ? (first ?? []) : together([first, ...others].flat());
}

function together(bounds: readonly Bound[]): Bound[] {
  const same = Map.groupBy(bounds, boundKey);
  return [...same.values()].flatMap((seeds): Bound[] => {
    const [first] = seeds;
    if (first === undefined) return [];
    // Terms and times are those of one seed alone.
    const bound = { ...first };
    delete bound.terms;
    delete bound.seconds;
    const values = seeds.flatMap(({ value }) => value ?? []);
    if (values.length === 0) return [{ ...bound, value: null, ci95: null }];
    const { mean, ci95 } = meanInterval(values);
    return [{ ...bound, value: mean, ci95, n: values.length }];
  });
}

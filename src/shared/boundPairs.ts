import { nameKey } from './boundNames';
import { informations, type Information } from './estimatorCards';
import { informationOf } from './estimatorFacts';
import { quantities, type Bound } from './result';

/** The sides of one estimator with one base, critic and K. */
export interface BoundPair {
  readonly key: string;
  /** Any of its bounds, for what they share. */
  readonly name: Bound;
  /** What its lower side uses, or the side that there is. */
  readonly information: Information | null;
  readonly sides: Readonly<Partial<Record<Bound['side'], Bound>>>;
  readonly terms: Bound['terms'];
  /** log K of a bound of two terms, nats. */
  readonly ceiling: number | null;
  /** Of its slower side. */
  readonly seconds: number | null;
}

/**
 * Bounds side by side: quantity by quantity, from the most information to the least, those of one estimator together, and of one base and
 * critic by K.
 */
export function boundPairs(bounds: readonly Bound[]): BoundPair[] {
  const names = [...new Set(bounds.map(({ estimator }) => estimator))];
  const sources = [...new Set(bounds.map(sourceOf))];
  const groups = Map.groupBy(bounds, (bound) => `${bound.quantity}|${nameKey(bound)}`);
  return [...groups]
    .flatMap(([key, same]): BoundPair[] => {
      const [first] = same;
      if (first === undefined) return [];
      const sides = Object.fromEntries(same.map((bound) => [bound.side, bound])) as BoundPair['sides'];
      const split = same.find(({ terms }) => terms !== undefined);
      const spent = same.flatMap(({ seconds }) => seconds ?? []);
      return [
        {
          ...{ key, name: first, sides },
          information: informationOf(sides.lower ?? first),
          terms: split?.terms,
          ceiling: split?.samples === undefined ? null : Math.log(split.samples),
          seconds: spent.length === 0 ? null : Math.max(...spent),
        },
      ];
    })
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        names.indexOf(a.name.estimator) - names.indexOf(b.name.estimator) ||
        sources.indexOf(sourceOf(a.name)) - sources.indexOf(sourceOf(b.name)) ||
        (a.name.samples ?? 0) - (b.name.samples ?? 0),
    );
}

/** Whether some bounds on log p(x) are means over other data than the rest, as those of chains that were run for the first few. */
export function overDifferentData(bounds: readonly Bound[]): boolean {
  const own = bounds.filter(({ quantity }) => quantity === 'log-px');
  return new Set(own.map(({ n }) => n)).size > 1;
}

function sourceOf({ base = '', critic = '' }: Bound): string {
  return `${base}|${critic}`;
}

function rank({ name, information }: BoundPair): number {
  const among = information === null ? informations.length : informations.indexOf(information);
  return quantities.indexOf(name.quantity) * 10 + among;
}

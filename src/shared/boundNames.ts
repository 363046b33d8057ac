import { formatCount } from './format';
import { estimatorLabel, methodLabel } from './labels';
import type { Bound } from './result';

/** What makes a bound the one it is beside its quantity and side: a run has several of one estimator that differ in the rest. */
export interface BoundName {
  readonly estimator: string;
  readonly base?: string | undefined;
  readonly critic?: string | undefined;
  readonly samples?: number | undefined;
  /** The method of a target that it comes from. */
  readonly method?: string | undefined;
}

type Told = 'base' | 'critic' | 'samples';

/** The same for bounds of one name, whatever their sides: "iwae|q||1000". */
export function nameKey({ estimator, base, critic, samples, method }: BoundName): string {
  return [estimator, base ?? '', critic ?? '', samples ?? '', ...(method === undefined ? [] : [method])].join('|');
}

/** The same for one bound in every round of a run and in its result. */
export function boundKey(bound: BoundName & Pick<Bound, 'side'> & { readonly quantity?: Bound['quantity'] }): string {
  return [bound.quantity ?? '', bound.side, nameKey(bound)].join('|');
}

/** Whether an estimator's bound changes with the number of temperatures. */
export function isAnnealed({ estimator }: Pick<BoundName, 'estimator'>): boolean {
  return /ais$|^bdmc$|^ibal$/.test(estimator);
}

/** "prior" → "prior", "gaussian" → "Gaussian"; a proposal is called by its own name. */
export function baseLabel(base: string): string {
  return base === 'gaussian' ? 'Gaussian' : base;
}

/**
 * How to call each of some bounds that stand together: by the estimator, and by what tells it from others of the same estimator
 * there: "AIS", "IWAE, q, K = 1,000". Both sides of one pair are called the same.
 */
export function boundLabels(bounds: readonly BoundName[]): (bound: BoundName) => string {
  const shown = new Map<string, readonly Told[]>();
  for (const [estimator, siblings] of Map.groupBy(bounds, (bound) => bound.estimator))
    shown.set(estimator, tellingApart(siblings));
  return (bound) => labelOf(bound, shown.get(bound.estimator) ?? []);
}

/** A bound called by everything that is known of it. */
export function fullLabel(bound: BoundName): string {
  return labelOf(bound, ['base', 'critic', 'samples']);
}

/** A label as part of a column's name: "IWAE, q, K = 1,000" → "iwae_q_k1000". */
export function slugOf({ estimator }: BoundName, label: string): string {
  const rest = label
    .split(', ')
    .slice(1)
    .map((part) => part.replace(/^K = /, 'k').replaceAll(',', ''));
  return [estimator, ...rest].join('_').replaceAll(/\W+/g, '_');
}

/** Of bounds of one side that differ in K alone those with the most samples or chains, which are the tightest in expectation. */
export function withMostSamples<B extends BoundName & Pick<Bound, 'side'>>(bounds: readonly B[]): B[] {
  const apart = (bound: B): string => boundKey({ ...bound, samples: undefined });
  const most = new Map<string, number>();
  for (const bound of bounds) most.set(apart(bound), Math.max(most.get(apart(bound)) ?? 0, bound.samples ?? 0));
  return bounds.filter((bound) => (bound.samples ?? 0) === most.get(apart(bound)));
}

/** What siblings differ in. A base that follows from the critic is not said. */
function tellingApart(siblings: readonly BoundName[]): Told[] {
  const values = (key: Told): number => new Set(siblings.map((bound) => bound[key])).size;
  const told = (['base', 'critic', 'samples'] as const).filter((key) => values(key) > 1);
  if (!told.includes('critic') || !told.includes('base')) return told;
  const basesOf = Map.groupBy(siblings, ({ critic }) => critic);
  const follows = [...basesOf.values()].every((same) => new Set(same.map(({ base }) => base)).size === 1);
  return follows ? told.filter((key) => key !== 'base') : told;
}

function labelOf({ estimator, base, critic, samples, method }: BoundName, shown: readonly Told[]): string {
  // Methods of targets have names of their own, and particles instead of samples.
  if (method !== undefined) return methodLabel(method);
  return [
    estimatorLabel(estimator),
    ...(shown.includes('base') && base !== undefined ? [baseLabel(base)] : []),
    ...(shown.includes('critic') && critic !== undefined ? [critic] : []),
    ...(shown.includes('samples') && samples !== undefined ? [`K = ${formatCount(samples)}`] : []),
  ].join(', ');
}

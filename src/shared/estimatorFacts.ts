import { estimatorCards, type EstimatorCard, type Information } from './estimatorCards';
import type { Bound } from './result';

/** What a result says of each of its estimators, in `metrics.estimators`. */
export type EstimatorFacts = Pick<EstimatorCard, 'name' | 'information' | 'sides' | 'needs' | 'gap' | 'reference'>;

/** The facts of some estimators by name, as plain data; names that are not known are left out. */
export function estimatorFacts(names: readonly string[]): Record<string, EstimatorFacts> {
  return Object.fromEntries(
    names.flatMap((estimator) => {
      const card = Object.hasOwn(estimatorCards, estimator) ? estimatorCards[estimator] : undefined;
      if (card === undefined) return [];
      const { name, information, sides, needs, gap, reference } = card;
      return [[estimator, { name, information, sides: [...sides], needs, gap, reference }] as const];
    }),
  );
}

/** What a bound uses of the model, null of methods for targets. The upper side of Barber–Agakov needs more than its lower one. */
export function informationOf({
  estimator,
  side,
  method,
}: Pick<Bound, 'estimator' | 'side' | 'method'>): Information | null {
  if (method !== undefined) return null;
  if (estimator === 'ba' && side === 'upper') return 'joint density';
  return estimatorCards[estimator]?.information ?? null;
}

/** What an information means, in a clause. */
export const informationNotes: Readonly<Record<Information, string>> = {
  'joint density': 'p(x | z) and p(z) can be evaluated',
  'one marginal': 'p(z) can be evaluated, p(x | z) cannot',
  'samples only': 'nothing can be evaluated, only pairs drawn',
};

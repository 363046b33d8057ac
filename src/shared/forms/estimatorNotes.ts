import type { Estimator } from '../runFile';

/** One line on each estimator, for choosing: what it bounds and when it is the one to take. */
export const estimatorNotes: Readonly<Record<Estimator, string>> = {
  'im-ais':
    'K independent chains, both sides. The tighter upper bound on I(x; z); its lower bound shines at few temperatures.',
  'cr-ais': 'Chains coupled backwards from the exact sample. The tighter lower bound on I(x; z) at many temperatures.',
  bdmc: 'The best of both: the lower bound on log p(x) of IM-AIS and the upper of CR-AIS, as published tables have it.',
  ais: 'Each chain by itself, both sides. What the others improve on; kept for comparison.',
  iwae: 'Samples from the proposal without annealing. Cheap; its lower bound on I(x; z) cannot exceed its first term by more than log K.',
  's-infonce': 'Contrastive bounds that only draw from the prior. Cheap; the lower bound saturates at log K.',
};

/** Which settings an estimator uses. */
export function usesChains(estimator: string): boolean {
  return estimator !== 'iwae' && estimator !== 's-infonce';
}

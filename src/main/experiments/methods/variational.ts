import { trainFlow, type FlowSnapshot } from '../../trainers/dais/train';
import { followed } from '../followed';
import { followedBy, methodContext } from './judge';
import { normalOnly } from './normalOnly';
import type { Kind, MethodKind, MethodParts, Work } from './types';

type Flow = Kind<'dais'> | Kind<'vi'> | Kind<'iwvi'>;

/** Everything that maximises a bound of a chain, which for variational inference has no transitions. */
export function fitFlow(method: Flow, work: Work, parts: MethodParts) {
  return followed({
    ...followedBy(method, work, parts),
    start: (resume: FlowSnapshot | undefined) => trainFlow(method, methodContext(method.name, parts), resume),
  });
}

const viWork = (method: Kind<'vi'>): Work => ({ perStep: 3 * method.batch, steps: method.iterations });

export const vi: MethodKind<'vi'> = {
  work: viWork,
  judging: (_, draws) => 2 * draws,
  run: async function* (method, parts) {
    return yield* normalOnly(method, parts, yield* fitFlow(method, viWork(method), parts), 1, {});
  },
};

const iwviWork = (method: Kind<'iwvi'>): Work => ({
  perStep: 3 * method.batch * method.particles,
  steps: method.iterations,
});

export const iwvi: MethodKind<'iwvi'> = {
  work: iwviWork,
  judging: (_, draws) => 2 * draws,
  run: async function* (method, parts) {
    return yield* normalOnly(method, parts, yield* fitFlow(method, iwviWork(method), parts), method.particles, {});
  },
};

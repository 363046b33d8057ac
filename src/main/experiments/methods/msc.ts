import { climbScores, type MscSnapshot } from '../../trainers/msc';
import { followed } from '../followed';
import { followedBy, methodContext } from './judge';
import { normalOnly } from './normalOnly';
import type { Kind, MethodKind, Work } from './types';

const work = (method: Kind<'msc'>): Work => ({ perStep: method.samples * method.chains, steps: method.iterations });

/** Markovian score climbing. */
export const msc: MethodKind<'msc'> = {
  work,
  judging: (_, draws) => 2 * draws,
  run: async function* (method, parts) {
    const trained = yield* followed({
      ...followedBy(method, work(method), parts),
      start: (resume: MscSnapshot | undefined) => climbScores(method, methodContext(method.name, parts), resume),
    });
    return yield* normalOnly(method, parts, trained, 1, { candidateEss: trained.effectiveSampleSize });
  },
};

import { fillNormals, type Stream } from '../../tensor/random/streams';
import { componentSeed } from '../componentSeed';
import type { Block } from './blocks';
import type { ChainNoise } from './chain';

/**
 * The noise of chains. A number depends on the seed, on the step, on its particle, batch element, transition and coordinate, and on nothing
 * else: not on how batch × particles are cut.
 * @param steps K
 */
export function flowNoise(seed: number, dim: number, steps: number): (step: number, block: Block) => ChainNoise {
  // Transitions have seeds of their own, because the counter has no room left for them.
  const seeds = Array.from({ length: Math.max(0, steps - 1) }, (_, k) => componentSeed(seed, `transition ${k + 1}`));
  return (step, block) => {
    const fill = (out: Float32Array | Float64Array, from: number, stream: Stream): void =>
      fillNormals(out, { seed: from, stream, step, ...block, width: dim });
    return {
      position: (out) => fill(out, seed, 'pathInitial'),
      momentum: (out) => fill(out, seed, 'pathMomentum'),
      refreshment: (out, k) => fill(out, seeds[k - 1] ?? Number.NaN, 'pathRefreshment'),
    };
  };
}

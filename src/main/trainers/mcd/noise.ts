import { fillUniforms } from '../../tensor/random/streams';
import { flowNoise } from '../dais/noise';
import type { PathNoise } from '../paths/types';

/**
 * The noise of paths. A number depends on the seed, on the step, on its row, transition and coordinate, and on nothing else: not on how rows are
 * cut into blocks.
 * @param steps K
 */
export function pathNoise(
  seed: number,
  dim: number,
  steps: number,
): (step: number, firstRow: number, rows: number) => PathNoise {
  const draw = flowNoise(seed, dim, steps + 1);
  return (step, firstDatum, data) => {
    const { position, momentum, refreshment } = draw(step, { firstChain: 0, chains: 1, firstDatum, data });
    return { position, momentum, transition: refreshment };
  };
}

/** `count` of the transitions 1 … K, drawn anew in each step, in order. */
export function drawnTransitions(seed: number, step: number, steps: number, count: number): number[] {
  const all = Array.from({ length: steps }, (_, index) => index + 1);
  if (count >= steps) return all;
  const keys = new Float64Array(steps);
  fillUniforms(keys, {
    seed,
    stream: 'trainingSamples',
    step,
    firstChain: 0,
    chains: 1,
    firstDatum: 0,
    data: 1,
    width: steps,
  });
  const key = (k: number): number => keys[k - 1] ?? Number.NaN;
  // Ties have equal keys for both, and the order of numbers decides: the draw is the same on every machine.
  return all
    .sort((a, b) => key(a) - key(b) || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

import { vi } from 'vitest';
import { buildTarget, type Target } from '../../src/main/targets';
import { TemperedChains } from '../../src/main/samplers/temperedChains';
import type { SamplerContext, SamplerProgress } from '../../src/main/samplers/types';
import { openDevice } from '../../src/main/tensor/devices';
import type { Precision } from '../../src/main/tensor/types';
import { targetSchema } from '../../src/shared/runFile/target';

const device = await openDevice('cpu');

/** A density to sample, with random numbers of their own. */
export async function samplerContext(
  spec: object,
  { seed = 1, precision = 'float64' }: { readonly seed?: number; readonly precision?: Precision } = {},
): Promise<SamplerContext & { readonly target: Target }> {
  const target = await buildTarget(targetSchema.parse(spec), '.');
  return { name: 'sampler', target, device, seed, precision };
}

/** Runs a sampler to its end, or to a snapshot after so many steps. */
export async function ran<S, P, T>(
  sampler: AsyncGenerator<SamplerProgress<S, P>, T>,
  stop = Infinity,
): Promise<{ readonly result: T | undefined; readonly parts: P[]; readonly snapshot: S | undefined; steps: number }> {
  const parts: P[] = [];
  for (let steps = 1; ; steps += 1) {
    const next = await sampler.next();
    if (next.done === true) return { result: next.value, parts, snapshot: undefined, steps: steps - 1 };
    if (next.value.part !== undefined) parts.push(next.value.part);
    if (steps < stop) continue;
    const snapshot = structuredClone(next.value.capture());
    await sampler.return(undefined as never);
    return { result: undefined, parts, snapshot, steps };
  }
}

/** Plants a bias: transitions go toward another temperature than they should. Until mocks are restored. */
export function misled(by: number): void {
  const transition = Reflect.get(TemperedChains.prototype, 'transition');
  vi.spyOn(TemperedChains.prototype, 'transition').mockImplementation(function (this: TemperedChains, state, moves) {
    return transition.call(this, state, { ...moves, betas: moves.betas.map((beta) => Math.min(1, beta + by)) });
  });
}

import { fillNormals } from '../../src/main/tensor/random/streams';
import { openDevice } from '../../src/main/tensor/devices';
import { sizeOf, type Device, type Precision } from '../../src/main/tensor/types';
import type { ChainTarget } from '../../src/main/trainers/dais/fields';
import type { MethodContext } from '../../src/main/trainers/methodTypes';
import type { NetworkMemory } from '../../src/main/trainers/mcd/objectiveTypes';
import { samplerParameterNames, type SamplerParameters } from '../../src/main/trainers/mcd/parameters';
import type { ScoreNetwork } from '../../src/main/trainers/mcd/scoreNetwork';
import { methodSchema, type PathSpec } from '../../src/shared/runFile/methods';

/** A method of annealed paths with every default. */
export function pathSpec(draft: Record<string, unknown>): PathSpec {
  return methodSchema.parse(draft) as PathSpec;
}

export async function pathContext(
  target: ChainTarget,
  { precision = 'float32', seed = 1, device }: { precision?: Precision; seed?: number; device?: Device } = {},
): Promise<MethodContext> {
  return { name: 'path', target, device: device ?? (await openDevice('cpu')), seed, precision };
}

function normals(length: number, seed: number, step: number): Float64Array {
  const out = new Float64Array(length);
  const row = { firstChain: 0, chains: 1, firstDatum: 0, data: 1, width: length };
  fillNormals(out, { seed, stream: 'trainingWeights', step, ...row });
  return out;
}

/** Weights in doubles that are zero nowhere, in the memory that objectives read and add to. */
export function doubleNetwork({ shapes }: ScoreNetwork, scale = 0.3): NetworkMemory & { readonly clear: () => void } {
  const feeds: Record<string, Float64Array> = {};
  const gradients: Record<string, Float64Array> = {};
  Object.entries(shapes).forEach(([name, shape], step) => {
    const size = sizeOf(shape);
    feeds[`parameters/${name}`] = normals(size, 3, step).map((value) => scale * value);
    gradients[`gradients/${name}`] = new Float64Array(size);
  });
  return { feeds, gradients, clear: () => Object.values(gradients).forEach((values) => values.fill(0)) };
}

/** Sampler parameters that are all different. */
export function varied(sampler: SamplerParameters, size = 0.2): SamplerParameters {
  const moved = samplerParameterNames.map((name, step) => {
    const noise = normals(sampler[name].length, 4, step);
    return [name, sampler[name].map((value, i) => value + size * (noise[i] ?? Number.NaN))] as const;
  });
  return Object.fromEntries(moved) as unknown as SamplerParameters;
}

/** The slope of a function along one number of an array, by central differences. */
export async function slope(values: Float64Array, place: number, fn: () => Promise<number>): Promise<number> {
  const before = values[place] ?? Number.NaN;
  const step = 1e-5;
  values[place] = before + step;
  const above = await fn();
  values[place] = before - step;
  const below = await fn();
  values[place] = before;
  return (above - below) / (2 * step);
}

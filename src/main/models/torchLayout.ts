import type { Layer } from '../../shared/runFile';
import type { NamedTensor } from '../checkpoints';
import type { ParameterShapes, Parameters } from './network';

/**
 * Weights of layers as a checkpoint lays them out, so that the same layers can be built from them again: kernels with their channels in
 * front, and the scale and shift of a batch normalisation as its weight and bias beside statistics that change nothing.
 */
export function torchLayout(layers: readonly Layer[], shapes: ParameterShapes, parameters: Parameters): NamedTensor[] {
  const kernels = new Set<string>();
  const norms = new Map<string, number>();
  for (const layer of layers) {
    if (typeof layer === 'string') continue;
    if ('conv' in layer) kernels.add(`${layer.conv}.weight`);
    if ('convTranspose' in layer) kernels.add(`${layer.convTranspose}.weight`);
    if ('batchNorm' in layer) norms.set(layer.batchNorm, layer.epsilon);
  }
  return Object.entries(shapes).flatMap(([name, shape]) => {
    const data = parameters[name] ?? new Float32Array();
    const key = name.slice(0, name.lastIndexOf('.'));
    const epsilon = norms.get(key);
    if (kernels.has(name)) return [channelsFirst(name, shape, data)];
    if (epsilon === undefined) return [float32(name, shape, data)];
    if (name.endsWith('.shift')) return [float32(`${key}.bias`, shape, data)];
    return [
      float32(`${key}.weight`, shape, data),
      float32(`${key}.running_mean`, shape, new Float32Array(data.length)),
      float32(`${key}.running_var`, shape, new Float32Array(data.length).fill(1 - epsilon)),
    ];
  });
}

function float32(name: string, shape: readonly number[], data: Float32Array): NamedTensor {
  return { name, shape, dtype: 'float32', data };
}

/** A kernel `[h, w, a, b]` as `[b, a, h, w]`. */
function channelsFirst(name: string, shape: readonly number[], data: Float32Array): NamedTensor {
  const [height = 1, width = 1, a = 1, b = 1] = shape;
  const out = new Float32Array(data.length);
  for (let place = 0; place < height * width; place += 1)
    for (let i = 0; i < a; i += 1)
      for (let j = 0; j < b; j += 1)
        out[(j * a + i) * height * width + place] = data[(place * a + i) * b + j] ?? Number.NaN;
  return float32(name, [b, a, height, width], out);
}

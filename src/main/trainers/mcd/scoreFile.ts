import { writeSafetensors, type NamedTensor } from '../../checkpoints';
import type { TrainedSampler } from './evaluate';
import { samplerParameterNames } from './parameters';

/**
 * A trained sampler with its score network as the bytes of a .safetensors file: the network's tensors by their names, the sampler's under
 * "sampler.", and in the metadata what both are.
 * @param training the settings that it was trained with
 */
export function scoreFile(
  name: string,
  { settings, sampler, network = {} }: TrainedSampler,
  training: Readonly<Record<string, unknown>>,
): Uint8Array {
  const shapes = settings.network?.shapes ?? {};
  const ofNetwork = Object.entries(network).map(([key, data]): NamedTensor => ({
    name: key,
    shape: shapes[key] ?? [data.length],
    dtype: 'float32',
    data,
  }));
  const ofSampler = samplerParameterNames.map((key): NamedTensor => ({
    name: `sampler.${key}`,
    shape: [sampler[key].length],
    dtype: 'float64',
    data: sampler[key],
  }));
  return writeSafetensors([...ofNetwork, ...ofSampler], {
    title: `Annealed paths "${name}"`,
    network: JSON.stringify({
      kind: 'annealed-paths',
      dim: sampler.mean.length,
      ...settings.path,
      score: settings.network?.size,
    }),
    training: JSON.stringify(training),
  });
}

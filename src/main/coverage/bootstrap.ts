import { quantileOf } from './floors';
import { seeded } from './random';

/**
 * 95 % interval of a statistic of n independent samples by resampling them (Efron's percentiles).
 * @param statistic of the samples of the given indices
 */
export function bootstrapInterval(
  n: number,
  statistic: (indices: Uint32Array) => number,
  { resamples = 200, seed = 0 }: { resamples?: number; seed?: number } = {},
): readonly [number, number] {
  const random = seeded(seed, 'bootstrap');
  const values = new Float64Array(resamples);
  const indices = new Uint32Array(n);
  for (let resample = 0; resample < resamples; resample += 1) {
    for (let i = 0; i < n; i += 1) indices[i] = random.integer(n);
    values[resample] = statistic(indices);
  }
  values.sort();
  return [quantileOf(values, 0.025), quantileOf(values, 0.975)];
}

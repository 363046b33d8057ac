import { InputError } from '../../shared/errors';
import { ReverseSum, riwae } from '../bounds/riwae';
import type { LinearGaussian } from '../models';
import { fillNormals, type Stream } from '../tensor/random/streams';
import type { DatumBounds } from './datumBounds';
import type { EvaluationData } from './data';
import { sidesOf } from './sampleBounds';

/** Half a gigabyte of samples. */
const mostNumbers = 2 ** 27;

/**
 * Refuses what asks for independent exact posterior samples where the model has none, or for more of them than fit in memory.
 * @param estimator that asks for them
 * @throws InputError
 */
export function admitPosteriorSamples(
  exact: LinearGaussian | undefined,
  estimator: 'ir-ais' | 'riwae',
  data: Pick<EvaluationData, 'count'>,
  { count, latent }: { readonly count: number; readonly latent: number },
): asserts exact is LinearGaussian {
  if (exact === undefined) {
    throw new InputError(
      'estimators',
      `"${estimator}" needs several independent exact posterior samples of each datum, which only linear decoders with Gaussian noise have`,
      'Leave it out; "cr-ais" and "im-ais" need one sample only.',
    );
  }
  if (count * data.count * latent > mostNumbers) {
    throw new InputError(
      estimator === 'riwae' ? 'iwae.samples' : 'ais.chains',
      `"${estimator}" would hold ${count} posterior samples of each of ${data.count} data at once, more than fit in memory`,
      'Use fewer of them, or fewer data.',
    );
  }
}

/**
 * K independent exact posterior samples of each datum, `[K, count, d]`, which only a closed form can give.
 * @param estimator that asks for them, for the refusal
 * @throws InputError where the model has none
 */
export function posteriorSamples(
  exact: LinearGaussian | undefined,
  estimator: 'ir-ais' | 'riwae',
  data: Pick<EvaluationData, 'count' | 'x'>,
  options: { readonly count: number; readonly latent: number; readonly seed: number; readonly stream: Stream },
): Float32Array {
  const { count, latent, seed, stream } = options;
  admitPosteriorSamples(exact, estimator, data, options);
  const width = data.x.length / data.count;
  const samples = new Float32Array(count * data.count * latent);
  for (let datum = 0; datum < data.count; datum += 1) {
    const normals = new Float32Array(count * latent);
    fillNormals(normals, {
      seed,
      stream,
      step: 0,
      width: latent,
      firstChain: 0,
      chains: count,
      firstDatum: datum,
      data: 1,
    });
    const drawn = exact.posterior(data.x.subarray(datum * width, (datum + 1) * width)).sample(normals);
    for (let chain = 0; chain < count; chain += 1) {
      samples.set(drawn.subarray(chain * latent, (chain + 1) * latent), (chain * data.count + datum) * latent);
    }
  }
  return samples;
}

/**
 * Reverse IWAE at several K from one set of weights.
 * @param proposal w at one sample of the base, of each datum
 * @param exact w at K exact posterior samples of each datum
 */
export function reverseBounds(
  base: string,
  proposal: readonly number[],
  exact: readonly (readonly number[])[],
  counts: readonly number[],
): DatumBounds[] {
  return counts.map((samples) => {
    const each = exact.map((weights, datum) => {
      const sum = (count: number): ReverseSum => {
        const total = new ReverseSum();
        for (const weight of weights.slice(0, count)) total.add(weight);
        return total;
      };
      return { lower: riwae.lower(proposal[datum] ?? Number.NaN, sum(samples - 1)), upper: riwae.upper(sum(samples)) };
    });
    return { estimator: 'riwae' as const, base, samples, logPx: sidesOf(each) };
  });
}

import { formatNumber } from '../../../shared/format';
import { formatProbability } from '../../../shared/rareEvent/answer';
import type { RareEvent } from '../../../shared/rareEvent/summary';
import { eventProbability } from '../../metrics/eventProbability';
import { divergenceOf } from '../../trainers/ratio/loss';
import type { EstimatedRatios } from '.';

type Facts = NonNullable<RareEvent['ratio']>;

/**
 * What estimated density ratios would have said, and how far their sums are from the exact log ratios, which are known here.
 * @param logWeights log p − log ρ of draws in the event, −∞ of the others
 * @param truth log P, nats
 */
export function ratioFacts({ trained, sums }: EstimatedRatios, logWeights: Float64Array, truth: number): Facts {
  const estimated = logWeights.map((value, draw) => (value === -Infinity ? value : (sums[draw] ?? NaN)));
  const { logValue } = eventProbability(estimated);
  const errors: number[] = [];
  logWeights.forEach((exact, draw) => {
    if (exact !== -Infinity) errors.push((sums[draw] ?? NaN) - exact);
  });
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
  const largest = errors.reduce((most, error) => (Math.abs(error) > Math.abs(most) ? error : most), 0);
  const plain = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    value: plain(Math.exp(logValue)),
    logValue: plain(logValue),
    ratio: plain(Math.exp(logValue - truth)),
    error: errors.length === 0 || !Number.isFinite(variance) ? null : { mean, std: Math.sqrt(variance), largest },
    losses: trained.losses.map(plain),
    divergences: trained.losses.map((loss) => plain(divergenceOf(loss))),
  };
}

/** That the ratios are biased is said in every run that estimates them. */
export function ratioWarnings({ trained }: EstimatedRatios, { ratio }: Pick<RareEvent, 'ratio'>): string[] {
  const error = ratio?.error;
  const off =
    error === null || error === undefined
      ? ''
      : ` Here its log ratios are off by ${formatNumber(error.mean, 2)} nats on average, with a standard deviation of ${formatNumber(error.std, 2)}.`;
  return [
    ...(trained.diverged === undefined ? [] : [trained.diverged.message]),
    `The estimate by learned density ratios, ${formatProbability(ratio?.value ?? null)}, is not unbiased unless every network is exact, and it bounds nothing.${off}`,
  ];
}

import type { Approximation } from '../../shared/result';
import type { HeldOut } from '../targets/types';
import type { MethodSamples } from './picture';

/** How well an answer predicts rows that were kept back, by the posterior predictive p(y | x) = E[p(y | x, w)] under the answer. */
export interface HeldOutScores {
  /** Mean over the rows of log p(y | x), nats. */
  readonly heldOutLogPredictive: number;
  /** Share of rows whose class has a probability above one half; an even chance counts half. */
  readonly heldOutAccuracy: number;
}

/** Places of a standard normal and the logarithms of their weights: sums over even steps, which converge fast for what decays. */
const nodes = Float64Array.from({ length: 769 }, (_, i) => -12 + i / 32);
const logNodeWeights = nodes.map((u) => -0.5 * u * u - 0.5 * Math.log(2 * Math.PI) - Math.log(32));

/** Of a factorised normal: the logit of a row is normal too, so that its predictive is an integral over one number. */
export function normalScores(
  { design, labels }: HeldOut,
  { mean, std }: Pick<Approximation, 'mean' | 'std'>,
): HeldOutScores {
  return scores(labels, (row, sign) => {
    let [centre, variance] = [0, 0];
    mean.forEach((m, i) => {
      const x = design[row * mean.length + i] ?? NaN;
      centre += x * m;
      variance += (x * (std[i] ?? NaN)) ** 2;
    });
    const width = Math.sqrt(variance);
    return logSumExp(nodes.map((u, i) => logSigmoid(sign * (centre + width * u)) + (logNodeWeights[i] ?? NaN)));
  });
}

/**
 * Of draws, by their weights where they have some.
 * @returns undefined where no draw has a weight
 */
export function sampleScores(
  { design, labels, rows }: HeldOut,
  { values, logWeights }: Pick<MethodSamples, 'values' | 'logWeights'>,
): HeldOutScores | undefined {
  const dim = design.length / rows;
  const draws = Array.from({ length: values.length / dim }, (_, draw) => draw).filter((draw) =>
    Number.isFinite(logWeights?.[draw] ?? 0),
  );
  if (draws.length === 0) return undefined;
  const logs = Float64Array.from(draws, (draw) => logWeights?.[draw] ?? 0);
  const total = logSumExp(logs);
  const terms = new Float64Array(draws.length);
  return scores(labels, (row, sign) => {
    draws.forEach((draw, index) => {
      let logit = 0;
      for (let i = 0; i < dim; i += 1) logit += (design[row * dim + i] as number) * (values[draw * dim + i] as number);
      terms[index] = logSigmoid(sign * logit) + (logs[index] as number) - total;
    });
    return logSumExp(terms);
  });
}

/** The scores of a method's answer: of its normal where it ends in one, else of its draws. */
export function heldOutScores(
  heldOut: HeldOut | undefined,
  approximation: Approximation | undefined,
  samples: MethodSamples | undefined,
): HeldOutScores | undefined {
  if (heldOut === undefined) return undefined;
  if (approximation !== undefined) return normalScores(heldOut, approximation);
  return samples === undefined ? undefined : sampleScores(heldOut, samples);
}

/** @param logPredictive log probability that a row is of class 1 (sign 1) or 0 (sign −1) */
function scores(labels: Int32Array, logPredictive: (row: number, sign: 1 | -1) => number): HeldOutScores {
  let [total, right] = [0, 0];
  labels.forEach((label, row) => {
    const own = logPredictive(row, label === 1 ? 1 : -1);
    const even = own + Math.LN2;
    total += own;
    // What is even but for rounding is even.
    right += Math.abs(even) < 1e-12 ? 0.5 : Number(even > 0);
  });
  return { heldOutLogPredictive: total / labels.length, heldOutAccuracy: right / labels.length };
}

function logSigmoid(t: number): number {
  return Math.min(t, 0) - Math.log1p(Math.exp(-Math.abs(t)));
}

function logSumExp(values: Float64Array): number {
  const top = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

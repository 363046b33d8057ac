import type { Approximation } from '../../../shared/result';
import type { NamedMethod } from '../../../shared/runFile';
import type { evaluateFlow } from '../../trainers/dais/evaluate';
import { type EvaluationSnapshot } from '../../trainers/dais/evaluate';
import { mostDraws } from '../../metrics/keptDraws';
import type { Evaluation, FactorisedNormal, Fitted, MethodContext } from '../../trainers/methodTypes';
import { followed } from '../followed';
import type { MethodOutcome, MethodParts, Work } from './types';
import { logWeightHistogram, topShare } from './weightShares';

/** What a method is told of the run that it is part of. */
export function methodContext(name: string, { spec, target, context }: MethodParts): MethodContext {
  return { name, target, device: context.device, seed: spec.seed, precision: spec.precision };
}

/** How a method is followed while it works. */
export function followedBy({ name }: Pick<NamedMethod, 'name'>, work: Work, { context, meter }: MethodParts) {
  return { name, iterations: work.steps, units: work.perStep, context, meter };
}

/**
 * Draws from what a method has learned and sums up the weights.
 * @param particles N: draws under one logarithm; the number of draws is rounded down to whole groups
 * @param units of one draw, in evaluations of rows of the target
 */
export function evaluation(
  name: string,
  { spec, target, context, meter }: MethodParts,
  { particles, units }: { readonly particles: number; readonly units: number },
  start: (
    options: { readonly samples: number; readonly particles: number; readonly keep: number },
    resume: EvaluationSnapshot | undefined,
  ) => ReturnType<typeof evaluateFlow>,
) {
  const samples = Math.max(1, Math.floor(spec.evaluate.samples / particles)) * particles;
  return followed({
    ...{ name, stage: 'evaluating', iterations: samples, units, context, meter },
    start: (resume: EvaluationSnapshot | undefined) =>
      start({ samples, particles, keep: mostDraws(target.dim) }, resume),
  });
}

/**
 * What draws say of log Z.
 * @param back log weights of exact samples, nats, where the method can run back from them
 */
export function judged(
  method: string,
  estimator: string,
  particles: number,
  draws: Evaluation,
  back?: Float64Array,
): Pick<MethodOutcome, 'bounds' | 'samples' | 'draws' | 'warnings'> & { readonly metrics: Record<string, unknown> } {
  const { bound, dropped } = draws;
  // A mean over the draws that happened to be finite would be no bound.
  const valid = dropped === 0 && Number.isFinite(bound.value);
  const top = topShare(draws.sampleLogWeights);
  const weights = logWeightHistogram(draws.sampleLogWeights, back);
  return {
    bounds: [
      {
        ...{ quantity: 'log-z', estimator, side: 'lower', method, samples: particles },
        value: valid ? bound.value : null,
        ci95: valid ? bound.ci95 : null,
        n: bound.n,
      },
    ],
    samples: [{ method, values: draws.samples, logWeights: draws.sampleLogWeights }],
    draws: [
      {
        ...{ method, values: draws.samples, logWeights: draws.sampleLogWeights },
        ...(back === undefined ? {} : { logRatios: back }),
      },
    ],
    warnings: valid ? [] : [`${method} has no bound: the weight of ${dropped} draws is not finite.`],
    metrics: {
      ...(valid ? { bound: bound.value, boundCi95: bound.ci95 } : {}),
      logZEstimate: draws.estimate,
      logWeightVariance: draws.logWeightVariance,
      ess: draws.effectiveSampleSize,
      largestWeight: draws.largestShare,
      ...(Number.isFinite(top) ? { topWeights: top } : {}),
      ...(weights === undefined ? {} : { logWeightHistogram: weights }),
    },
  };
}

export function approximation(method: string, { mean, logVariance }: FactorisedNormal): Approximation {
  return { method, mean: [...mean], std: Array.from(logVariance, (value) => Math.exp(value / 2)) };
}

export function ofFit({ average, dropped, gradientEvaluations }: Fitted): Record<string, unknown> {
  const { logVariance } = average;
  const entropy =
    0.5 * logVariance.length * (1 + Math.log(2 * Math.PI)) +
    0.5 * logVariance.reduce((total, value) => total + value, 0);
  return { entropy, gradientEvaluations, ...(dropped === 0 ? {} : { droppedUpdates: dropped }) };
}

export function fitWarnings(name: string, { diverged, dropped }: Pick<Fitted, 'diverged' | 'dropped'>): string[] {
  if (diverged !== undefined) return [diverged.message];
  if (dropped === 0) return [];
  return [
    `${name}: ${dropped} updates were dropped, with something not finite in them. A smaller learningRate or stepSize mends it.`,
  ];
}

import type { NamedMethod } from '../../../shared/runFile';
import { evaluateInitial } from '../../trainers/dais/evaluate';
import type { Fitted } from '../../trainers/methodTypes';
import { curveSeries } from '../learned';
import type { RunEvent } from '../types';
import { approximation, evaluation, fitWarnings, judged, methodContext, ofFit } from './judge';
import type { MethodOutcome, MethodParts } from './types';

/** A method whose answer is a factorised normal. */
export async function* normalOnly(
  { name, type }: NamedMethod,
  parts: MethodParts,
  trained: Fitted,
  particles: number,
  more: Record<string, unknown>,
): AsyncGenerator<RunEvent, MethodOutcome> {
  const draws = yield* evaluation(name, parts, { particles, units: 1 }, (options, resume) =>
    evaluateInitial(trained.average, options, methodContext(name, parts), resume),
  );
  const { bounds, metrics, samples, draws: kept = [], warnings } = judged(name, type, particles, draws);
  return {
    name,
    bounds,
    approximations: [approximation(name, trained.average)],
    metrics: { [name]: { ...metrics, ...ofFit(trained), ...more } },
    samples,
    draws: kept,
    series: curveSeries(name, trained.curve),
    warnings: [...fitWarnings(name, trained), ...warnings],
    gradientEvaluations: trained.gradientEvaluations,
  };
}

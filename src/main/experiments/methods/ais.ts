import type { Bound } from '../../../shared/result';
import {
  aisLength,
  annealChains,
  type AisBlock,
  type AisOptions,
  type AisResult,
  type AisSnapshot,
} from '../../samplers/temperedAis';
import { acceptanceAt, divergentShare, effectiveShare, logMeanWeight } from '../../samplers/temperatureTrace';
import { componentSeed } from '../../trainers/componentSeed';
import { curveSeries } from '../learned';
import { gradientUnits } from '../meter';
import type { RunEvent } from '../types';
import { judged } from './judge';
import { few, sampled, samplerContext, temperatureSeries, type Sampled } from './sampled';
import { divergenceWarning, pilotWork, tuned, type Tuned } from './tuned';
import type { Kind, MethodKind, MethodParts } from './types';
import { addWeighted, evaluationOf, noWeighted, type Weighted } from './weighted';
import { sharesBack } from './weightShares';

type Ais = Kind<'ais'>;

/** Share of one weight among all that is told of. */
const dominant = 0.2;

/** Numbers that exact samples to start from may take. */
const mostExact = 2 ** 24;

/** Annealed importance sampling: a lower bound on log Z, and an upper one where the target can be sampled exactly. */
export const ais: MethodKind<'ais'> = {
  work: pilotWork,
  judging: ({ steps, leapfrog, reverse }, draws) =>
    draws * gradientUnits * (1 + (steps - 1) * leapfrog) * (reverse ? 2 : 1),
  run: async function* (method, parts) {
    const { name, particles } = method;
    const { spec } = parts;
    const own = yield* tuned(method, parts);
    const chains = Math.max(1, Math.floor(spec.evaluate.samples / particles)) * particles;
    const forward = yield* annealed(method, parts, own, { direction: 'forward', chains });
    const draws = evaluationOf(forward.gathered, forward.result.gradientEvaluations);
    const back = yield* reversed(method, parts, own, chains);
    const { bounds, metrics, ...rest } = judged(name, method.type, particles, draws, back?.logWeights);
    const { trace } = forward.result;
    const moves = Array.from(own.betas, (_, t) => acceptanceAt(trace, t)).filter(Number.isFinite);
    const gradientEvaluations = own.gradientEvaluations + draws.gradientEvaluations + (back?.gradientEvaluations ?? 0);
    return {
      name,
      bounds: [...bounds, ...(back === undefined ? [] : [back.bound])],
      approximations: [],
      metrics: {
        [name]: {
          ...metrics,
          ...{ mean: [...draws.mean], std: [...draws.std], temperatures: own.betas.length - 1 },
          ...(moves.length === 0 ? {} : { acceptance: moves.reduce((a, b) => a + b) / moves.length }),
          ...(back === undefined ? {} : back.metrics),
          gradientEvaluations,
        },
      },
      ...rest,
      series: [
        ...curveSeries(name, forward.curve),
        ...temperatureSeries(name, own.betas, [
          { label: 'effective share', at: (t) => effectiveShare(trace, t) },
          { label: 'log Z', unit: 'nats', at: (t) => logMeanWeight(trace, t) },
          { label: 'acceptance', at: (t) => acceptanceAt(trace, t) },
          { label: 'step size', at: (t) => own.stepSizes[t] ?? NaN },
        ]),
      ],
      warnings: [
        ...own.warnings,
        ...rest.warnings,
        ...(draws.largestShare > dominant
          ? [
              `${name}: one chain has ${few(100 * draws.largestShare)} % of the weight of all: its moments and its estimate say little. Use more "steps", or a "start" that covers the target.`,
            ]
          : []),
        ...divergenceWarning(name, divergentShare(trace)),
      ],
      gradientEvaluations,
    };
  },
};

function annealed(
  { name, start: base, leapfrog, particles }: Ais,
  parts: MethodParts,
  { betas, stepSizes }: Tuned,
  where: Pick<AisOptions, 'direction' | 'chains' | 'exact'>,
): AsyncGenerator<RunEvent, Sampled<AisResult, Weighted>> {
  const options: AisOptions = { base, betas, stepSizes, leapfrog, ...where };
  const forward = where.direction === 'forward';
  const context = samplerContext(name, where.direction, parts);
  const iterations = aisLength(context, options);
  const total = gradientUnits * where.chains * (1 + (betas.length - 2) * leapfrog);
  return sampled({
    ...{
      name,
      stage: forward ? 'sampling' : 'reversing',
      iterations,
      units: total / iterations,
      parts,
      shown: forward,
    },
    gathered: noWeighted(where.chains, parts.target.dim),
    take: (gathered: Weighted, block: AisBlock) => addWeighted(gathered, signed(block, forward ? 1 : -1), particles),
    start: (resume: AisSnapshot | undefined) => annealChains(context, options, resume),
  });
}

function signed({ logWeights, positions }: AisBlock, sign: 1 | -1): AisBlock {
  return sign === 1 ? { logWeights, positions } : { logWeights: logWeights.map((value) => -value), positions };
}

/** −log mean e^{−W} over chains back from exact samples is at least log Z on average. */
async function* reversed(method: Ais, parts: MethodParts, own: Tuned, most: number) {
  const { name, particles } = method;
  const { target, spec } = parts;
  if (!method.reverse || target.sample === undefined) return undefined;
  const groups = Math.floor(Math.min(most, mostExact / target.dim) / particles);
  if (groups < 1) return undefined;
  const chains = groups * particles;
  const exact = target.sample(chains, componentSeed(spec.seed, `${name}/exact`));
  const { result, gathered } = yield* annealed(method, parts, own, { direction: 'reverse', chains, exact });
  const { bound, dropped, estimate } = evaluationOf(gathered, 0);
  const valid = dropped === 0 && Number.isFinite(bound.value);
  const logWeights = gathered.logWeights.map((value) => -value);
  const { ess, largest } = sharesBack(logWeights);
  const upper: Bound = {
    ...{ quantity: 'log-z', estimator: 'ais', side: 'upper', method: name, samples: particles, n: bound.n },
    value: valid ? -bound.value : null,
    ci95: valid ? bound.ci95 : null,
  };
  return {
    bound: upper,
    logWeights,
    metrics: {
      ...(valid ? { upperBound: -bound.value, upperBoundCi95: bound.ci95 } : {}),
      ...(Number.isFinite(estimate) ? { logZEstimateReverse: -estimate } : {}),
      ...(dropped === 0 ? { essForward: ess * chains, largestWeightReverse: largest } : {}),
    },
    gradientEvaluations: result.gradientEvaluations,
  };
}

import { InputError } from '../../../shared/errors';
import { chainMoments } from '../../metrics/chainMoments';
import { keptDraws } from '../../metrics/keptDraws';
import {
  rejectionsOf,
  temperInParallel,
  type TemperingResult,
  type TemperingSnapshot,
} from '../../samplers/parallelTempering';
import { curveSeries } from '../learned';
import { gradientUnits } from '../meter';
import { few, sampled, samplerContext, temperatureSeries } from './sampled';
import { divergenceWarning } from './tuned';
import type { Kind, MethodKind, Work } from './types';

type Tempering = Kind<'parallel-tempering'>;

/** Cold positions that are held at once: half a gigabyte. */
const mostNumbers = 2 ** 27;
/** Chains that agree to this have mixed, if they have as many effective draws (Vehtari et al. 2021). */
const [agreement, enough] = [1.01, 400];

const work = ({ temperatures, replicas, leapfrog, warmUp, iterations }: Tempering): Work => ({
  perStep: gradientUnits * replicas * ((temperatures - 1) * leapfrog + 1),
  steps: warmUp + iterations,
});

/** Parallel tempering, whose moments the others are held against once its ladders agree. */
export const parallelTempering: MethodKind<'parallel-tempering'> = {
  work,
  run: async function* (method, parts) {
    const { name, replicas, iterations, ladder, start: base } = method;
    const { dim } = parts.target;
    if (replicas * iterations * dim > mostNumbers) {
      throw new InputError(
        `methods.${name}`,
        `would hold ${replicas} ladders' ${iterations} draws of ${dim} numbers, which do not fit in memory`,
        'Use fewer replicas or iterations.',
      );
    }
    const { steps, perStep } = work(method);
    const { result, curve } = yield* sampled({
      ...{ name, stage: 'sampling', iterations: steps, units: perStep, parts },
      ...{ gathered: null, take: () => undefined },
      start: (resume: TemperingSnapshot | undefined) =>
        temperInParallel(
          samplerContext(name, 'sweeps', parts),
          { ...method, base, adaptive: ladder === 'adaptive' },
          resume,
        ),
    });
    const { betas, stepSizes, counts, draws, gradientEvaluations } = result;
    const moments = chainMoments(draws, replicas, dim);
    const most = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b));
    const rHat = most(moments.rHat);
    const ess = moments.effectiveSampleSize.reduce((a, b) => Math.min(a, b));
    const rejections = rejectionsOf(counts);
    const swaps = rejections.map((value) => 1 - value);
    const barrier = rejections.reduce((a, b) => a + b, 0);
    const acceptance = counts.accepted.map((sum, rung) => sum / (counts.moved[rung] ?? NaN));
    const trusted = rHat <= agreement && ess >= enough;
    const values = keptDraws(draws, replicas, dim);
    return {
      name,
      bounds: [],
      approximations: [],
      metrics: {
        [name]: {
          ...{ mean: [...moments.mean], std: [...moments.std] },
          ...{ meanError: most(moments.meanError), stdError: most(moments.stdError), rHat, ess },
          acceptance: acceptance.reduce((a, b) => a + b, 0) / acceptance.length,
          swapRate: swaps.reduce((a, b) => a + b, 0) / swaps.length,
          lowestSwapRate: swaps.reduce((a, b) => Math.min(a, b)),
          ...{ barrier, roundTrips: counts.roundTrips, temperatures: betas.length, gradientEvaluations },
        },
      },
      samples: [{ method: name, values }],
      draws: [{ method: name, values }],
      series: [
        ...curveSeries(name, curve),
        ...temperatureSeries(name, betas, [
          { label: 'swap rate with the next hotter', at: (t) => swaps[t - 1] ?? NaN },
          { label: 'acceptance', at: (t) => acceptance[t - 1] ?? NaN },
          { label: 'step size', at: (t) => stepSizes[t - 1] ?? NaN },
        ]),
      ],
      warnings: warningsOf(method, result, { rHat, ess, barrier }),
      gradientEvaluations,
      ...(trusted ? { moments: { mean: moments.mean, std: moments.std } } : {}),
    };
  },
};

function warningsOf(
  { name, temperatures, replicas, iterations }: Tempering,
  { counts }: TemperingResult,
  { rHat, ess, barrier }: { readonly rHat: number; readonly ess: number; readonly barrier: number },
): string[] {
  const lowest = rejectionsOf(counts).reduce((a, b) => Math.max(a, b));
  return [
    ...(rHat <= agreement
      ? []
      : [
          `${name}: its ladders do not agree yet (R-hat ${rHat.toFixed(4)}, above 1.01): its moments are no truth. Use more iterations or temperatures, or a start that covers the target.`,
        ]),
    ...(rHat <= agreement && ess < enough
      ? [`${name} has ${few(ess)} effective draws, below ${enough}: its moments are no truth. Use more iterations.`]
      : []),
    // Twice the barrier is about the best number; a swap rate of one half follows.
    ...(lowest > 0.9
      ? [
          `${name}: some neighbours swap less than once in ten times. Use ${Math.max(temperatures + 1, Math.ceil(2 * barrier) + 1)} temperatures or more.`,
        ]
      : []),
    ...(counts.roundTrips === 0
      ? [
          `${name}: no point has gone from the cold end to the hot one and back: its cold chains know only where they began.`,
        ]
      : []),
    ...divergenceWarning(name, counts.divergences / (iterations * replicas * (temperatures - 1))),
  ];
}

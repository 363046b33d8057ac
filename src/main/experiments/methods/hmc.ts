import { hmcTruth, type HmcSnapshot } from '../../trainers/hmcTruth';
import type { HmcTruth } from '../../trainers/methodTypes';
import { followed } from '../followed';
import { curveSeries } from '../learned';
import { followedBy, methodContext } from './judge';
import type { Kind, MethodKind, Work } from './types';

const work = (method: Kind<'hmc'>): Work => ({
  perStep: 3 * method.chains * method.leapfrog,
  steps: method.warmUp + method.iterations,
});

/** Long chains, whose moments the others are held against. */
export const hmc: MethodKind<'hmc'> = {
  work,
  run: async function* (method, parts) {
    const { name } = method;
    const truth: HmcTruth = yield* followed({
      ...followedBy(method, work(method), parts),
      start: (resume: HmcSnapshot | undefined) => hmcTruth(method, methodContext(name, parts), resume),
    });
    // Not `reduce(Math.max)`, which would be given the index too.
    const worst = (values: Float64Array, pick: (a: number, b: number) => number): number =>
      values.reduce((a, b) => pick(a, b));
    return {
      name,
      bounds: [],
      approximations: [],
      metrics: {
        [name]: {
          mean: [...truth.mean],
          std: [...truth.std],
          meanError: worst(truth.meanError, Math.max),
          stdError: worst(truth.stdError, Math.max),
          rHat: worst(truth.rHat, Math.max),
          ess: worst(truth.effectiveSampleSize, Math.min),
          acceptance: truth.acceptance,
          stepSize: truth.stepSize,
          gradientEvaluations: truth.gradientEvaluations,
        },
      },
      samples: [{ method: name, values: truth.samples }],
      draws: [{ method: name, values: truth.samples }],
      series: curveSeries(name, truth.curve),
      warnings: truth.warning === undefined ? [] : [truth.warning],
      gradientEvaluations: truth.gradientEvaluations,
      moments: { mean: truth.mean, std: truth.std },
    };
  },
};

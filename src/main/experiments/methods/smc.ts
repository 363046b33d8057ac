import { runPopulations, smcLength, type SmcBlock, type SmcOptions, type SmcSnapshot } from '../../samplers/smc';
import { acceptanceAt, divergentShare } from '../../samplers/temperatureTrace';
import { curveSeries } from '../learned';
import { gradientUnits } from '../meter';
import { judged } from './judge';
import { few, sampled, samplerContext, temperatureSeries } from './sampled';
import { divergenceWarning, pilotWork, tuned } from './tuned';
import type { MethodKind } from './types';
import { addWeighted, evaluationOf, noWeighted, type Weighted } from './weighted';

interface Gathered {
  readonly weighted: Weighted;
  /** First particles that each population descends from. */
  readonly families: number[];
}

/** Sequential Monte Carlo with temperatures and step sizes fixed beforehand, so that each population's estimate of Z is unbiased. */
export const smc: MethodKind<'smc'> = {
  work: pilotWork,
  judging: ({ steps, leapfrog, moves }, draws) => draws * gradientUnits * (1 + steps * moves * leapfrog),
  run: async function* (method, parts) {
    const { name, particles, moves, threshold, leapfrog, start: base } = method;
    const { spec, target } = parts;
    const own = yield* tuned(method, parts);
    const { betas, stepSizes } = own;
    const populations = Math.max(1, Math.floor(spec.evaluate.samples / particles));
    const options: SmcOptions = { base, betas, stepSizes, leapfrog, moves, particles, populations, threshold };
    const context = samplerContext(name, 'populations', parts);
    const iterations = smcLength(context, options);
    const draws = populations * particles;
    const total = gradientUnits * draws * (1 + (betas.length - 1) * moves * leapfrog);
    const { result, gathered, curve } = yield* sampled({
      ...{ name, stage: 'sampling', iterations, units: total / iterations, parts },
      gathered: { weighted: noWeighted(draws, target.dim), families: [] as number[] },
      take: (into: Gathered, block: SmcBlock) => {
        addWeighted(into.weighted, block, particles);
        into.families.push(...block.families);
      },
      start: (resume: SmcSnapshot | undefined) => runPopulations(context, options, resume),
    });
    const { trace } = result;
    const evaluation = evaluationOf(gathered.weighted, result.gradientEvaluations);
    const { bounds, metrics, warnings, ...rest } = judged(name, method.type, particles, evaluation);
    const mean = (sums: Float64Array) => (t: number) => (sums[t] ?? NaN) / (trace.populations[t] ?? NaN);
    const last = betas.length - 1;
    const families = gathered.families.reduce((a, b) => a + b, 0) / gathered.families.length;
    const gradientEvaluations = own.gradientEvaluations + result.gradientEvaluations;
    const acceptance = Array.from({ length: last }, (_, t) => acceptanceAt(trace, t + 1));
    return {
      name,
      bounds,
      approximations: [],
      metrics: {
        [name]: {
          ...metrics,
          ...{ mean: [...evaluation.mean], std: [...evaluation.std], temperatures: last, families },
          resampled: trace.resampled.reduce((a, b) => a + b, 0) / populations,
          acceptance: acceptance.reduce((a, b) => a + b, 0) / last,
          gradientEvaluations,
        },
      },
      ...rest,
      series: [
        ...curveSeries(name, curve),
        ...temperatureSeries(name, betas, [
          { label: 'effective share', at: mean(trace.effective) },
          { label: 'families', at: (t) => particles * mean(trace.families)(t) },
          { label: 'log Z', unit: 'nats', at: mean(trace.logZ) },
          { label: 'acceptance', at: (t) => acceptanceAt(trace, t) },
          { label: 'step size', at: (t) => stepSizes[t] ?? NaN },
        ]),
      ],
      warnings: [
        ...own.warnings,
        ...warnings,
        ...(families < 0.05 * particles
          ? [
              `${name}: the ${particles} particles of a population descend from ${few(families)} on average: its effective sample size says more than it has. Use more "steps" or "moves".`,
            ]
          : []),
        ...divergenceWarning(name, divergentShare(trace)),
      ],
      gradientEvaluations,
    };
  },
};

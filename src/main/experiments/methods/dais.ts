import { evaluateFlow, evaluateInitial } from '../../trainers/dais/evaluate';
import { betasOf, etaOf } from '../../trainers/dais/parameters';
import { curveSeries } from '../learned';
import { massSeries, transitionSeries } from './coefficientSeries';
import { approximation, evaluation, fitWarnings, judged, methodContext, ofFit } from './judge';
import type { Kind, MethodKind, Work } from './types';
import { fitFlow } from './variational';

const work = (method: Kind<'dais'>): Work => ({
  perStep: 6 * method.batch * method.particles * (1 + method.steps),
  steps: method.iterations,
});

/** Differentiable annealed importance sampling, judged twice: with its chain, and by its initial distribution alone. */
export const dais: MethodKind<'dais'> = {
  work,
  judging: ({ steps }, draws) => 2 * draws * (1 + steps),
  run: async function* (method, parts) {
    const trained = yield* fitFlow(method, work(method), parts);
    const initial = method.name.replace('dais', 'dais0');
    const { particles } = method;
    const units = 1 + method.steps;
    const chain = yield* evaluation(method.name, parts, { particles, units }, (options, resume) =>
      evaluateFlow(trained.parameters, options, methodContext(method.name, parts), resume),
    );
    const start = yield* evaluation(initial, parts, { particles: 1, units }, (options, resume) =>
      evaluateInitial(trained.average, options, methodContext(initial, parts), resume),
    );
    const { schedule, logStep, logMass, refreshment } = trained.parameters;
    const [whole, alone] = [judged(method.name, method.type, particles, chain), judged(initial, 'dais0', 1, start)];
    return {
      name: method.name,
      bounds: [...whole.bounds, ...alone.bounds],
      approximations: [approximation(initial, trained.average)],
      metrics: {
        [method.name]: {
          ...whole.metrics,
          ...{ mean: [...chain.mean], std: [...chain.std], refreshment: etaOf(refreshment[0] ?? NaN) },
        },
        [initial]: { ...alone.metrics, ...ofFit(trained) },
      },
      samples: [...whole.samples, ...alone.samples],
      draws: [...(whole.draws ?? []), ...(alone.draws ?? [])],
      series: [
        ...curveSeries(method.name, trained.curve),
        transitionSeries(method.name, 'step size', logStep.map(Math.exp)),
        transitionSeries(method.name, 'β', betasOf(schedule)),
        ...massSeries(method.name, logMass.map(Math.exp)),
      ],
      warnings: [...fitWarnings(method.name, trained), ...whole.warnings, ...alone.warnings],
      gradientEvaluations: trained.gradientEvaluations + chain.gradientEvaluations,
    };
  },
};

import type { Matrix } from 'ml-matrix';
import { bimodalFit, bimodalOptimum, bimodalPerfect, type Bimodal } from './oracles/bimodal';
import { gaussianOptima, perfectOptimum } from './oracles/gaussian';
import { elboOf, reverseOptimum, symmetrisedOptimum, type Regression } from './oracles/logisticRegression';
import type { IdealFit, IdealQuery, TargetTruth } from './types';

/** Beyond these, optima for a number of transitions take longer than anyone waits; they are near the symmetrised one by then. */
const MAX_STEPS = { gaussian: 1024, bimodal: 64 };
const MAX_DIM = 100;

/** Of N(mean, Σ), in closed form; those for K transitions by optimisation. */
export function gaussianFits(mean: Float64Array, covariance: Matrix, logZ: number): (query?: IdealQuery) => IdealFit[] {
  return ({ steps = [] } = {}) => {
    const optima = gaussianOptima(covariance);
    const fit = (
      criterion: IdealFit['criterion'],
      { variance, reverse }: { variance: Float64Array; reverse: number },
    ) => ({
      criterion,
      mean,
      std: variance.map(Math.sqrt),
      elbo: logZ - reverse,
    });
    return [
      fit('reverse-kl', optima.reverse),
      fit('forward-kl', optima.forward),
      fit('symmetric-kl', optima.symmetrised),
      ...possible(steps, 'gaussian', mean.length).map((count): IdealFit => {
        const { variance, gap } = perfectOptimum(covariance, count);
        return {
          criterion: 'perfect-transitions',
          steps: count,
          mean,
          std: variance.map(Math.sqrt),
          bound: logZ - gap,
        };
      }),
    ];
  };
}

/** Of two modes, by quadrature along the line that joins them. */
export function bimodalFits(target: Bimodal): (query?: IdealQuery) => IdealFit[] {
  const filled = (value: number): Float64Array => new Float64Array(target.dim).fill(value);
  return ({ steps = [] } = {}) => [
    ...(
      [
        ['reverse-kl', 'reverse'],
        ['forward-kl', 'forward'],
        ['symmetric-kl', 'symmetrised'],
      ] as const
    ).map(([criterion, name]): IdealFit => {
      const { m, variance, reverse } = bimodalOptimum(target, name);
      return { criterion, mean: filled(m), std: filled(Math.sqrt(variance)), elbo: -reverse };
    }),
    ...possible(steps, 'bimodal').map((count): IdealFit => {
      const { m, variance, gap } = bimodalPerfect(target, count);
      return {
        criterion: 'perfect-transitions',
        steps: count,
        mean: filled(m),
        std: filled(Math.sqrt(variance)),
        elbo: -bimodalFit(target, m, variance).reverse,
        bound: -gap,
      };
    }),
  ];
}

/** Of a regression: the best ELBO by quadrature, and with the posterior's moments at hand the two that need them. */
export function regressionFits(regression: Regression): (query?: IdealQuery) => IdealFit[] {
  return ({ moments } = {}) => [
    { criterion: 'reverse-kl', ...reverseOptimum(regression) },
    ...(moments === undefined
      ? []
      : [
          { criterion: 'forward-kl', ...moments, elbo: elboOf(regression, moments.mean, moments.std) } as const,
          { criterion: 'symmetric-kl', ...symmetrisedOptimum(regression, moments.mean, moments.std) } as const,
        ]),
  ];
}

/** The forward divergence asks for the moments alone. */
export function momentFits({ mean, std }: TargetTruth): { idealFits?: () => IdealFit[] } {
  if (mean === undefined || std === undefined) return {};
  return { idealFits: () => [{ criterion: 'forward-kl', mean, std }] };
}

function possible(steps: readonly number[], kind: keyof typeof MAX_STEPS, dim = 1): readonly number[] {
  return steps.filter((count) => count >= 1 && count <= MAX_STEPS[kind] && dim <= MAX_DIM);
}

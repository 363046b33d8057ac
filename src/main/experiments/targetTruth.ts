import type { Approximation } from '../../shared/result';
import type { NamedMethod } from '../../shared/runFile';
import type { IdealFit, Target } from '../targets';
import type { MethodOutcome } from './methods';

/** What methods are held against. */
export interface Truth {
  readonly logZ?: number;
  readonly mean?: ArrayLike<number> & Iterable<number>;
  readonly std?: ArrayLike<number> & Iterable<number>;
  /** How it is known. */
  readonly source: string;
  /** The method that it comes from, which is not held against itself. */
  readonly method?: string;
}

/** What is known of a target in closed form; else the moments of a long HMC run in this run. */
export function truthOf({ truth }: Target, outcomes: readonly MethodOutcome[]): Truth {
  const logZ = truth.logZ === undefined ? {} : { logZ: truth.logZ };
  if (truth.mean !== undefined && truth.std !== undefined) {
    return { ...logZ, mean: truth.mean, std: truth.std, source: truth.source };
  }
  const sampler = outcomes.find(({ moments }) => moments !== undefined);
  if (sampler?.moments === undefined) return { ...logZ, source: truth.source };
  const { mean, std } = sampler.moments;
  return {
    ...logZ,
    mean,
    std,
    method: sampler.name,
    source: `Moments of "${sampler.name}" in this run. ${truth.source}`,
  };
}

/** Gap to log Z, and mean absolute errors of means and standard deviations (Zenn and Bamler 2024, section 5). */
export function errorsAgainst(
  { logZ, mean, std, method }: Truth,
  name: string,
  approximation: Approximation | undefined,
  values: Readonly<Record<string, unknown>>,
): Record<string, number> {
  const bound = values['bound'];
  const gap = logZ === undefined || typeof bound !== 'number' ? {} : { gap: logZ - bound };
  const own = approximation ?? momentsIn(values);
  if (own === undefined || mean === undefined || std === undefined || name === method) return gap;
  return { ...gap, maeMean: meanAbsolute(own.mean, mean), maeStd: meanAbsolute(own.std, std) };
}

/** Of methods that end in samples instead of a normal. */
function momentsIn({ mean, std }: Readonly<Record<string, unknown>>): Pick<Approximation, 'mean' | 'std'> | undefined {
  return Array.isArray(mean) && Array.isArray(std) ? { mean: mean as number[], std: std as number[] } : undefined;
}

function meanAbsolute(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < a.length; index += 1) total += Math.abs((a[index] ?? NaN) - (b[index] ?? NaN));
  return total / a.length;
}

const criteria: Readonly<Record<IdealFit['criterion'], string>> = {
  'reverse-kl': 'VI optimum, KL(q ‖ π)',
  'forward-kl': 'Forward optimum, KL(π ‖ q)',
  'symmetric-kl': 'Symmetrised KL optimum (Jeffreys)',
  'perfect-transitions': 'Perfect transitions',
};

/** What ideal methods would end with on this target, beside what trained ones reached. */
export function oraclesOf(target: Target, methods: readonly NamedMethod[], truth: Truth): Record<string, unknown>[] {
  const steps = [
    ...new Set(methods.flatMap((method) => ('steps' in method && method.steps > 0 ? [method.steps] : []))),
  ];
  const { mean, std } = truth;
  const moments =
    mean === undefined || std === undefined
      ? {}
      : { moments: { mean: Float64Array.from(mean), std: Float64Array.from(std) } };
  return (target.idealFits?.({ steps, ...moments }) ?? []).map((fit) => ({
    name: fit.steps === undefined ? criteria[fit.criterion] : `${criteria[fit.criterion]}, K = ${fit.steps}`,
    criterion: fit.criterion,
    ...(fit.steps === undefined ? {} : { steps: fit.steps }),
    mean: [...fit.mean],
    std: [...fit.std],
    ...(fit.elbo === undefined ? {} : { elbo: fit.elbo }),
    ...(fit.bound === undefined ? {} : { bound: fit.bound }),
    ...(truth.logZ === undefined || (fit.bound ?? fit.elbo) === undefined
      ? {}
      : { logZGap: truth.logZ - (fit.bound ?? fit.elbo ?? NaN) }),
    ...errorsAgainst(truth, '', { method: '', mean: [...fit.mean], std: [...fit.std] }, {}),
  }));
}

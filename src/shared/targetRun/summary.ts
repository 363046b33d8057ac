import { z } from 'zod';
import type { Approximation, Bound, Result } from '../result';
import { answersOf, isSampler, methodNames, methodsIn, settingsText, typeOf } from './names';

/** A bound on log Z, nats. */
export interface MethodBound {
  readonly value: number;
  readonly ci95: number | null;
  /** Means under one logarithm, each of so many draws. */
  readonly n: number;
  readonly draws: number;
}

/** Everything that is known of one answer of a run's methods. Null where it is not. */
export interface MethodSummary {
  /** "dais0-2" */
  readonly name: string;
  /** "dais0" */
  readonly type: string;
  /** "DAIS0, K = 16" */
  readonly label: string;
  /** "K = 16, N = 16" */
  readonly settings: string;
  /** On log Z, nats. */
  readonly bound: MethodBound | null;
  /** The upper one, of methods that can run back from exact samples. */
  readonly upper: MethodBound | null;
  /** Log-mean-exp of its weights, nats: an estimate that bounds nothing. */
  readonly estimate: number | null;
  /** log Z minus the bound, nats. */
  readonly gap: number | null;
  readonly maeMean: number | null;
  readonly maeStd: number | null;
  /** nats */
  readonly entropy: number | null;
  readonly ess: number | null;
  /** As exact samples of the target see it, of methods that can run back from them. */
  readonly essBack: number | null;
  readonly largestWeight: number | null;
  /** Share of the weight that the largest hundredth of the draws has. */
  readonly topWeights: number | null;
  readonly rHat: number | null;
  readonly acceptance: number | null;
  /** Mean log probability of the labels that were kept back, nats a row. */
  readonly heldOutLogPredictive: number | null;
  /** Share of them that is predicted right. */
  readonly heldOutAccuracy: number | null;
  /** Of the draws held against the target's modes and exact samples. */
  readonly modesFound: number | null;
  /** How many there are. */
  readonly modes: number | null;
  /** Certainly missed: drawn less than a tenth as often as they should be, and not by chance. */
  readonly modesMissed: number | null;
  /** Total variation between the shares of the draws and the weights of the modes. */
  readonly weightError: number | null;
  /** Unbiased MMD² with the median bandwidth. */
  readonly mmd: number | null;
  readonly wasserstein: number | null;
  /** Share of the draws in a ball that was cut out of the target. */
  readonly insideHole: number | null;
  /** Fraction of the mass, where its own weights look fine and log Z gives it away. */
  readonly massFound: number | null;
  readonly seconds: number | null;
  readonly gradientEvaluations: number | null;
  /** Means and standard deviations come from it: it is not held against itself. */
  readonly isTruth: boolean;
  /** Of each coordinate, of a normal or of weighted draws. */
  readonly moments: { readonly mean: readonly number[]; readonly std: readonly number[] } | null;
}

/** What an ideal method would end with on the same target. */
export interface OracleSummary {
  readonly name: string;
  /** Transitions that it is the optimum for; null where it is of none. */
  readonly steps: number | null;
  /** nats */
  readonly bound: number | null;
  readonly gap: number | null;
  readonly maeMean: number | null;
  readonly maeStd: number | null;
  readonly entropy: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface TargetTruth {
  /** nats */
  readonly logZ: number | null;
  readonly mean: readonly number[] | null;
  readonly std: readonly number[] | null;
  readonly source: string;
}

export interface TargetSummary {
  readonly truth: TargetTruth;
  readonly methods: readonly MethodSummary[];
  readonly oracles: readonly OracleSummary[];
  readonly approximations: readonly Approximation[];
  readonly label: (name: string) => string;
}

const number = z.number().nullish().catch(null);
const numbers = z.array(z.number()).nullish().catch(null);
const truthSchema = z.object({ logZ: number, mean: numbers, std: numbers, source: z.string().catch('') });
const coverageSchema = z
  .object({
    ...{ modes: number, modesFound: number, modesMissed: number, weightTotalVariation: number },
    ...{ mmdMedian: number, exactW2: number, insideHole: number, massFound: number },
  })
  .nullish()
  .catch(null);
const methodSchema = z.object({
  coverage: coverageSchema,
  ...{ bound: number, boundCi95: number, gap: number, maeMean: number, maeStd: number, entropy: number },
  ...{ logZEstimate: number, essForward: number, topWeights: number },
  ...{ ess: number, largestWeight: number, rHat: number, acceptance: number, seconds: number },
  ...{ heldOutLogPredictive: number, heldOutAccuracy: number },
  ...{ gradientEvaluations: number, mean: numbers, std: numbers },
});
const oracleSchema = z.object({
  ...{ name: z.string(), steps: number, bound: number, elbo: number, logZGap: number },
  ...{ maeMean: number, maeStd: number, mean: z.array(z.number()), std: z.array(z.number()) },
});

/** A result, or in its shape what a run of a target has so far. */
export type Summarised = Pick<Result, 'spec' | 'metrics'> &
  Partial<Pick<Result, 'approximations'>> & { readonly bounds: readonly Bound[] };

/** The result of a run of a target by method, whatever of it is there already. */
export function targetSummary({ spec, bounds, metrics, approximations = [] }: Summarised): TargetSummary {
  const methods = methodsIn(spec);
  const label = methodNames(methods);
  const truth = truthIn(metrics);
  const named = methods.flatMap((method) =>
    answersOf(method).map((name) => ({ name, settings: settingsText(method) })),
  );
  const summaries = named.flatMap(({ name, settings }): MethodSummary[] => {
    const parsed = methodSchema.safeParse(metrics[name]);
    const own = parsed.success ? parsed.data : undefined;
    const onLogZ = bounds.filter((one) => one.method === name && one.quantity === 'log-z');
    const bound = onLogZ.find(({ side }) => side === 'lower');
    const upper = onLogZ.find(({ side }) => side === 'upper');
    if (own === undefined && bound === undefined) return [];
    const normal = approximations.find(({ method }) => method === name);
    const moments = normal ?? (own?.mean && own.std ? { mean: own.mean, std: own.std } : null);
    const maeStd = own?.maeStd ?? null;
    return [
      {
        ...{ name, type: typeOf(name), label: label(name), settings },
        ...{ bound: boundValue(bound), upper: boundValue(upper) },
        ...{ estimate: own?.logZEstimate ?? null, gap: own?.gap ?? null },
        ...{ maeMean: own?.maeMean ?? null, maeStd },
        entropy: own?.entropy ?? (normal === undefined ? null : entropyOf(normal.std)),
        ...{ ess: own?.ess ?? null, essBack: own?.essForward ?? null },
        ...{ largestWeight: own?.largestWeight ?? null, topWeights: own?.topWeights ?? null },
        ...{ rHat: own?.rHat ?? null, acceptance: own?.acceptance ?? null, seconds: own?.seconds ?? null },
        heldOutLogPredictive: own?.heldOutLogPredictive ?? null,
        heldOutAccuracy: own?.heldOutAccuracy ?? null,
        ...coverageOf(own?.coverage),
        gradientEvaluations: own?.gradientEvaluations ?? null,
        isTruth: isSampler(typeOf(name)) && moments !== null && truth.mean !== null && maeStd === null,
        moments: moments === null ? null : { mean: moments.mean, std: moments.std },
      },
    ];
  });
  return { truth, methods: summaries, oracles: oraclesIn(metrics), approximations, label };
}

type Covered = Pick<
  MethodSummary,
  'modes' | 'modesFound' | 'modesMissed' | 'weightError' | 'mmd' | 'wasserstein' | 'insideHole' | 'massFound'
>;

function coverageOf(own: z.infer<typeof coverageSchema>): Covered {
  return {
    ...{ modes: own?.modes ?? null, modesFound: own?.modesFound ?? null, modesMissed: own?.modesMissed ?? null },
    ...{ weightError: own?.weightTotalVariation ?? null, mmd: own?.mmdMedian ?? null },
    ...{ wasserstein: own?.exactW2 ?? null, insideHole: own?.insideHole ?? null, massFound: own?.massFound ?? null },
  };
}

/** What is known of the target. In a run of a model the truth is one number and no such thing. */
export function truthIn(metrics: Result['metrics']): TargetTruth {
  const parsed = truthSchema.safeParse(metrics['truth']);
  if (!parsed.success) return { logZ: null, mean: null, std: null, source: '' };
  const { logZ = null, mean = null, std = null, source } = parsed.data;
  return { logZ, mean, std, source };
}

function oraclesIn(metrics: Result['metrics']): OracleSummary[] {
  const parsed = z.array(oracleSchema).safeParse(metrics['oracles']);
  if (!parsed.success) return [];
  return parsed.data.map(({ name, steps, bound, elbo, logZGap, maeMean, maeStd, mean, std }) => ({
    ...{ name, steps: steps ?? null, bound: bound ?? elbo ?? null, gap: logZGap ?? null },
    ...{ maeMean: maeMean ?? null, maeStd: maeStd ?? null, entropy: entropyOf(std), mean, std },
  }));
}

function boundValue(bound: Bound | undefined): MethodBound | null {
  if (bound === undefined || bound.value === null) return null;
  const { value, ci95, n, samples = 1 } = bound;
  return { value, ci95, n, draws: samples };
}

/** Of a factorised normal, nats. */
export function entropyOf(std: readonly number[]): number {
  return std.reduce((total, value) => total + Math.log(value), 0.5 * std.length * (1 + Math.log(2 * Math.PI)));
}

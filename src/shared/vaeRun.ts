import { z } from 'zod';
import { fullLabel } from './boundNames';
import { decimalsFor, formatCount, formatNumber, formatPlural, formatPlusMinus } from './format';
import { estimatorLabel } from './labels';
import type { Bound, Result } from './result';

const firstDataSchema = z.object({
  n: z.number(),
  lower: z.array(
    z.object({ estimator: z.string(), samples: z.number().optional(), mean: z.number(), ci95: z.number().nullable() }),
  ),
});

/** A bound on the test log-likelihood under a name that is no other's in the run. */
export interface TestBound {
  /** "IWAE, K = 5,000", "annealed chains, 16 chains, T = 100" */
  readonly label: string;
  readonly bound: Bound;
  /** "over 100 test data" */
  readonly over: string;
}

/** What a run of kind `vae` says of its test data. */
export interface VaeSummary {
  /** By samples of the encoder, which the answer states: the tightest of those over all test data. */
  readonly samples: TestBound | undefined;
  /** By annealed chains, over some of the test data. */
  readonly chains: TestBound | undefined;
  /** The bound that was trained, where it is another. */
  readonly trained: TestBound | undefined;
  /** Every bound over the data that chains were run for, from the tightest; empty where they are all of them. */
  readonly sameData: { readonly n: number; readonly bounds: readonly SameDatum[] } | undefined;
}

export interface SameDatum {
  readonly label: string;
  readonly estimator: string;
  readonly mean: number;
  readonly ci95: number | null;
}

type Answerable = Pick<Result, 'bounds' | 'metrics' | 'spec'>;

export function vaeSummary({ bounds, metrics, spec }: Answerable): VaeSummary {
  const lower = bounds.filter(
    ({ quantity, side, value }) => quantity === 'log-px' && side === 'lower' && value !== null,
  );
  const chain = lower.find(({ estimator }) => estimator === 'im-ais');
  const most = Math.max(0, ...lower.filter(({ estimator }) => estimator === 'iwae').map(({ samples = 0 }) => samples));
  const iwae = lower.find(({ estimator, samples }) => estimator === 'iwae' && samples === most);
  const type = trainedType(spec);
  const trained = lower.find((bound) => bound.estimator === type && bound !== iwae);
  const told = (bound: Bound | undefined): TestBound | undefined =>
    bound === undefined
      ? undefined
      : { label: labelOf(bound, spec), bound, over: `over ${formatPlural(bound.n, 'test datum', 'test data')}` };
  const elbo = lower.find(({ estimator }) => estimator === 'elbo');
  const first = firstDataSchema.safeParse(metrics['firstData']).data;
  return {
    samples: told(iwae ?? elbo),
    chains: told(chain),
    trained: told(trained),
    sameData:
      first === undefined
        ? undefined
        : {
            n: first.n,
            bounds: first.lower
              .map(({ estimator, samples, mean, ci95 }) => ({
                ...{ estimator, mean, ci95 },
                label: labelOf({ estimator, ...(samples === undefined ? {} : { samples }) }, spec),
              }))
              .sort((a, b) => b.mean - a.mean),
          },
  };
}

/** The bound that training raised, by its name. */
function trainedType(spec: Result['spec']): string {
  const bound = spec['bound'];
  return typeof bound === 'object' && bound !== null && 'type' in bound ? String(bound.type) : 'elbo';
}

/** With what tells it from the same estimator in other runs: how many samples, chains or transitions. */
function labelOf({ estimator, samples }: Pick<Bound, 'estimator' | 'samples'>, spec: Result['spec']): string {
  if (estimator === 'im-ais') {
    const { temperatures } = (nested(spec, 'evaluate', 'annealed') ?? {}) as { temperatures?: unknown };
    const T = typeof temperatures === 'number' ? `, T = ${formatCount(temperatures)}` : '';
    return `annealed chains, K = ${formatCount(samples ?? 1)}${T}`;
  }
  if (estimator === 'iwae') return fullLabel({ estimator, ...(samples === undefined ? {} : { samples }) });
  const steps = nested(spec, 'bound', 'steps');
  return `${estimatorLabel(estimator)}${estimator !== 'elbo' && typeof steps === 'number' ? `, K = ${formatCount(steps)}` : ''}`;
}

function nested(spec: Result['spec'], group: string, key: string): unknown {
  const inner = spec[group];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined;
}

/**
 * The test log-likelihood in a sentence or two: "Test log p(x) is at least −89.2 nats on average, by IWAE with 5,000 samples of q(z | x)
 * (95 % interval ±0.5 over 1,000 data). Annealed chains …". Undefined before there is a bound.
 */
export function vaeAnswer(result: Answerable): string | undefined {
  const { samples, chains, trained, sameData } = vaeSummary(result);
  const first = samples ?? chains;
  if (first === undefined) return undefined;
  const { bound } = first;
  const how =
    bound.estimator === 'iwae'
      ? `by IWAE with ${formatPlural(bound.samples ?? 1, 'sample', 'samples')} of q(z | x)`
      : bound.estimator === 'im-ais'
        ? `by ${first.label}`
        : `by ${estimatorLabel(bound.estimator)}`;
  const value = formatNumber(bound.value, decimalsFor(bound.ci95));
  const width = bound.ci95 === null ? '' : `95 % interval ±${formatNumber(bound.ci95, decimalsFor(bound.ci95))} `;
  const said = `Test log p(x) is at least ${value} nats on average, ${how} (${width}over ${formatPlural(bound.n, 'datum', 'data')}).`;
  const sentence = `${said}${tighterSentence(first, trained)}`;
  if (chains === undefined || chains === first) return sentence;
  const annealed = formatPlusMinus(chains.bound.value, chains.bound.ci95);
  if (sameData === undefined) return `${sentence} Annealed chains on the same data say at least ${annealed}.`;
  const same = sameData.bounds.find(({ label }) => label === first.label);
  const where = same === undefined ? '' : `, where ${first.label} says ${formatPlusMinus(same.mean, same.ci95)}`;
  return `${sentence} On the first ${formatPlural(sameData.n, 'datum', 'data')} annealed chains say at least ${annealed}${where}.`;
}

/** Chains that were trained along can reach further than many samples of q. */
function tighterSentence({ bound }: TestBound, trained: TestBound | undefined): string {
  const [value, other] = [bound.value, trained?.bound.value];
  if (trained === undefined || value === null || other === undefined || other === null) return '';
  if (trained.bound.n !== bound.n || other <= value) return '';
  return ` ${trained.label}, the bound that it was trained on, says more: ${formatPlusMinus(other, trained.bound.ci95)}.`;
}

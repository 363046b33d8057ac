import type { Approximation, Bound, Series } from '../../shared/result';
import type { NamedMethod, TargetRunSpec } from '../../shared/runFile';
import type { Target } from '../targets';
import { evaluateFlow, evaluateInitial, type EvaluationSnapshot } from '../trainers/dais/evaluate';
import { trainFlow, type FlowSnapshot } from '../trainers/dais/train';
import { hmcTruth, type HmcSnapshot } from '../trainers/hmcTruth';
import type { Evaluation, FactorisedNormal, Fitted, HmcTruth, MethodContext } from '../trainers/methodTypes';
import { climbScores, type MscSnapshot } from '../trainers/msc';
import { followed } from './followed';
import { curveSeries } from './learned';
import type { Meter } from './meter';
import type { MethodSamples } from './picture';
import type { RunContext, RunEvent } from './types';

/** What one method leaves. */
export interface MethodOutcome {
  readonly name: string;
  readonly bounds: Bound[];
  readonly approximations: Approximation[];
  /** By the name that results call it; a chain has two, its own and that of its initial distribution. */
  readonly metrics: Readonly<Record<string, Record<string, unknown>>>;
  readonly samples: MethodSamples[];
  readonly series: readonly Series[];
  readonly warnings: readonly string[];
  readonly gradientEvaluations: number;
  /** Of a method that other methods may be held against. */
  readonly moments?: { readonly mean: Float64Array; readonly std: Float64Array };
}

interface MethodParts {
  readonly spec: TargetRunSpec;
  readonly target: Target;
  readonly context: RunContext;
  readonly meter: Meter;
}

type Kind<Type extends NamedMethod['type']> = Extract<NamedMethod, { type: Type }>;

/** How much work a method is, in evaluations of rows of the target. */
export function methodUnits(method: NamedMethod, { evaluate }: TargetRunSpec): number {
  const { perStep, steps } = workOf(method);
  return perStep * steps + (method.type === 'hmc' ? 0 : 2 * evaluate.samples * (1 + stepsOf(method)));
}

/** Trains or runs one method and judges what it leaves. */
export async function* runMethod(method: NamedMethod, parts: MethodParts): AsyncGenerator<RunEvent, MethodOutcome> {
  const { context } = parts;
  const began = kept(context, `start of ${method.name}`);
  const outcome = yield* outcomeOfMethod(method, parts);
  const seconds = kept(context, `end of ${method.name}`) - began;
  const metrics = Object.entries(outcome.metrics).map(([name, values]) => [name, { ...values, seconds }] as const);
  return { ...outcome, metrics: Object.fromEntries(metrics) };
}

function outcomeOfMethod(method: NamedMethod, parts: MethodParts): AsyncGenerator<RunEvent, MethodOutcome> {
  switch (method.type) {
    case 'dais':
      return annealed(method, parts);
    case 'vi':
    case 'iwvi':
      return variational(method, parts);
    case 'msc':
      return climbing(method, parts);
    case 'hmc':
      return sampling(method, parts);
  }
}

async function* annealed(method: Kind<'dais'>, parts: MethodParts): AsyncGenerator<RunEvent, MethodOutcome> {
  const trained = yield* flow(method, parts);
  const initial = method.name.replace('dais', 'dais0');
  const { particles } = method;
  const chain = yield* evaluation(method.name, method, parts, particles, (options, resume) =>
    evaluateFlow(trained.parameters, options, methodContext(method.name, parts), resume),
  );
  const start = yield* evaluation(initial, method, parts, 1, (options, resume) =>
    evaluateInitial(trained.average, options, methodContext(initial, parts), resume),
  );
  const [whole, alone] = [judged(method.name, method.type, particles, chain), judged(initial, 'dais0', 1, start)];
  return {
    name: method.name,
    bounds: [...whole.bounds, ...alone.bounds],
    approximations: [approximation(initial, trained.average)],
    metrics: {
      [method.name]: { ...whole.metrics, mean: [...chain.mean], std: [...chain.std] },
      [initial]: { ...alone.metrics, ...ofFit(trained) },
    },
    samples: [...whole.samples, ...alone.samples],
    series: curveSeries(method.name, trained.curve),
    warnings: [...fitWarnings(method.name, trained), ...whole.warnings, ...alone.warnings],
    gradientEvaluations: trained.gradientEvaluations + chain.gradientEvaluations,
  };
}

async function* variational(
  method: Kind<'vi'> | Kind<'iwvi'>,
  parts: MethodParts,
): AsyncGenerator<RunEvent, MethodOutcome> {
  return yield* normalOnly(
    method,
    parts,
    yield* flow(method, parts),
    method.type === 'iwvi' ? method.particles : 1,
    {},
  );
}

async function* climbing(method: Kind<'msc'>, parts: MethodParts): AsyncGenerator<RunEvent, MethodOutcome> {
  const trained = yield* followed({
    ...common(method, parts),
    start: (resume: MscSnapshot | undefined) => climbScores(method, methodContext(method.name, parts), resume),
  });
  return yield* normalOnly(method, parts, trained, 1, { candidateEss: trained.effectiveSampleSize });
}

/** A method whose answer is a factorised normal. */
async function* normalOnly(
  method: NamedMethod,
  parts: MethodParts,
  trained: Fitted,
  particles: number,
  more: Record<string, unknown>,
): AsyncGenerator<RunEvent, MethodOutcome> {
  const { name, type } = method;
  const draws = yield* evaluation(name, method, parts, particles, (options, resume) =>
    evaluateInitial(trained.average, options, methodContext(name, parts), resume),
  );
  const { bounds, metrics, samples, warnings } = judged(name, type, particles, draws);
  return {
    name,
    bounds,
    approximations: [approximation(name, trained.average)],
    metrics: { [name]: { ...metrics, ...ofFit(trained), ...more } },
    samples,
    series: curveSeries(name, trained.curve),
    warnings: [...fitWarnings(name, trained), ...warnings],
    gradientEvaluations: trained.gradientEvaluations,
  };
}

async function* sampling(method: Kind<'hmc'>, parts: MethodParts): AsyncGenerator<RunEvent, MethodOutcome> {
  const { name } = method;
  const truth: HmcTruth = yield* followed({
    ...common(method, parts),
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
    series: curveSeries(name, truth.curve),
    warnings: truth.warning === undefined ? [] : [truth.warning],
    gradientEvaluations: truth.gradientEvaluations,
    moments: { mean: truth.mean, std: truth.std },
  };
}

function flow(method: Kind<'dais'> | Kind<'vi'> | Kind<'iwvi'>, parts: MethodParts) {
  return followed({
    ...common(method, parts),
    start: (resume: FlowSnapshot | undefined) => trainFlow(method, methodContext(method.name, parts), resume),
  });
}

function evaluation(
  name: string,
  method: NamedMethod,
  { spec, context, meter }: MethodParts,
  particles: number,
  start: (
    options: { readonly samples: number; readonly particles: number; readonly keep: number },
    resume: EvaluationSnapshot | undefined,
  ) => ReturnType<typeof evaluateFlow>,
) {
  const samples = Math.max(1, Math.floor(spec.evaluate.samples / particles)) * particles;
  return followed({
    ...{ name, stage: 'evaluating', iterations: samples, units: 1 + stepsOf(method), context, meter },
    start: (resume: EvaluationSnapshot | undefined) => start({ samples, particles, keep: 1500 }, resume),
  });
}

function common(method: NamedMethod, { context, meter }: MethodParts) {
  const { perStep, steps } = workOf(method);
  return { name: method.name, iterations: steps, units: perStep, context, meter };
}

function methodContext(name: string, { spec, target, context }: MethodParts): MethodContext {
  return { name, target, device: context.device, seed: spec.seed, precision: spec.precision };
}

/** Steps of a method, and the evaluations of rows that each makes; a gradient counts three. */
function workOf(method: NamedMethod): { perStep: number; steps: number } {
  switch (method.type) {
    case 'dais':
      return { perStep: 6 * method.batch * method.particles * (1 + method.steps), steps: method.iterations };
    case 'iwvi':
      return { perStep: 3 * method.batch * method.particles, steps: method.iterations };
    case 'vi':
      return { perStep: 3 * method.batch, steps: method.iterations };
    case 'msc':
      return { perStep: method.samples * method.chains, steps: method.iterations };
    case 'hmc':
      return { perStep: 3 * method.chains * method.leapfrog, steps: method.warmUp + method.iterations };
  }
}

function stepsOf(method: NamedMethod): number {
  return method.type === 'dais' ? method.steps : 0;
}

function approximation(method: string, { mean, logVariance }: FactorisedNormal): Approximation {
  return { method, mean: [...mean], std: Array.from(logVariance, (value) => Math.exp(value / 2)) };
}

function ofFit({ average, dropped, gradientEvaluations }: Fitted): Record<string, unknown> {
  const { logVariance } = average;
  const entropy =
    0.5 * logVariance.length * (1 + Math.log(2 * Math.PI)) +
    0.5 * logVariance.reduce((total, value) => total + value, 0);
  return { entropy, gradientEvaluations, ...(dropped === 0 ? {} : { droppedUpdates: dropped }) };
}

function fitWarnings(name: string, { diverged, dropped }: Fitted): string[] {
  if (diverged !== undefined) return [diverged.message];
  if (dropped === 0) return [];
  return [
    `${name}: ${dropped} updates were dropped, with something not finite in them. A smaller learningRate or stepSize mends it.`,
  ];
}

/** What draws say of log Z. */
function judged(
  method: string,
  estimator: string,
  particles: number,
  draws: Evaluation,
): Pick<MethodOutcome, 'bounds' | 'samples' | 'warnings'> & { readonly metrics: Record<string, unknown> } {
  const { bound, dropped } = draws;
  // A mean over the draws that happened to be finite would be no bound.
  const valid = dropped === 0 && Number.isFinite(bound.value);
  return {
    bounds: [
      {
        ...{ quantity: 'log-z', estimator, side: 'lower', method, samples: particles },
        value: valid ? bound.value : null,
        ci95: valid ? bound.ci95 : null,
        n: bound.n,
      },
    ],
    samples: [{ method, values: draws.samples }],
    warnings: valid ? [] : [`${method} has no bound: the weight of ${dropped} draws is not finite.`],
    metrics: {
      ...(valid ? { bound: bound.value, boundCi95: bound.ci95 } : {}),
      logZEstimate: draws.estimate,
      logWeightVariance: draws.logWeightVariance,
      ess: draws.effectiveSampleSize,
      largestWeight: draws.largestShare,
    },
  };
}

/** A clock that is read once, also when the run is taken up again. */
function kept({ journal, seconds }: RunContext, key: string): number {
  const known = journal.finished<number>(key);
  if (known !== undefined) return known;
  const value = seconds();
  journal.finish(key, value);
  return value;
}

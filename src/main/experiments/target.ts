import { coverageValues } from '../../shared/coverage';
import { InputError } from '../../shared/errors';
import type { Bound, CoverageOf, Series } from '../../shared/result';
import { namedMethods, type NamedMethod, type TargetRunSpec } from '../../shared/runFile';
import type { Target } from '../targets';
import { heldOutScores } from './heldOut';
import { Meter } from './meter';
import { runMethod, methodUnits, type MethodOutcome } from './methods';
import { admitFlow } from './methods/givenFlow';
import { scaleWarnings } from './methods/flowScales';
import { pictureOf } from './picture';
import { coverageUnits, targetCoverage } from './targetCoverage';
import { planTarget, type OpenedTarget } from './planTarget';
import { errorsAgainst, oraclesOf, truthOf, type Truth } from './targetTruth';
import { logDensityOn } from './targetDensity';
import type { Outcome, RunContext, RunEvent } from './types';

/** Exact samples of a target that a picture shows. */
const exactSamples = 1500;

/** Runs of kind `target`: each method fits or samples one density, and all are held against what is known of it. */
export async function* target(spec: TargetRunSpec, context: RunContext): AsyncGenerator<RunEvent, Outcome> {
  const { directory, device } = context;
  const meter = new Meter();
  meter.stage = 'loading';
  yield meter.event();
  if (spec.precision === 'float64' && device.name !== 'cpu') {
    throw new InputError(
      'precision',
      `is "float64", which the device "${device.name}" does not have`,
      'Use the device "cpu".',
    );
  }
  const { dim, open } = await planTarget(spec.target, context, meter);
  const methods = namedMethods(spec.methods);
  for (const method of methods) if (method.type === 'annealing-flow') await admitFlow(method, dim, directory);
  for (const method of methods) meter.plan(methodUnits(method, spec));
  meter.plan(methods.length * coverageUnits(spec.evaluate, dim));
  const opened = yield* open();
  const density = opened.target;
  const outcomes: MethodOutcome[] = [];
  for (const method of methods) {
    const outcome = yield* runMethod(method, { spec, target: density, context, meter });
    outcomes.push(outcome);
    const soFar = outcomes.flatMap(({ bounds }) => bounds);
    yield meter.event({ point: { temperatures: stepsOf(method), bounds: soFar } });
  }
  const truth = truthOf(density, outcomes);
  const coverage = yield* targetCoverage({ spec, target: density, outcomes, logZ: truth.logZ, context, meter });
  return outcomeOf(spec, context, { opened, methods, outcomes, truth, coverage });
}

interface OutcomeParts {
  readonly opened: OpenedTarget;
  readonly methods: readonly NamedMethod[];
  readonly outcomes: readonly MethodOutcome[];
  readonly truth: Truth;
  readonly coverage: CoverageOf[];
}

async function outcomeOf(
  spec: TargetRunSpec,
  { device }: RunContext,
  { opened, methods, outcomes, truth, coverage }: OutcomeParts,
): Promise<Outcome> {
  const density = opened.target;
  const approximations = outcomes.flatMap((outcome) => outcome.approximations);
  const bounds = outcomes.flatMap((outcome) => outcome.bounds);
  const samples = outcomes.flatMap((outcome) => outcome.samples);
  const metrics: Record<string, unknown> = {
    best: bestOf(bounds),
    truth: { ...plainTruth(truth), ...drawnBy(density) },
  };
  for (const { metrics: own } of outcomes) {
    for (const [name, values] of Object.entries(own)) {
      const approximation = approximations.find(({ method }) => method === name);
      const scores = heldOutScores(
        density.heldOut,
        approximation,
        samples.find(({ method }) => method === name),
      );
      const covered = coverage.find(({ method }) => method === name);
      metrics[name] = {
        ...{ ...values, ...errorsAgainst(truth, name, approximation, values), ...scores },
        ...(covered === undefined ? {} : { coverage: coverageMetricsOf(covered) }),
      };
    }
  }
  const oracles = oraclesOf(density, methods, truth);
  if (oracles.length > 0) metrics['oracles'] = oracles;
  const exact = density.sample?.(exactSamples, spec.seed);
  const stages = outcomes.flatMap((outcome) => outcome.stages ?? []);
  const files = [...opened.files, ...outcomes.flatMap((outcome) => outcome.files ?? [])];
  return {
    status: 'done',
    bounds,
    metrics,
    diagnostics: {
      gradientEvaluations: outcomes.reduce((total, { gradientEvaluations }) => total + gradientEvaluations, 0),
    },
    ...(density.notes === undefined || density.notes.length === 0 ? {} : { notes: [...density.notes] }),
    warnings: [
      ...(density.notes ?? []),
      ...outcomes.flatMap(({ warnings }) => warnings),
      ...scaleWarnings(methods, metrics, spec.evaluate.samples),
      ...coverage.flatMap(collapseWarning),
    ],
    series: [...opened.series, ...outcomes.flatMap(({ series }): readonly Series[] => series)],
    approximations,
    ...(stages.length === 0 ? {} : { stages }),
    ...(files.length === 0 ? {} : { files }),
    ...(coverage.length === 0 ? {} : { coverage }),
    picture: await pictureOf(
      density,
      [...(exact === undefined ? [] : [{ method: 'target', values: exact }]), ...samples],
      approximations,
      (x) => logDensityOn(density, device, spec.precision, x, truth.logZ ?? 0),
    ),
  };
}

/** What tables show of a card, beside the other metrics of its method. */
function coverageMetricsOf({ card }: CoverageOf): Record<string, number> {
  const values = coverageValues(card);
  const modes = card.metrics['modesFound']?.parameters['modes'];
  const { logZ = NaN, logZForward = NaN, logZError = logZForward - logZ } = values;
  return {
    ...values,
    ...(typeof modes === 'number' ? { modes } : {}),
    ...(card.alarms.some(({ id }) => id === 'collapse') ? { massFound: Math.exp(-logZError) } : {}),
  };
}

/** A sampler that looks perfect to itself must not pass for one. */
function collapseWarning({ method, card }: CoverageOf): string[] {
  return card.alarms.flatMap(({ id, text }) => (id === 'collapse' ? [`${method}: ${text}`] : []));
}

function stepsOf(method: NamedMethod): number {
  return 'steps' in method ? method.steps : 1;
}

/** The tightest bounds on log Z, by the method that gives them. */
function bestOf(bounds: readonly Bound[]): Record<string, unknown> {
  const pick = (side: 'lower' | 'upper', sign: number): Bound | undefined =>
    bounds
      .filter((bound) => bound.side === side && bound.value !== null)
      .sort((a, b) => sign * ((b.value ?? 0) - (a.value ?? 0)))[0];
  const [lower, upper] = [pick('lower', 1), pick('upper', -1)];
  return {
    quantity: 'log-z',
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
    ...(lower === undefined || upper === undefined ? {} : gapBetween(lower, upper)),
  };
}

/** Paths forward and paths back have noise of their own each, so that their intervals add in squares. */
function gapBetween(lower: Bound, upper: Bound): Record<string, number> {
  const gap = (upper.value ?? 0) - (lower.value ?? 0);
  if (lower.ci95 === null || upper.ci95 === null) return { gap };
  return { gap, gapCi95: Math.hypot(lower.ci95, upper.ci95) };
}

/** What was drawn to make the target, which only this program can draw again. */
function drawnBy({ drawn }: Target): Record<string, unknown> {
  return drawn === undefined ? {} : { drawn };
}

function plainTruth({ logZ, mean, std, source }: Truth): Record<string, unknown> {
  return {
    ...(logZ === undefined ? {} : { logZ }),
    ...(mean === undefined ? {} : { mean: [...mean] }),
    ...(std === undefined ? {} : { std: [...std] }),
    source,
  };
}

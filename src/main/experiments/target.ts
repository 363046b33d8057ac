import { InputError } from '../../shared/errors';
import type { Bound, Series } from '../../shared/result';
import { namedMethods, type NamedMethod, type TargetRunSpec } from '../../shared/runFile';
import { buildTarget, type Target } from '../targets';
import { heldOutScores } from './heldOut';
import { Meter } from './meter';
import { runMethod, methodUnits, type MethodOutcome } from './methods';
import { pictureOf } from './picture';
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
  const density = await buildTarget(spec.target, directory);
  const methods = namedMethods(spec.methods);
  for (const method of methods) meter.plan(methodUnits(method, spec));
  const outcomes: MethodOutcome[] = [];
  for (const method of methods) {
    const outcome = yield* runMethod(method, { spec, target: density, context, meter });
    outcomes.push(outcome);
    const soFar = outcomes.flatMap(({ bounds }) => bounds);
    yield meter.event({ point: { temperatures: stepsOf(method), bounds: soFar } });
  }
  return outcomeOf(spec, context, density, methods, outcomes);
}

async function outcomeOf(
  spec: TargetRunSpec,
  { device }: RunContext,
  density: Target,
  methods: readonly NamedMethod[],
  outcomes: readonly MethodOutcome[],
): Promise<Outcome> {
  const truth = truthOf(density, outcomes);
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
      metrics[name] = { ...values, ...errorsAgainst(truth, name, approximation, values), ...scores };
    }
  }
  const oracles = oraclesOf(density, methods, truth);
  if (oracles.length > 0) metrics['oracles'] = oracles;
  const exact = density.sample?.(exactSamples, spec.seed);
  const stages = outcomes.flatMap((outcome) => outcome.stages ?? []);
  const files = outcomes.flatMap((outcome) => outcome.files ?? []);
  return {
    status: 'done',
    bounds,
    metrics,
    diagnostics: {
      gradientEvaluations: outcomes.reduce((total, { gradientEvaluations }) => total + gradientEvaluations, 0),
    },
    warnings: [...(density.notes ?? []), ...outcomes.flatMap(({ warnings }) => warnings)],
    series: outcomes.flatMap(({ series }): readonly Series[] => series),
    approximations,
    ...(stages.length === 0 ? {} : { stages }),
    ...(files.length === 0 ? {} : { files }),
    picture: await pictureOf(
      density,
      [...(exact === undefined ? [] : [{ method: 'target', values: exact }]), ...samples],
      approximations,
      (x) => logDensityOn(density, device, spec.precision, x, truth.logZ ?? 0),
    ),
  };
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
    ...(lower === undefined || upper === undefined ? {} : { gap: (upper.value ?? 0) - (lower.value ?? 0) }),
  };
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

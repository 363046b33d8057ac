import type { CoverageCard, CoverageMetricName } from '../../shared/coverage';
import { climbSteps } from './clusters';
import { densityPart } from './densityPart';
import { Draft } from './draft';
import { floorOf } from './floors';
import { defaults, type CoverageInputs, type CoverageOptions } from './inputs';
import { steinSteps } from './ksd';
import { normalisedWeights } from './logSums';
import { marginalSteps } from './marginals';
import { withBarriers } from './missedModes';
import { modePart, modeValues } from './modePart';
import { take, type Points } from './points';
import { classCoverage } from './prdc';
import { choose, seeded } from './random';
import { shapeValues } from './shape';
import { wilsonInterval } from './special';
import { twoSampleNames, twoSampleSteps, whyLeftOut } from './twoSamplePart';

export type { CoverageInputs, CoverageOptions } from './inputs';
export type { AssignmentRule } from './assignment';
export { assign, signWeights } from './assignment';
export { pointsOf, pointsFrom, type Points } from './points';

/** How far a card is; what it holds so far may be shown. */
export interface CoverageProgress {
  /** 0 to 1. */
  readonly done: number;
  readonly card: CoverageCard;
  /** Which real items have a generated one near them, told once. */
  readonly covered?: Uint8Array;
}

/**
 * Everything that can be said of samples with what is at hand, cheapest first: what is known so far can be shown from the first moments on.
 * Yields at least every second of work, where a caller may stop; seconds to a minute for 10,000 samples, floors ten times that.
 * @param signal stops with its reason at the next yield
 */
export async function* coverageCard(
  inputs: CoverageInputs,
  given: Partial<CoverageOptions> = {},
  signal?: AbortSignal,
): AsyncGenerator<CoverageProgress, CoverageCard> {
  const options = { ...defaults, ...given };
  const { samples, reference, logWeights } = inputs;
  const draft = new Draft(options.seed, {
    samples: samples.count,
    ...(reference === undefined ? {} : { reference: reference.count }),
  });
  const weights = logWeights === undefined ? undefined : normalisedWeights(logWeights);
  const alarms = densityPart(draft, inputs);
  const parts = modePart(draft, inputs, options, weights);
  const card: CoverageCard = {
    situation: inputs.situation,
    samples: samples.count,
    reference: reference?.count ?? null,
    dim: samples.dim,
    seed: options.seed,
    ess: draft.metrics['ess']?.value ?? null,
    metrics: draft.metrics,
    ...parts,
    alarms,
  };
  const marginal = marginalPart(draft, card, inputs, options);
  while (marginal.next().done !== true) {
    yield { done: 0.01, card };
    signal?.throwIfAborted();
  }
  shapePart(draft, inputs);
  yield { done: 0.02, card };
  const { modeLocations, logDensity } = inputs;
  if (modeLocations !== undefined && logDensity !== undefined)
    card.missed = await withBarriers(card.missed, modeLocations, logDensity);
  signal?.throwIfAborted();
  const stein = steinPart(draft, inputs, options, weights);
  while (stein.next().done !== true) {
    yield { done: 0.02, card };
    signal?.throwIfAborted();
  }
  yield { done: 0.05, card };
  signal?.throwIfAborted();
  if (inputs.climb !== undefined) {
    const climbing = climbSteps(samples, inputs.climb, { starts: options.starts, seed: options.seed });
    let climbed = await climbing.next();
    for (; climbed.done !== true; climbed = await climbing.next()) {
      yield { done: 0.05, card };
      signal?.throwIfAborted();
    }
    const found = climbed.value;
    card.maxima = found.map(({ location, logDensity, samples: near }) => ({
      location: [...location],
      logDensity,
      samples: near,
    }));
  }
  if (reference === undefined) {
    draft.lack(
      twoSampleNames,
      inputs.situation === 'generator'
        ? 'There are no real items to compare with.'
        : 'There are no exact samples of this target.',
    );
    return card;
  }
  const span = options.floors > 0 ? 0.15 : 0.95;
  draft.start();
  for (const step of twoSampleSteps(samples, reference, options, { weights, tests: true })) {
    for (const [name, told] of Object.entries(step.told)) draft.put(name as CoverageMetricName, told);
    if (step.prdc !== undefined) perClass(card, step.prdc.covered, inputs);
    if (Object.keys(step.told).length > 0) draft.start();
    const { prdc } = step;
    yield { done: 0.05 + span * step.done, card, ...(prdc === undefined ? {} : { covered: prdc.covered }) };
    signal?.throwIfAborted();
  }
  for (const name of twoSampleNames)
    if (draft.metrics[name] === undefined) draft.lack([name], whyLeftOut(name, samples.dim));
  yield* floorsPart(card, inputs, options, signal);
  return card;
}

function* marginalPart(
  draft: Draft,
  card: CoverageCard,
  inputs: CoverageInputs,
  { alpha }: CoverageOptions,
): Generator<undefined, void> {
  const { samples, reference, cdf } = inputs;
  const against = cdf !== undefined ? { cdf } : reference === undefined ? undefined : { samples: reference };
  draft.start();
  const found = yield* marginalSteps(samples, against, alpha);
  const { mean, sd, statistics, limit, flagged } = found;
  card.marginals = {
    mean: [...mean],
    sd: [...sd],
    ...(statistics === undefined ? {} : { statistics: [...statistics] }),
    ...(limit === undefined ? {} : { limit }),
    ...(flagged === undefined ? {} : { flagged: [...flagged] }),
  };
  if (statistics === undefined || flagged === undefined) {
    draft.lack(['marginalWorst', 'marginalsFlagged'], 'Neither exact marginals nor exact samples are known.');
    return;
  }
  draft.put('marginalWorst', { value: Math.max(...statistics), parameters: { limit, exact: cdf !== undefined } });
  draft.put('marginalsFlagged', { value: flagged.length, expected: 0, parameters: { limit, alpha } });
}

/** What fits the target only: nothing is said of what does not. */
function shapePart(draft: Draft, inputs: CoverageInputs): void {
  draft.start();
  const { samples, reference, shape, rule } = inputs;
  const hole = shape?.hole;
  for (const [name, value] of Object.entries(shapeValues(samples, reference, inputs)))
    if (name === 'insideHole' && hole !== undefined)
      draft.put(name, {
        value,
        interval: wilsonInterval(Math.round(value * samples.count), samples.count),
        expected: hole.share,
        parameters: { radius: hole.radius },
      });
    else
      draft.put(name as CoverageMetricName, {
        value,
        parameters: rule?.type === 'signs' ? { coordinates: rule.coordinates.length } : {},
      });
}

function* steinPart(
  draft: Draft,
  { samples, scores, situation }: CoverageInputs,
  { steinCap, seed }: CoverageOptions,
  weights: Float64Array | undefined,
): Generator<undefined, void> {
  if (scores === undefined) {
    draft.lack(
      ['ksd'],
      situation === 'generator'
        ? 'A generator has no density.'
        : 'There are no gradients of log density at the samples.',
    );
    return;
  }
  draft.start();
  const found = yield* steinSteps(samples, scores, { weights, cap: steinCap, seed });
  draft.put('ksd', {
    value: found.u,
    error: found.error,
    reweighted: found.weighted,
    expected: 0,
    samples: found.samples,
    parameters: { kernel: 'imq', scale: found.scale, biased: found.v },
  });
}

function perClass(
  card: CoverageCard,
  covered: Uint8Array,
  { referenceLabels, modeWeights, rule }: CoverageInputs,
): void {
  // Only where every real item took part.
  if (referenceLabels === undefined || covered.length !== referenceLabels.length) return;
  const classes = modeWeights?.length ?? (rule?.type === 'labels' ? rule.classes : 0);
  card.classCoverage = Array.from(classCoverage(covered, referenceLabels, classes), (value) =>
    Number.isNaN(value) ? null : value,
  );
}

/** Metrics of two exact sets of the same sizes, again and again; of two halves of the reference where no more can be drawn. */
async function* floorsPart(
  card: CoverageCard,
  inputs: CoverageInputs,
  options: CoverageOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<CoverageProgress, void> {
  const { samples, reference } = inputs;
  if (reference === undefined) return;
  const values = new Map<CoverageMetricName, number[]>();
  const median = card.metrics['mmdMedian']?.parameters['bandwidth'];
  for (let repeat = 0; repeat < options.floors; repeat += 1) {
    const [a, b] = exactPair(samples.count, reference, inputs.exact, options.seed, repeat);
    const add = (name: CoverageMetricName, value: number): void => {
      if (Number.isFinite(value)) values.set(name, [...(values.get(name) ?? []), value]);
    };
    for (const [name, value] of Object.entries({ ...modeValues(a, inputs), ...shapeValues(a, b, inputs) }))
      add(name as CoverageMetricName, value);
    const settings = { median: typeof median === 'number' ? median : undefined, tests: false };
    for (const step of twoSampleSteps(a, b, { ...options, seed: options.seed + repeat + 1 }, settings)) {
      for (const [name, told] of Object.entries(step.told)) add(name as CoverageMetricName, told.value);
      yield { done: 0.2 + (0.8 * (repeat + step.done)) / options.floors, card };
      signal?.throwIfAborted();
    }
  }
  for (const [name, repeats] of values) {
    const metric = card.metrics[name];
    if (metric?.value !== null && metric !== undefined) metric.floor = floorOf(repeats);
  }
}

function exactPair(
  count: number,
  reference: Points,
  exact: CoverageInputs['exact'],
  seed: number,
  repeat: number,
): readonly [Points, Points] {
  if (exact !== undefined) {
    // Seeds of their own, far from those that results are drawn with.
    const first = 7_000_003 + 1009 * seed + 2 * repeat;
    return [exact(count, first), exact(reference.count, first + 1)];
  }
  const order = choose(reference.count, reference.count, seeded(seed + repeat, 'halves'));
  const half = Math.floor(reference.count / 2);
  return [take(reference, order.subarray(0, half)), take(reference, order.subarray(half))];
}

import type { Approximation, CoverageOf } from '../../../shared/result';
import type { TargetCoverageSpec, TargetRunSpec } from '../../../shared/runFile';
import { coverageCard, pointsOf, type CoverageInputs, type CoverageOptions, type Points } from '../../coverage';
import { ruleOfTarget } from '../../coverage/targetRule';
import type { Target } from '../../targets';
import { componentSeed } from '../../trainers/componentSeed';
import { mostDraws, mostPaired } from '../../metrics/keptDraws';
import type { MethodDraws, MethodOutcome } from '../methods/types';
import type { Meter } from '../meter';
import type { RunContext, RunEvent } from '../types';
import { openPointDensity, type PointDensity } from './density';
import { coverageView } from './view';

/** Fewer say nothing. */
const fewest = 10;
/** Numbers that the draws of a card may be: many coordinates leave room for fewer draws. */
const mostNumbers = 2 ** 25;
/** Draws that climb to the maxima of a density whose modes are unknown. */
const starts = 100;

export interface TargetCoverageParts {
  readonly spec: TargetRunSpec;
  readonly target: Target;
  readonly outcomes: readonly MethodOutcome[];
  /** Of the target, nats, where it is known. */
  readonly logZ: number | undefined;
  readonly context: RunContext;
  readonly meter: Meter;
}

/** Work of a card in the meter's units, about a microsecond each. */
export function coverageUnits({ coverage, samples }: TargetRunSpec['evaluate'], dim: number): number {
  if (coverage === false) return 0;
  const n = Math.min(samples, mostDraws(dim));
  const pairs = (1 + coverage.floors) * 3 * Math.min(n, coverage.samples, mostPaired(dim)) ** 2;
  const transport = coverage.matched ** 2 * (1 + coverage.floors) * 5;
  return (pairs * (8 + dim / 10)) / 50 + transport / 10 + 100 * n;
}

/**
 * How well each answer that draws covers the target: one card after the other, each kept in the journal when it is finished. A card is
 * made in steps of less than a second, between which the run hears what it is told.
 */
export async function* targetCoverage(parts: TargetCoverageParts): AsyncGenerator<RunEvent, CoverageOf[]> {
  const { spec, target, outcomes, context, meter } = parts;
  const { coverage } = spec.evaluate;
  if (coverage === false) return [];
  const all = outcomes.flatMap(({ draws = [], approximations, metrics }) =>
    draws.map((each) => ({
      ...finiteDraws(each, target.dim),
      normal: approximations.find(({ method }) => method === each.method),
      effective: effectiveOf(each, metrics[each.method], target.dim),
    })),
  );
  const answers = all.filter(({ points }) => points.count >= fewest);
  const density = openPointDensity(target, context.device, spec.precision);
  const found: CoverageOf[] = [];
  // What was planned is one card a method; some have two answers, and some none.
  const units = (coverageUnits(spec.evaluate, target.dim) * outcomes.length) / Math.max(1, answers.length);
  try {
    for (const answer of answers) {
      const key = `coverage of ${answer.method}`;
      meter.stage = key;
      let card = context.journal.finished<CoverageOf>(key);
      if (card === undefined) {
        card = yield* oneCard(answer, parts, coverage, density, units);
        context.journal.finish(key, card);
      } else yield meter.tick(units);
      found.push(card);
    }
  } finally {
    await density.dispose();
  }
  return found;
}

interface Answer {
  readonly method: string;
  readonly points: Points;
  readonly logWeights: Float64Array | undefined;
  readonly logRatios: Float64Array | undefined;
  readonly normal: Approximation | undefined;
  readonly effective: number | undefined;
}

async function* oneCard(
  answer: Answer,
  { spec, target, logZ, meter }: TargetCoverageParts,
  coverage: TargetCoverageSpec,
  density: PointDensity,
  units: number,
): AsyncGenerator<RunEvent, CoverageOf> {
  const { method, points, logWeights } = answer;
  const { dim, sample, modes = [] } = target;
  const rule = ruleOfTarget(target);
  const exact = sample && ((count: number, seed: number) => pointsOf(sample(count, seed), dim));
  const count = Math.min(points.count, coverage.samples, mostPaired(dim));
  const reference = exact?.(count, componentSeed(spec.seed, 'coverage'));
  const known = exact !== undefined || rule !== undefined;
  const scores = { ...points, data: await density.score(points) };
  const inputs: CoverageInputs = {
    situation: known ? 'known-target' : 'unknown-target',
    ...{ samples: points, reference, exact, logWeights, logZ, rule: rule?.rule, modeWeights: rule?.weights },
    shape: target.shape,
    referenceLogRatios: answer.logRatios ?? (await ratiosOfNormal(answer.normal, reference, density)),
    modeLocations: modes.length > 0 ? pointsOf(joined(modes.map(({ location }) => location)), dim) : undefined,
    ...(scores.data.every(Number.isFinite) ? { scores } : {}),
    logDensity: density.logDensity,
    ...(known ? {} : { climb: density }),
    effective: answer.effective,
  };
  const steps = coverageCard(inputs, optionsOf(spec, coverage, dim));
  let before = 0;
  for (;;) {
    const next = await steps.next();
    if (next.done === true) {
      yield meter.tick((1 - before) * units);
      return { method, card: next.value, view: coverageView(target, points, rule, logWeights) };
    }
    yield meter.tick((next.value.done - before) * units);
    before = next.value.done;
  }
}

function optionsOf({ seed }: TargetRunSpec, coverage: TargetCoverageSpec, dim: number): Partial<CoverageOptions> {
  const { floors, permutations, matched, neighbours } = coverage;
  const samples = Math.min(coverage.samples, mostPaired(dim));
  return {
    // Seeds of cards are multiplied: small ones stay exact.
    seed: componentSeed(seed, 'coverage') % 1_000_000,
    ...{ floors, permutations, starts, k: neighbours, pairsCap: samples, steinCap: samples, exactCap: matched },
    sinkhorn: { tolerance: 1e-4, iterations: matched === 0 ? 0 : 2000, cap: matched },
    directions: 100,
  };
}

/** log f − log ρ of exact samples, where the method ends in a normal whose density is known. */
async function ratiosOfNormal(
  normal: Approximation | undefined,
  reference: Points | undefined,
  density: PointDensity,
): Promise<Float64Array | undefined> {
  if (normal === undefined || reference === undefined) return undefined;
  const { mean, std } = normal;
  const { data, dim } = reference;
  const values = await density.logDensity(reference);
  return values.map((value, row) => {
    let log = value;
    for (let k = 0; k < dim; k += 1) {
      const scaled = ((data[row * dim + k] ?? NaN) - (mean[k] ?? NaN)) / (std[k] ?? NaN);
      log += 0.5 * (scaled * scaled + Math.log(2 * Math.PI)) + Math.log(std[k] ?? NaN);
    }
    return log;
  });
}

/** Without rows that are no numbers, which runs that diverge leave; of very many coordinates some, spread evenly. */
function finiteDraws(
  { method, values, logWeights, logRatios }: MethodDraws,
  dim: number,
): Pick<Answer, 'method' | 'points' | 'logWeights' | 'logRatios'> {
  const finite: number[] = [];
  for (let row = 0; row < values.length / dim; row += 1) {
    const weight = logWeights?.[row] ?? 0;
    if (
      !Number.isNaN(weight) &&
      weight < Infinity &&
      values.subarray(row * dim, (row + 1) * dim).every(Number.isFinite)
    )
      finite.push(row);
  }
  const stride = Math.ceil((finite.length * dim) / mostNumbers);
  const rows = finite.filter((_, place) => place % stride === 0);
  const data = new Float64Array(rows.length * dim);
  rows.forEach((row, place) => data.set(values.subarray(row * dim, (row + 1) * dim), place * dim));
  const weights = logWeights && Float64Array.from(rows, (row) => logWeights[row] ?? NaN);
  return {
    ...{ method, points: pointsOf(data, dim) },
    // Where nothing has any weight there are none.
    logWeights: weights?.some((value) => value > -Infinity) === true ? weights : undefined,
    logRatios: logRatios?.every(Number.isFinite) === true ? logRatios : undefined,
  };
}

/**
 * Draws with weights are independent unless they descend from each other; what chains say of themselves counts for theirs, and nothing is
 * known of particles that move together.
 */
function effectiveOf(
  { method, logWeights, values }: MethodDraws,
  metrics: Readonly<Record<string, unknown>> = {},
  dim: number,
): number | undefined {
  const { families, ess } = metrics;
  if (families !== undefined || method.includes('-smc')) return 0;
  if (logWeights !== undefined) return undefined;
  return typeof ess === 'number' && Number.isFinite(ess) ? Math.min(ess, values.length / dim) : 0;
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const dim = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * dim);
  rows.forEach((row, place) => all.set(row, place * dim));
  return all;
}

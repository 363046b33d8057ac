import type { CoverageCard, CoverageMetricName } from '../../shared/coverage';
import { assign, countModes, highQualityRadius, highQualityShare, type Assignment } from './assignment';
import { bootstrapInterval } from './bootstrap';
import { countFound } from './counting';
import type { Draft } from './draft';
import { entropicCoverage, expectedEntropicCoverage } from './entropic';
import { highQuality, qualityOf } from './highQuality';
import type { CoverageInputs, CoverageOptions } from './inputs';
import { missedModes } from './missedModes';
import type { Points } from './points';
import { wilsonInterval } from './special';
import {
  expectedTotalVariation,
  expectedWeightMse,
  reweightedShares,
  totalVariation,
  weightDistances,
  weightMse,
} from './weights';

const counting = ['modesFound', 'modesTouched', 'modesMissed'] as const;
const weighing = [
  ...(['weightTotalVariation', 'weightMse', 'weightMseRatio', 'weightPearson', 'weightForwardKl'] as const),
  ...(['weightReverseKl', 'weightJensenShannon', 'entropicCoverageRatio'] as const),
];
const assigning = ['highQuality', 'entropicCoverage', 'entropicCoverageSoft'] as const;

/** More bars than these are no picture and no small result. */
const mostBars = 4096;

type ModeCard = Pick<CoverageCard, 'missed' | 'undecidable'> & Partial<Pick<CoverageCard, 'modes'>>;

/** Counts, weights and quality of modes or classes. */
export function modePart(
  draft: Draft,
  inputs: CoverageInputs,
  options: CoverageOptions,
  weights: Float64Array | undefined,
): ModeCard {
  const { samples, rule, modeWeights } = inputs;
  if (rule === undefined) {
    draft.lack([...counting, ...weighing, ...assigning], whyNoModes(inputs));
    return { missed: [], undecidable: [] };
  }
  draft.start();
  const assignment = assign(samples, rule);
  const n = samples.count;
  const raw = countModes(assignment);
  const quality =
    inputs.good === undefined
      ? highQuality(assignment, samples.dim, { weights })
      : qualityOf(inputs.good.which, weights);
  const good = quality === undefined ? raw : countModes(assignment, (sample) => quality.which[sample] === 1);
  if (quality === undefined) draft.lack(['highQuality'], 'The modes have no known width to tell near from far.');
  else
    draft.put('highQuality', {
      value: quality.fraction,
      interval: quality.interval,
      reweighted: quality.reweighted,
      expected: inputs.good === undefined ? highQualityShare : inputs.good.expected,
      parameters: inputs.good === undefined ? { radius: highQualityRadius(samples.dim) } : {},
    });
  const shares = raw.map((count) => count / n);
  const reweighted = weights === undefined ? undefined : reweightedShares(assignment.mode, weights, assignment.modes);
  draft.put('entropicCoverage', {
    value: entropicCoverage(shares),
    reweighted: reweighted === undefined ? undefined : entropicCoverage(reweighted.shares),
    expected: modeWeights === undefined ? undefined : expectedEntropicCoverage(modeWeights, n),
  });
  if (assignment.meanResponsibility === undefined)
    draft.lack(['entropicCoverageSoft'], 'Only components of a mixture share samples.');
  else draft.put('entropicCoverageSoft', { value: entropicCoverage(assignment.meanResponsibility) });
  if (modeWeights === undefined) {
    draft.lack([...counting, ...weighing], 'The true weights of the modes are not known.');
    return { missed: [], undecidable: [] };
  }
  const found = countFound({ weights: modeWeights, counts: raw, highQuality: good, samples: n }, options);
  const undecidable = found.undecidable.length;
  const parameters = { modes: assignment.modes, undecidable, ...(undecidable === 0 ? {} : { needed: found.needed }) };
  // A mode that is certainly too rare is not missed where a good part of it was drawn.
  const missing = found.missing.filter((k) => (good[k] ?? 0) < options.tau * (modeWeights[k] ?? NaN) * n);
  draft.put('modesFound', {
    value: found.foundAdequate,
    expected: found.expectedDistinct,
    parameters: { ...parameters, tau: options.tau },
  });
  draft.put('modesTouched', { value: found.foundAny, expected: found.expectedDistinct, parameters });
  draft.put('modesMissed', {
    value: missing.length,
    expected: 0,
    parameters: { ...parameters, alpha: options.alpha, tau: options.tau, tooRare: found.missing.length },
  });
  putWeights(draft, { inputs, options, assignment, raw, reweighted: reweighted?.shares });
  const bands = Array.from(raw, (count) => wilsonInterval(count, n));
  return {
    ...(assignment.modes > mostBars
      ? {}
      : {
          modes: {
            ...(inputs.modeLabels === undefined ? {} : { labels: [...inputs.modeLabels] }),
            weights: Array.from(modeWeights),
            raw: [...shares],
            low: bands.map(([low]) => low),
            high: bands.map(([, high]) => high),
            ...(reweighted === undefined
              ? {}
              : { reweighted: [...reweighted.shares], reweightedErrors: [...reweighted.errors] }),
          },
        }),
    missed: missedModes({
      counts: { ...found, missing },
      weights: modeWeights,
      raw,
      highQuality: good,
      reweighted: reweighted?.shares,
      locations: inputs.modeLocations,
    }).slice(0, mostBars),
    undecidable: found.undecidable.slice(0, mostBars),
  };
}

interface Weighed {
  readonly inputs: CoverageInputs;
  readonly options: CoverageOptions;
  readonly assignment: Assignment;
  readonly raw: Float64Array;
  readonly reweighted: Float64Array | undefined;
}

function putWeights(draft: Draft, { inputs, options, assignment, raw, reweighted }: Weighed): void {
  const { modeWeights = [], effective, samples } = inputs;
  const n = samples.count;
  const size = effective === 0 ? undefined : effective;
  const distances = weightDistances(raw, modeWeights, { seed: options.seed, effective: size });
  const interval = bootstrapInterval(
    n,
    (indices) => {
      const counts = new Float64Array(assignment.modes);
      for (const i of indices) {
        const mode = assignment.mode[i] ?? -1;
        if (mode >= 0) counts[mode] = (counts[mode] ?? 0) + 1 / n;
      }
      return totalVariation(counts, modeWeights);
    },
    { seed: options.seed },
  );
  draft.put('weightTotalVariation', {
    value: distances.totalVariation,
    interval,
    reweighted: reweighted === undefined ? undefined : totalVariation(reweighted, modeWeights),
    expected: expectedTotalVariation(modeWeights, n),
  });
  draft.put('weightMse', {
    value: distances.mse,
    reweighted: reweighted === undefined ? undefined : weightMse(reweighted, modeWeights),
    expected: expectedWeightMse(modeWeights, n),
  });
  draft.put('weightMseRatio', { value: distances.mseRatio, expected: 1 });
  if (effective === 0)
    draft.lack(['weightPearson'], 'The samples depend on each other, and what they are worth is not known.');
  else
    draft.put('weightPearson', {
      value: distances.pearson.pValue,
      parameters: { by: distances.pearson.by, effective },
    });
  draft.put('weightForwardKl', { value: distances.forward, parameters: { smoothed: distances.smoothed } });
  draft.put('weightReverseKl', { value: distances.reverse });
  draft.put('weightJensenShannon', { value: distances.jensenShannonBits });
  const ideal = entropicCoverage(modeWeights);
  const exact = expectedEntropicCoverage(modeWeights, n);
  draft.put('entropicCoverageRatio', {
    value: entropicCoverage(raw.map((count) => count / n)) / ideal,
    expected: exact === undefined ? undefined : exact / ideal,
    parameters: { ideal },
  });
}

/** The metrics of modes on exact samples: what floors repeat. */
export function modeValues(
  samples: Points,
  { rule, modeWeights }: CoverageInputs,
): Partial<Record<CoverageMetricName, number>> {
  if (rule === undefined || rule.type === 'labels') return {};
  const assignment = assign(samples, rule);
  const shares = countModes(assignment).map((count) => count / samples.count);
  const quality = highQuality(assignment, samples.dim);
  return {
    entropicCoverage: entropicCoverage(shares),
    ...(quality === undefined ? {} : { highQuality: quality.fraction }),
    ...(modeWeights === undefined
      ? {}
      : { weightTotalVariation: totalVariation(shares, modeWeights), weightMse: weightMse(shares, modeWeights) }),
  };
}

function whyNoModes({ situation }: CoverageInputs): string {
  return situation === 'generator'
    ? 'There are no labels of the generated items.'
    : 'The modes of this target are not known.';
}

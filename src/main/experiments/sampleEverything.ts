import { criticNeeds, listed, type EvidenceSpec, type MutualInformationSpec } from '../../shared/runFile';
import { fixedBase, linearGaussian, type Base, type BaseAt, type GenerativeModel } from '../models';
import { fillNormals } from '../tensor/random/streams';
import type { EvaluationData } from './data';
import type { DatumBounds } from './datumBounds';
import { baseFor, type CriticWithBase, type Learned } from './learned';
import type { Meter } from './meter';
import { posteriorSamples, reverseBounds } from './posteriorSamples';
import { sampleBounds } from './sampleBounds';
import { logWeightsOf, sample } from './sampling';
import type { ExactValues } from './samplingRows';
import type { RunContext, RunEvent } from './types';

type Spec = MutualInformationSpec | EvidenceSpec;

/** Everything that needs samples of a base but no chains. */
export interface Sampled {
  readonly bounds: readonly DatumBounds[];
  readonly diagnostics: Readonly<Record<string, unknown>>;
  /** The values of a critic at the exact samples, and which of them it is. */
  readonly exactOf: (critic: CriticWithBase) => { readonly exact: ExactValues; readonly index: number } | undefined;
}

/** A base with everyone who looks at its samples. */
interface Group {
  readonly base: Base;
  readonly weighted: ('ba' | 'iwae' | 's-infonce')[];
  reverse: boolean;
  readonly critics: CriticWithBase[];
}

/** Draws from each base once, for all estimators that need samples of it. */
export async function* sampleEverything(
  spec: Spec,
  context: RunContext,
  model: GenerativeModel,
  data: EvaluationData,
  learned: Learned,
  meter: Meter,
): AsyncGenerator<RunEvent, Sampled> {
  const { device, journal, seconds } = context;
  const bounds: DatumBounds[] = [];
  const diagnostics: Record<string, unknown> = {};
  const found = new Map<CriticWithBase, { exact: ExactValues; index: number }>();
  for (const group of groupsOf(spec, model, learned)) {
    const { base, critics } = group;
    const at = await base.at(data.x, data.count);
    const contrasted = [...new Set(spec.estimators)].filter((name) => {
      const needs = criticNeeds[name];
      return name !== 'ibal' && needs !== undefined && needs === (base.isPrior ? 'prior' : 'proposal');
    });
    const request = {
      base: base.name,
      weighted: group.weighted,
      weightCounts: group.weighted.length === 0 ? [] : listed(spec.iwae.samples),
      critics: critics.map(({ critic }) => critic.name),
      contrasted,
      criticCounts: critics.length === 0 || contrasted.length === 0 ? [] : listed(spec.contrastive.samples),
    };
    meter.stage = base.isPrior ? 'importance samples' : `importance samples from ${base.name}`;
    const { weightCounts, criticCounts } = request;
    const samples = yield* sample(
      {
        ...{ device, model, base, at, data, weightCounts, criticCounts, meter, journal },
        seed: spec.seed,
        critics: critics.map(({ critic }) => critic),
      },
      seconds,
    );
    bounds.push(...sampleBounds(samples, request));
    critics.forEach((critic, index) => {
      if (samples.exact !== undefined) found.set(critic, { exact: samples.exact, index });
    });
    const last = samples.fresh.get(Math.max(0, ...weightCounts));
    for (const estimator of group.weighted.filter((name) => name !== 'ba')) {
      const sizes = (last?.weights ?? []).map(({ logSumExp }) => logSumExp.effectiveSampleSize()).sort((a, b) => a - b);
      const key = diagnostics[estimator] === undefined ? estimator : `${estimator}, ${base.name}`;
      diagnostics[key] = {
        samples: last?.count ?? 0,
        effectiveSampleSize: sizes[Math.floor(sizes.length / 2)] ?? null,
      };
    }
    if (group.reverse) bounds.push(...(await reverse(spec, context, model, data, base, at)));
  }
  return { bounds, diagnostics, exactOf: (critic) => found.get(critic) };
}

/** Reverse IWAE: one sample of the base, and K exact posterior samples. */
async function reverse(
  spec: Spec,
  { device }: RunContext,
  model: GenerativeModel,
  data: EvaluationData,
  base: Base,
  at: BaseAt,
): Promise<DatumBounds[]> {
  const counts = listed(spec.iwae.samples);
  const count = Math.max(...counts);
  const { latent } = model.decoder;
  const exact = linearGaussian(model);
  const place = { firstChain: 0, chains: 1, firstDatum: 0, data: data.count };
  const z = new Float32Array(data.count * latent);
  fillNormals(z, { seed: spec.seed, stream: 'iwaeLower', step: 0, width: latent, ...place });
  at.fromNormals(z, place);
  const options = { device, model, base, at, data };
  const proposal = await logWeightsOf(options, z, 1);
  const drawn = posteriorSamples(exact, 'riwae', data, { count, latent, seed: spec.seed, stream: 'posteriorLower' });
  const weights = await logWeightsOf(options, drawn, count);
  return reverseBounds(
    base.name,
    proposal.map(([weight]) => weight ?? Number.NaN),
    weights,
    counts,
  );
}

/** Every base whose samples somebody looks at, each once. */
function groupsOf(spec: Spec, model: GenerativeModel, learned: Learned): Group[] {
  const groups: Group[] = [];
  const groupOf = (base: Base): Group => {
    const known = groups.find((group) => group.base.name === base.name);
    if (known !== undefined) return known;
    const group: Group = { base, weighted: [], reverse: false, critics: [] };
    groups.push(group);
    return group;
  };
  const wants = (name: (typeof spec.estimators)[number]): boolean => spec.estimators.includes(name);
  const chosen = listed(spec.iwae.proposal).map((choice) => baseFor(choice, model, learned, 'iwae.proposal'));
  if (wants('ba')) {
    const own = [...learned.bases, ...chosen.filter((base) => !base.isPrior)];
    for (const base of own.length === 0 ? chosen : own) {
      const { weighted } = groupOf(base);
      if (!weighted.includes('ba')) weighted.push('ba');
    }
  }
  for (const base of chosen) {
    if (wants('iwae')) groupOf(base).weighted.push('iwae');
    if (wants('riwae')) groupOf(base).reverse = true;
  }
  if (wants('s-infonce')) groupOf(fixedBase(model.prior)).weighted.push('s-infonce');
  if (spec.estimators.some((name) => criticNeeds[name] !== undefined)) {
    for (const critic of learned.critics) groupOf(critic.base).critics.push(critic);
  }
  return groups;
}

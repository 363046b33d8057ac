import { RunError } from '../../shared/errors';
import { estimatorFacts } from '../../shared/estimatorFacts';
import type { Bound, Series } from '../../shared/result';
import type { EvidenceSpec, MutualInformationSpec } from '../../shared/runFile';
import { linearGaussian, type GenerativeModel } from '../models';
import type { PilotResult } from '../samplers/pilot';
import type { EvaluationData } from './data';
import { chainDiagnostics, chainSeries, chainWarnings } from './diagnostics';
import type { Learned } from './learned';
import type { Sampled } from './sampleEverything';
import type { Best, Summary } from './summary';
import type { Outcome } from './types';
import type { WalkRound } from './walk';

/** One round as the result tells it. */
export type RoundRecord = Best & {
  readonly temperatures: number;
  readonly seconds: number;
  readonly bounds: readonly Bound[];
};

/** The last round of one target. */
export interface WalkEnding extends WalkRound {
  readonly label: string;
  readonly pilot: PilotResult | undefined;
}

export interface OutcomeParts {
  readonly spec: MutualInformationSpec | EvidenceSpec;
  readonly model: GenerativeModel;
  readonly data: EvaluationData;
  readonly learned: Learned;
  readonly sampled: Sampled;
  readonly logLikelihood: readonly number[] | undefined;
  readonly summary: Summary;
  readonly walks: readonly WalkEnding[];
  readonly notes: readonly string[];
  readonly records: readonly RoundRecord[];
}

/** Everything that a run leaves. @throws RunError when no bound is finite */
export function outcomeOf(parts: OutcomeParts): Outcome {
  const { model, data, spec, summary, learned, sampled, records, walks, logLikelihood, notes } = parts;
  if (summary.bounds.every((bound) => bound.value === null)) {
    throw new RunError(summary.warnings[0] ?? 'No bound is finite. Use more temperatures or a smaller step size.');
  }
  const understood = [...model.notes, ...learned.notes];
  return {
    status: 'done',
    // How long a bound took differs from run to run of the same run file; the rounds tell it.
    bounds: summary.bounds.map(untimed),
    metrics: {
      best: summary.best,
      ...truth(parts),
      ...(records.length > 1
        ? { rounds: records.map((record) => ({ ...record, bounds: record.bounds.map(untimed) })) }
        : {}),
      ...(logLikelihood === undefined ? {} : { conditionalEntropy: -average(logLikelihood) }),
      ...(spec.kind === 'evidence' && summary.best.lower !== undefined
        ? { bitsPerDimension: -summary.best.lower.value / (model.decoder.outputs * Math.LN2) }
        : {}),
      latent: model.decoder.latent,
      dataDimension: model.decoder.outputs,
      estimators: estimatorFacts(spec.estimators),
    },
    diagnostics: {
      ...diagnosticsOf(walks),
      ...(Object.keys(sampled.diagnostics).length > 0 ? { importance: sampled.diagnostics } : {}),
    },
    ...(understood.length === 0 ? {} : { notes: understood }),
    warnings: [
      ...understood,
      ...learned.warnings,
      ...data.warnings,
      ...walks.flatMap((walk) =>
        chainWarnings(walk.round, walk.betas, walk.pilot?.table).map((warning) => labelled(walk.label, warning)),
      ),
      ...notes,
      ...summary.warnings,
      ...(data.count < 2 ? ['One datum has no interval. Use more data.'] : []),
    ],
    series: [
      ...walks.flatMap(({ label, round, betas, stepSizes }) =>
        chainSeries(round, betas, stepSizes).map((series) => ({
          ...series,
          name: label === '' ? series.name : `${series.name}, ${label}`,
        })),
      ),
      ...roundSeries(records),
      ...learned.series,
    ],
    perDatum: summary.perDatum,
    files: learned.files,
  };
}

function untimed(bound: Bound): Bound {
  const copy = { ...bound };
  delete copy.seconds;
  return copy;
}

/** Of the first target's chains, with those of the others beside them and the work of all. */
function diagnosticsOf(walks: readonly WalkEnding[]): Record<string, unknown> {
  const own = ({ round, temperatures, pilot }: WalkEnding): Record<string, unknown> => ({
    ...chainDiagnostics(round, temperatures),
    ...(pilot === undefined ? {} : { pilot: { transitions: pilot.transitions } }),
  });
  const [first, ...rest] = walks;
  if (first === undefined) return { gradientEvaluations: 0 };
  const gradientEvaluations = walks.reduce((total, { round }) => total + round.gradientEvaluations, 0);
  const others = rest.map((walk) => ({ label: walk.label, ...own(walk) }));
  return { ...own(first), gradientEvaluations, ...(others.length === 0 ? {} : { others }) };
}

/** The closed form, where the model has one. */
function truth({ model, data, spec, logLikelihood }: OutcomeParts): { truth?: number; truthOfData?: number } {
  const exact = linearGaussian(model);
  if (exact === undefined) return {};
  const evidence = average([...exact.logEvidence(data.x)]);
  if (spec.kind === 'evidence') return { truth: evidence, truthOfData: evidence };
  // The mean over these data differs from the expectation by their sampling noise; bounds on these data bracket the former.
  const ofData = logLikelihood === undefined ? {} : { truthOfData: average(logLikelihood) - evidence };
  return { truth: exact.mutualInformation, ...ofData };
}

function labelled(label: string, warning: string): string {
  return label === '' ? warning : `Chains ${label}: ${warning}`;
}

/** Bounds against temperatures, where a run went through several rounds. */
function roundSeries(rounds: readonly RoundRecord[]): Series[] {
  if (rounds.length < 2) return [];
  const x = { label: 'temperatures', values: rounds.map((round) => round.temperatures) };
  return (['lower', 'upper'] as const).map((side) => ({
    name: `best ${side} bound`,
    x,
    y: { label: 'bound', unit: 'nats', values: rounds.map((round) => round[side]?.value ?? null) },
  }));
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

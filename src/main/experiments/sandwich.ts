import path from 'node:path';
import { RunError } from '../../shared/errors';
import type { Series } from '../../shared/result';
import { listed, type Estimator, type EvidenceSpec, type MutualInformationSpec } from '../../shared/runFile';
import { chainEstimators } from '../bounds';
import { readCheckpoint } from '../checkpoints';
import { buildModel, diagonalGaussian, linearGaussian, type GenerativeModel } from '../models';
import { betasOf } from '../samplers/schedule';
import { stepSizeAt, type StepSizeTable } from '../samplers/stepSizes';
import { admit } from './admission';
import { AnnealedChains, type Round } from './chains';
import { evaluationData, type EvaluationData } from './data';
import { chainDiagnostics, chainSeries, chainWarnings } from './diagnostics';
import { exactLogLikelihood, importance, importanceUnits } from './importance';
import { ladderOf, nextRound } from './gap';
import { Meter } from './meter';
import { summarise, type EstimatorBounds, type Summary } from './summary';
import { pilotUnits, tune } from './tuning';
import type { Outcome, RunContext, RunEvent } from './types';

type Spec = MutualInformationSpec | EvidenceSpec;

/** Trajectories of tuned chains vary in length by a fifth, so that none keeps returning to where it started. */
const tunedJitter = 0.2;

/**
 * Runs of kind `mutual-information` and `evidence`: both bound log p(x) of each datum from below and, where an exact posterior
 * sample is at hand, from above; the first then translates the bounds into bounds on I(x; z).
 */
export async function* sandwich(spec: Spec, context: RunContext): AsyncGenerator<RunEvent, Outcome> {
  const { device, directory } = context;
  const meter = new Meter();
  meter.stage = 'loading';
  yield meter.event();
  admit(spec);
  const checkpoint = await readCheckpoint(path.resolve(directory, spec.model.checkpoint));
  const model = buildModel(spec.model, checkpoint);
  const data = await evaluationData(spec.data, model, device, { directory, seed: spec.seed });
  const run = new Sandwich(spec, context, model, data, meter);
  try {
    return yield* run.events();
  } finally {
    await run.dispose();
  }
}

/** One run: what it was given, and what it has so far. */
class Sandwich {
  private readonly spec: Spec;
  private readonly context: RunContext;
  private readonly model: GenerativeModel;
  private readonly data: EvaluationData;
  private readonly meter: Meter;
  private readonly chains: AnnealedChains;
  private readonly jitter: number;
  private logLikelihood: number[] | undefined;
  private importanceBounds: EstimatorBounds[] = [];
  private readonly importanceDiagnostics: Record<string, unknown> = {};

  constructor(spec: Spec, context: RunContext, model: GenerativeModel, data: EvaluationData, meter: Meter) {
    this.spec = spec;
    this.context = context;
    this.model = model;
    this.data = data;
    this.meter = meter;
    this.jitter = spec.ais.stepSize === undefined ? tunedJitter : 0;
    this.chains = new AnnealedChains({
      device: context.device,
      model,
      base: diagonalGaussian(listed(spec.ais.initial)[0] ?? 'prior', model.decoder.latent, 'ais.initial'),
      data,
      chains: spec.ais.chains,
      leapfrog: spec.ais.leapfrog,
      seed: spec.seed,
      jitter: this.jitter,
      coupled: spec.ais.coupledUpper && spec.estimators.includes('cr-ais') && spec.ais.chains > 1,
      meter,
      journal: context.journal,
    });
  }

  dispose(): Promise<void> {
    return this.chains.dispose();
  }

  async *events(): AsyncGenerator<RunEvent, Outcome> {
    const { spec, data, meter } = this;
    const annealed = spec.estimators.some((name) => chainEstimators[name] !== undefined);
    if (annealed) {
      if (spec.ais.stepSize === undefined) meter.plan(pilotUnits(spec.ais, data.count));
      for (const temperatures of ladderOf(spec.ais)) meter.plan(this.chains.units(temperatures));
    }
    if (data.exact !== undefined) {
      const { device } = this.context;
      this.logLikelihood = await exactLogLikelihood({ device, model: this.model, data, exact: data.exact });
    }
    yield* this.importanceSampling();
    if (!annealed) return this.outcome(this.summary(undefined), {}, []);

    const table = spec.ais.stepSize === undefined ? yield* this.tuned() : undefined;
    const rounds: Record<string, unknown>[] = [];
    const notes: string[] = [];
    const ladder = ladderOf(spec.ais);
    let temperatures = ladder.shift() ?? spec.ais.temperatures;
    for (;;) {
      const began = this.kept(`start of ${temperatures} temperatures`, this.context.seconds);
      const betas = betasOf(spec.ais.schedule, temperatures);
      const stepSizes = this.stepSizes(betas, table?.table);
      const round = yield* this.chains.round(betas, stepSizes);
      const summary = this.summary(round);
      const ended = this.kept(`end of ${temperatures} temperatures`, this.context.seconds);
      const seconds = ended - began;
      rounds.push({ temperatures, seconds, ...summary.best });
      yield meter.event({ point: { temperatures, bounds: summary.bounds } });
      const rung = ladder.shift();
      if (rung !== undefined) {
        temperatures = rung;
        continue;
      }
      const verdict = nextRound(spec.ais, summary.best, { temperatures, seconds, elapsed: ended });
      if (verdict.warning !== undefined) notes.push(verdict.warning);
      if (verdict.temperatures === undefined) {
        const diagnostics = {
          ...chainDiagnostics(round, temperatures),
          ...(table === undefined ? {} : { pilot: { transitions: table.transitions } }),
        };
        const warnings = [...chainWarnings(round, betas, table?.table), ...notes];
        const series = [...chainSeries(round, betas, stepSizes), ...roundSeries(rounds)];
        return this.outcome(summary, diagnostics, warnings, series, rounds);
      }
      temperatures = verdict.temperatures;
      meter.plan(this.chains.units(temperatures));
      yield meter.event({ message: verdict.message ?? '' });
    }
  }

  /** A measurement that decides how the run goes on: taken once, also when the run is taken up again. */
  private kept(key: string, measure: () => number): number {
    const { journal } = this.context;
    const known = journal.finished<number>(key);
    if (known !== undefined) return known;
    const value = measure();
    journal.finish(key, value);
    return value;
  }

  private async *importanceSampling(): AsyncGenerator<RunEvent, void> {
    const { context, spec, model, data, meter } = this;
    const samples = Math.max(...listed(spec.iwae.samples));
    const proposal = diagonalGaussian(listed(spec.iwae.proposal)[0] ?? 'prior', model.decoder.latent, 'iwae.proposal');
    // Structured InfoNCE is IWAE with the prior: where both are asked for and that is the proposal, one pass serves both.
    const wanted = (['iwae', 's-infonce'] as const).filter((name) => spec.estimators.includes(name));
    const passes = new Map<string, Estimator[]>();
    for (const name of wanted) {
      const key = name === 's-infonce' || proposal.isPrior ? 'prior' : 'proposal';
      passes.set(key, [...(passes.get(key) ?? []), name]);
    }
    meter.plan(passes.size * importanceUnits(samples, data));
    for (const [key, names] of passes) {
      meter.stage = `importance samples, ${samples} a datum`;
      const { device, journal } = context;
      const options = { device, model, data, samples, seed: spec.seed, meter, journal };
      const weights = yield* importance({ ...options, proposal: key === 'prior' ? model.prior : proposal });
      for (const estimator of names) {
        this.importanceBounds.push({
          estimator,
          lower: weights.map((weight) => weight.lower.mean()),
          upper: data.exact === undefined ? undefined : weights.map((weight) => weight.upper?.mean() ?? Number.NaN),
        });
        const sizes = weights.map((weight) => weight.lower.effectiveSampleSize()).sort((a, b) => a - b);
        this.importanceDiagnostics[estimator] = {
          samples,
          effectiveSampleSize: sizes[Math.floor(sizes.length / 2)] ?? null,
        };
      }
    }
  }

  private async *tuned() {
    const { spec, model, data, meter, chains, jitter } = this;
    const { device, journal } = this.context;
    return yield* tune({ ais: spec.ais, chains, model, device, data, seed: spec.seed, jitter, meter, journal });
  }

  private stepSizes(betas: Float64Array, table: StepSizeTable | undefined): Float64Array {
    return betas.map((beta) =>
      table === undefined ? (this.spec.ais.stepSize ?? Number.NaN) : stepSizeAt(table, beta),
    );
  }

  private summary(round: Round | undefined): Summary {
    const annealed: EstimatorBounds[] = [];
    const estimators = [...new Set(this.spec.estimators)];
    for (const estimator of estimators) {
      const bound = chainEstimators[estimator];
      if (bound === undefined || round === undefined) continue;
      const each = round.weights.map(bound);
      const side = (name: 'lower' | 'upper'): number[] | undefined =>
        each.some((values) => values[name] === undefined) ? undefined : each.map((values) => values[name] as number);
      annealed.push({ estimator, lower: side('lower'), upper: side('upper') });
    }
    const all = [...annealed, ...this.importanceBounds];
    const ordered = estimators.flatMap((name) => all.filter((bounds) => bounds.estimator === name));
    return summarise(this.spec.kind === 'mutual-information' ? 'mi' : 'log-px', ordered, this.logLikelihood);
  }

  private outcome(
    summary: Summary,
    diagnostics: Record<string, unknown>,
    warnings: readonly string[],
    series: Series[] = [],
    rounds: Record<string, unknown>[] = [],
  ): Outcome {
    const { model, data, spec } = this;
    if (summary.bounds.every((bound) => bound.value === null)) {
      throw new RunError(summary.warnings[0] ?? 'No bound is finite. Use more temperatures or a smaller step size.');
    }
    return {
      status: 'done',
      bounds: summary.bounds,
      metrics: {
        best: summary.best,
        ...this.truth(),
        ...(rounds.length > 1 ? { rounds } : {}),
        ...(this.logLikelihood === undefined ? {} : { conditionalEntropy: -average(this.logLikelihood) }),
        ...(spec.kind === 'evidence' && summary.best.lower !== undefined
          ? { bitsPerDimension: -summary.best.lower.value / (model.decoder.outputs * Math.LN2) }
          : {}),
        latent: model.decoder.latent,
        dataDimension: model.decoder.outputs,
      },
      diagnostics: {
        gradientEvaluations: 0,
        ...diagnostics,
        ...(Object.keys(this.importanceDiagnostics).length > 0 ? { importance: this.importanceDiagnostics } : {}),
      },
      warnings: [...model.notes, ...data.warnings, ...warnings, ...summary.warnings, ...this.fewData()],
      series,
      perDatum: summary.perDatum,
    };
  }

  /** The closed form, where the model has one. */
  private truth(): { truth?: number; truthOfData?: number } {
    const exact = linearGaussian(this.model);
    if (exact === undefined) return {};
    const evidence = average([...exact.logEvidence(this.data.x)]);
    if (this.spec.kind === 'evidence') return { truth: evidence, truthOfData: evidence };
    // The mean over these data differs from the expectation by their sampling noise; bounds on these data bracket the former.
    const ofData = this.logLikelihood === undefined ? {} : { truthOfData: average(this.logLikelihood) - evidence };
    return { truth: exact.mutualInformation, ...ofData };
  }

  private fewData(): string[] {
    return this.data.count < 2 ? ['One datum has no interval. Use more data.'] : [];
  }
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Bounds against temperatures, where a run went through several rounds. */
function roundSeries(rounds: readonly Record<string, unknown>[]): Series[] {
  if (rounds.length < 2) return [];
  const x = { label: 'temperatures', values: rounds.map((round) => round['temperatures'] as number) };
  return (['lower', 'upper'] as const).map((side) => ({
    name: `best ${side} bound`,
    x,
    y: {
      label: 'bound',
      unit: 'nats',
      values: rounds.map((round) => (round[side] as { value: number } | undefined)?.value ?? null),
    },
  }));
}

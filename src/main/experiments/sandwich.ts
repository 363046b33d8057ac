import path from 'node:path';
import { listed, type EvidenceSpec, type MutualInformationSpec } from '../../shared/runFile';
import { chainEstimators } from '../bounds';
import { readCheckpoint } from '../checkpoints';
import { buildModel, fixedBase, linearGaussian, type GenerativeModel } from '../models';
import { admit, admitBases } from './admission';
import { admitTraining } from './admitTraining';
import { energyTarget, posteriorTarget } from './annealingTarget';
import { chainBounds, energyBounds, energyWarning } from './chainBounds';
import { evaluationData, type EvaluationData } from './data';
import type { DatumBounds } from './datumBounds';
import { ladderOf, nextRound } from './gap';
import { clocked } from './journal';
import { baseFor, learn, type CriticWithBase, type Learned } from './learned';
import { Meter } from './meter';
import { outcomeOf, type RoundRecord } from './outcome';
import { planOf, runsCoupled, type Plan } from './plan';
import { admitPosteriorSamples, posteriorSamples } from './posteriorSamples';
import { sampleEverything, type Sampled } from './sampleEverything';
import { exactLogLikelihood } from './sampling';
import { summarise, type Summary } from './summary';
import type { Outcome, RunContext, RunEvent } from './types';
import { Walk, type WalkRound } from './walk';

type Spec = MutualInformationSpec | EvidenceSpec;

/**
 * Runs of kind `mutual-information` and `evidence`: both bound log p(x) of each datum from below and, where an exact posterior
 * sample is at hand, from above; the first then translates the bounds into bounds on I(x; z), and adds those that never see
 * log p(x).
 */
export async function* sandwich(spec: Spec, context: RunContext): AsyncGenerator<RunEvent, Outcome> {
  const { device, directory } = context;
  const meter = new Meter();
  meter.stage = 'loading';
  yield meter.event();
  admit(spec);
  const checkpoint = await readCheckpoint(path.resolve(directory, spec.model.checkpoint));
  const model = buildModel(spec.model, checkpoint);
  admitBases(spec, model.decoder.latent);
  admitTraining(spec, model);
  const data = await evaluationData(spec.data, model, device, { directory, seed: spec.seed });
  const plan = planOf(spec, data, model);
  meter.plan(plan.training + plan.sampling + plan.chains);
  const independent = independentStarts(spec, model, data);
  const learned = yield* learn(spec, context, model, checkpoint, data, meter);
  const logLikelihood = await trueLogLikelihood(context, model, data);
  const sampled = yield* sampleEverything(spec, context, model, data, learned, meter);
  const run = new Sandwich({ spec, context, model, data, meter, plan, independent, learned, logLikelihood, sampled });
  try {
    return yield* run.events();
  } finally {
    await run.dispose();
  }
}

interface Parts {
  readonly spec: Spec;
  readonly context: RunContext;
  readonly model: GenerativeModel;
  readonly data: EvaluationData;
  readonly meter: Meter;
  readonly plan: Plan;
  readonly independent: Float32Array | undefined;
  readonly learned: Learned;
  readonly logLikelihood: readonly number[] | undefined;
  readonly sampled: Sampled;
}

/** The rounds of chains, all bases and critics side by side. */
class Sandwich {
  private readonly parts: Parts;
  /** Toward the posterior, by the base's name. */
  private readonly posteriors: { readonly base: string; readonly walk: Walk }[] = [];
  /** Toward the energies of critics. */
  private readonly energies: { readonly critic: CriticWithBase; readonly walk: Walk }[] = [];

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async dispose(): Promise<void> {
    for (const { walk } of [...this.posteriors, ...this.energies]) await walk.dispose();
  }

  async *events(): AsyncGenerator<RunEvent, Outcome> {
    const { spec, context, meter, plan } = this.parts;
    await this.open();
    const walks = [...this.posteriors, ...this.energies].map(({ walk }) => walk);
    if (walks.length === 0) {
      const summary = this.summary([]);
      yield meter.event({ point: { temperatures: 1, bounds: summary.bounds } });
      return this.outcome(summary, [], [], []);
    }
    for (const walk of walks) yield* walk.prepare();
    const rounds: RoundRecord[] = [];
    const notes: string[] = [];
    const ladder = ladderOf(spec.ais);
    let temperatures = ladder.shift() ?? spec.ais.temperatures;
    for (;;) {
      const ended: WalkRound[] = [];
      for (const walk of walks) ended.push(yield* walk.round(temperatures));
      const seconds = ended.reduce((total, round) => total + round.seconds, 0);
      const summary = this.summary(ended);
      rounds.push({ temperatures, seconds, ...summary.best, bounds: summary.bounds });
      yield meter.event({ point: { temperatures, bounds: summary.bounds } });
      const rung = ladder.shift();
      if (rung !== undefined) {
        temperatures = rung;
        continue;
      }
      const elapsed = clocked(context.journal, `end of ${temperatures} temperatures`, context.seconds);
      const verdict = nextRound(spec.ais, summary.best, { temperatures, seconds, elapsed });
      if (verdict.warning !== undefined) notes.push(verdict.warning);
      if (verdict.temperatures === undefined) return this.outcome(summary, ended, notes, rounds);
      temperatures = verdict.temperatures;
      meter.plan(plan.round(temperatures));
      yield meter.event({ message: verdict.message ?? '' });
    }
  }

  /** Prepares the chains of every base and critic that an estimator asks for. */
  private async open(): Promise<void> {
    const { spec, context, model, data, meter, learned, independent } = this.parts;
    const { device, journal, seconds } = context;
    const common = { ais: spec.ais, model, device, seed: spec.seed, meter, journal, seconds };
    if (spec.estimators.some((name) => chainEstimators[name] !== undefined)) {
      for (const choice of listed(spec.ais.initial)) {
        const base = baseFor(choice, model, learned, 'ais.initial');
        const target = posteriorTarget(model, base);
        const at = await base.at(data.x, data.count);
        const withBase = { ...data, base: at, ...(independent === undefined ? {} : { independent }) };
        const walk = new Walk({ ...common, target, data: withBase, coupled: runsCoupled(spec) });
        this.posteriors.push({ base: base.name, walk });
      }
    }
    if (!spec.estimators.includes('ibal')) return;
    for (const critic of learned.critics) {
      const at = await critic.base.at(data.x, data.count);
      const target = energyTarget(critic.critic, critic.base);
      const walk = new Walk({ ...common, target, data: { ...data, base: at }, coupled: false });
      this.energies.push({ critic, walk });
    }
  }

  /** @param rounds of every walk, in their order; empty before the first */
  private summary(rounds: readonly WalkRound[]): Summary {
    const { spec, sampled, logLikelihood } = this.parts;
    const counts = [...new Set([...spec.ais.subsets, spec.ais.chains])].sort((a, b) => a - b);
    const annealed: DatumBounds[] = [];
    this.posteriors.forEach(({ base }, index) => {
      const round = rounds[index];
      if (round !== undefined) annealed.push(...chainBounds(spec.estimators, base, round, counts));
    });
    this.energies.forEach(({ critic }, index) => {
      const round = rounds[this.posteriors.length + index];
      const found = sampled.exactOf(critic);
      if (round === undefined || found === undefined) return;
      const names = { base: critic.base.name, critic: critic.critic.name };
      annealed.push(...energyBounds(names, found.exact, found.index, round, counts));
    });
    const all = [...annealed, ...sampled.bounds];
    const ordered = [...new Set(spec.estimators)].flatMap((name) => all.filter(({ estimator }) => estimator === name));
    return summarise(spec.kind === 'mutual-information' ? 'mi' : 'log-px', ordered, logLikelihood);
  }

  private outcome(
    summary: Summary,
    rounds: readonly WalkRound[],
    notes: readonly string[],
    records: readonly RoundRecord[],
  ): Outcome {
    const { sampled } = this.parts;
    const warnings = this.energies.flatMap(({ critic }, index) => {
      const round = rounds[this.posteriors.length + index];
      const found = sampled.exactOf(critic);
      if (round === undefined || found === undefined) return [];
      return energyWarning(critic.critic.name, found.exact, found.index, round) ?? [];
    });
    const walks = [...this.posteriors, ...this.energies].flatMap(({ walk }, index) => {
      const round = rounds[index];
      return round === undefined ? [] : [{ label: walk.target.label, pilot: walk.pilot, ...round }];
    });
    return outcomeOf({ ...this.parts, summary, walks, notes: [...warnings, ...notes], records });
  }
}

/** log p(x | z*) of each datum, where there is a z*. */
async function trueLogLikelihood(
  { device }: RunContext,
  model: GenerativeModel,
  data: EvaluationData,
): Promise<number[] | undefined> {
  if (data.exact === undefined) return undefined;
  const base = fixedBase(model.prior);
  const at = await base.at(data.x, data.count);
  return exactLogLikelihood({ device, model, base, at, data, exact: data.exact });
}

/** What chains start from that each have an exact sample of their own. @throws InputError where the model has none */
function independentStarts({ estimators, ais, iwae, seed }: Spec, model: GenerativeModel, data: EvaluationData) {
  const exact = linearGaussian(model);
  const { latent } = model.decoder;
  // Refused before anything is trained.
  if (estimators.includes('riwae')) {
    admitPosteriorSamples(exact, 'riwae', data, { count: Math.max(...listed(iwae.samples)), latent });
  }
  if (!estimators.includes('ir-ais')) return undefined;
  return posteriorSamples(exact, 'ir-ais', data, { count: ais.chains, latent, seed, stream: 'posterior' });
}

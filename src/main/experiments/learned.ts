import path from 'node:path';
import type { Series } from '../../shared/result';
import type { EvidenceSpec, InitialSpec, MutualInformationSpec } from '../../shared/runFile';
import type { Checkpoint } from '../checkpoints';
import { diagonalGaussian, fixedBase, learnedBase, type Base, type GenerativeModel } from '../models';
import {
  loadCritic,
  loadProposal,
  networkFile,
  trainCritic,
  trainProposal,
  type LoadedCritic,
  type TrainedCritic,
  type TrainedProposal,
  type TrainingCurve,
  type TrainingSnapshot,
} from '../trainers';
import { criticQuantities } from '../trainers/criticLoss';
import { methodQuantities } from '../trainers/methodQuantities';
import { admitCritics } from './admission';
import type { EvaluationData } from './data';
import { followed } from './followed';
import type { Meter } from './meter';
import type { KeptFile, RunContext, RunEvent } from './types';

type Spec = MutualInformationSpec | EvidenceSpec;

/** A critic with the base that it corrects. */
export interface CriticWithBase {
  readonly critic: TrainedCritic;
  readonly base: Base;
}

/** The learned parts of a run, ready to be used. */
export interface Learned {
  readonly bases: readonly Base[];
  readonly critics: readonly CriticWithBase[];
  /** What was trained here, to be kept for later runs. */
  readonly files: readonly KeptFile[];
  readonly series: readonly Series[];
  /** What was guessed, as sentences. */
  readonly notes: readonly string[];
  /** What to beware of, as sentences. */
  readonly warnings: readonly string[];
}

/** What need not be trained, by name. */
interface Loaded {
  readonly proposals: ReadonlyMap<string, TrainedProposal>;
  readonly critics: ReadonlyMap<string, LoadedCritic>;
}

/** Loads what earlier runs have kept, before anything is trained: hours of training are not lost to a path that is wrong. */
async function load(
  spec: Spec,
  { directory }: RunContext,
  model: GenerativeModel,
  checkpoint: Checkpoint,
): Promise<Loaded> {
  const context = { model, checkpoint, resolve: (file: string) => path.resolve(directory, file) };
  const proposals = new Map<string, TrainedProposal>();
  const critics = new Map<string, LoadedCritic>();
  for (const proposal of spec.proposals) {
    if (proposal.type !== 'network') proposals.set(proposal.name, await loadProposal(proposal, context));
  }
  for (const critic of spec.critics) {
    if (critic.type !== 'network') critics.set(critic.name, await loadCritic(critic, context));
  }
  admitCritics(
    spec,
    spec.critics.map((critic) => {
      const own = critic.type === 'network' ? critic.trainBase : critics.get(critic.name)?.base !== undefined;
      if (own) return 'own';
      return critic.base === 'prior' ? 'prior' : 'proposal';
    }),
  );
  return { proposals, critics };
}

/** Trains or loads every proposal and critic of a run file, in their order. */
export async function* learn(
  spec: Spec,
  context: RunContext,
  model: GenerativeModel,
  checkpoint: Checkpoint,
  data: EvaluationData,
  meter: Meter,
): AsyncGenerator<RunEvent, Learned> {
  const { device } = context;
  const loaded = await load(spec, context, model, checkpoint);
  const proposals: TrainedProposal[] = [];
  const critics: CriticWithBase[] = [];
  const files: KeptFile[] = [];
  const series: Series[] = [];
  const notes: string[] = [];
  const warnings: string[] = [];
  const common = { model, device, seed: spec.seed };
  const baseOf = ({ name, gaussian, parameters }: TrainedProposal): Base =>
    learnedBase(name, gaussian, parameters, device);
  for (const proposal of spec.proposals) {
    if (proposal.type === 'network') {
      const iterations = proposal.iterations + proposal.refine;
      const trained = yield* followed({
        ...{ name: proposal.name, iterations, units: trainingUnits(proposal, model), context, meter },
        start: (resume: TrainingSnapshot | undefined) =>
          trainProposal(proposal, { ...common, x: data.x, count: data.count }, resume),
        kept: withoutMoments,
      });
      proposals.push(trained);
      files.push({ name: `${trained.name}.safetensors`, bytes: networkFile(trained, proposal) });
      series.push(...curveSeries(trained.name, trained.curve));
    } else {
      const kept = loaded.proposals.get(proposal.name) as TrainedProposal;
      proposals.push(kept);
      notes.push(...(kept.notes ?? []));
    }
  }
  for (const critic of spec.critics) {
    const base = proposals.find(({ name }) => name === critic.base) ?? 'prior';
    let trained: TrainedCritic;
    if (critic.type === 'network') {
      trained = yield* followed({
        ...{ name: critic.name, iterations: critic.iterations, units: trainingUnits(critic, model), context, meter },
        start: (resume: TrainingSnapshot | undefined) => trainCritic(critic, { ...common, base }, resume),
        kept: withoutMoments,
      });
      files.push({ name: `${trained.name}.safetensors`, bytes: networkFile(trained, critic) });
      series.push(...curveSeries(trained.name, trained.curve));
    } else {
      const kept = loaded.critics.get(critic.name) as LoadedCritic;
      trained = { ...kept, base: kept.base ?? base };
      warnings.push(...kept.notes);
    }
    critics.push({
      critic: trained,
      base: trained.base === 'prior' ? fixedBase(model.prior) : baseOf(trained.base),
    });
  }
  return { bases: proposals.map(baseOf), critics, files, series, notes, warnings };
}

/** The base that a run file's choice means. */
export function baseFor(choice: InitialSpec, model: GenerativeModel, learned: Learned, where: string): Base {
  if (typeof choice === 'object' && choice.type === 'proposal') {
    const found = learned.bases.find(({ name }) => name === choice.name);
    if (found !== undefined) return found;
  }
  return fixedBase(diagonalGaussian(choice, model.decoder.latent, where));
}

type Network = (Spec['proposals'][number] | Spec['critics'][number]) & { readonly type: 'network' };

/** What an update costs, in the meter's units: products with the network's weights beside those with the decoder's. */
export function trainingUnits(network: Network, model: GenerativeModel): number {
  const { outputs, latent, constants } = model.decoder;
  const decoder = Object.values(constants).reduce((total, { data }) => total + data.length, 0);
  const widths = [outputs + latent, ...network.hidden, 'base' in network ? 1 : 2 * latent];
  const weights = widths.slice(1).reduce((total, width, index) => total + width * (widths[index] ?? 0), 0);
  const chains = 'base' in network && network.objective === 'mine-ais' ? network.transitions * network.leapfrog : 0;
  const samples = network.objective === 'giwae' || network.objective === 'iwae' ? network.samples : 1;
  // Forward and backward; Adam reads and writes each weight some ten times, as much as a few rows of products.
  return (3 * network.batch * (samples + chains) + 30) * (weights / Math.max(1, decoder)) + 3 * network.batch;
}

/** Nothing is trained any further: the optimiser's moments, twice the size of the network, need not be kept. */
function withoutMoments(last: TrainingSnapshot): TrainingSnapshot {
  return { ...last, moments: { first: {}, second: {} } };
}

/** What learning curves show that is not in nats: shares, counts and sizes of steps. */
const plainNumbers = new Set<string>([
  criticQuantities.acceptance,
  methodQuantities.eta,
  methodQuantities.betaGap,
  methodQuantities.effective,
  methodQuantities.stepSize,
  methodQuantities.refreshment,
  'acceptance',
  'step size',
  'gradient norm',
]);

/** Learning curves as series of the result. */
export function curveSeries(name: string, curve: TrainingCurve | undefined): Series[] {
  if (curve === undefined) return [];
  return Object.entries(curve.values).map(([quantity, values]) => ({
    name: `training ${name}, ${quantity}`,
    x: { label: 'iteration', values: [...curve.iterations] },
    y: {
      label: quantity,
      ...(plainNumbers.has(quantity) ? {} : { unit: 'nats' }),
      values: values.map((value) => (Number.isFinite(value) ? value : null)),
    },
  }));
}

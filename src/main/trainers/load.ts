import type { CriticSpec, ProposalSpec } from '../../shared/runFile';
import { readCheckpoint, type Checkpoint } from '../checkpoints';
import type { GenerativeModel } from '../models';
import { gaussianNetwork } from '../models/conditionalGaussian';
import { criticNetwork } from '../models/critic';
import { buildEncoder } from '../models/encoder';
import type { TrainedCritic } from './critic';
import { basePrefix, keptParameters, readKept, trainedBase, type Kept } from './keep';
import type { TrainedProposal } from './types';

export interface LoadContext {
  readonly model: GenerativeModel;
  /** Turns a path of the run file into one that can be opened. */
  readonly resolve: (file: string) => string;
}

type LoadedProposalSpec = Exclude<ProposalSpec, { type: 'network' }>;
type LoadedCriticSpec = Exclude<CriticSpec, { type: 'network' }>;

/**
 * A proposal that is not trained here: the encoder of a checkpoint, or one that an earlier run has kept.
 * @param context with the checkpoint of the model
 * @throws InputError, one line, when it cannot be read or does not fit the model
 */
export async function loadProposal(
  spec: LoadedProposalSpec,
  { model, checkpoint, resolve }: LoadContext & { readonly checkpoint: Checkpoint },
): Promise<TrainedProposal> {
  const where = `proposals.${spec.name}`;
  if (spec.type === 'encoder') {
    const file = spec.checkpoint === undefined ? checkpoint : await readCheckpoint(resolve(spec.checkpoint));
    return { name: spec.name, ...buildEncoder(spec, file, model, where) };
  }
  const read = await readKept(resolve(spec.file), 'proposal', model.decoder, `${where}.file`);
  return proposalIn(spec.name, read.kept.architecture, read.checkpoint, model);
}

/** A critic that an earlier run has kept. */
export interface LoadedCritic extends Omit<TrainedCritic, 'base'> {
  /** The base that was trained along with it, which takes the place of the one in the run file. */
  readonly base?: TrainedProposal;
  /** What is to be said of it, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Loads a critic that an earlier run has kept, with the base that was trained along with it if there is one.
 * @throws InputError, one line, when it cannot be read or does not fit the model
 */
export async function loadCritic(spec: LoadedCriticSpec, { model, resolve }: LoadContext): Promise<LoadedCritic> {
  const { name } = spec;
  const { kept, checkpoint } = await readKept(resolve(spec.file), 'critic', model.decoder, `critics.${name}.file`);
  const { latent, outputs, architecture } = kept;
  const critic = criticNetwork({ latent, outputs, ...architecture });
  const own = kept.base && proposalIn(`${name}-base`, kept.base, checkpoint, model, basePrefix);
  const loaded = { name, critic, parameters: keptParameters(checkpoint, critic.shapes) };
  if (own !== undefined) return { ...loaded, base: own, notes: [] };
  const before = trainedBase(checkpoint);
  if (before === undefined || (before === 'prior') === (spec.base === 'prior')) return { ...loaded, notes: [] };
  const what = before === 'prior' ? 'the prior' : `the proposal "${before}"`;
  const now = spec.base === 'prior' ? 'the prior' : `"${spec.base}"`;
  const note = `The critic "${name}" was trained to correct ${what} and corrects ${now} here, which is valid but seldom tight. Its "base" says which.`;
  return { ...loaded, notes: [note] };
}

type Architecture = Extract<Kept, { kind: 'proposal' }>['architecture'];

function proposalIn(
  name: string,
  architecture: Architecture,
  checkpoint: Checkpoint,
  model: GenerativeModel,
  prefix = '',
): TrainedProposal {
  const { latent, outputs } = model.decoder;
  if (architecture.type === 'network') {
    const gaussian = gaussianNetwork({ latent, outputs, ...architecture });
    return { name, gaussian, parameters: keptParameters(checkpoint, gaussian.shapes, prefix) };
  }
  const { layers, heads } = architecture;
  const tensors = new Map(
    [...checkpoint.tensors].flatMap(([key, tensor]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), tensor] as const] : [],
    ),
  );
  const { gaussian, parameters } = buildEncoder(
    { layers, ...heads },
    { ...checkpoint, tensors },
    model,
    checkpoint.path,
  );
  return { name, gaussian, parameters };
}

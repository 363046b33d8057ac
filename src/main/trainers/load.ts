import type { CriticSpec, ProposalSpec } from '../../shared/runFile';
import { readCheckpoint, type Checkpoint } from '../checkpoints';
import type { GenerativeModel } from '../models';
import { gaussianNetwork } from '../models/conditionalGaussian';
import { criticNetwork } from '../models/critic';
import { buildEncoder } from '../models/encoder';
import type { TrainedCritic } from './critic';
import { basePrefix, keptParameters, readKept, type Kept } from './keep';
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

/**
 * A critic that an earlier run has kept. Where a base was trained along with it, that one comes with it and is used.
 * @throws InputError, one line, when it cannot be read or does not fit the model
 */
export async function loadCritic(
  spec: LoadedCriticSpec,
  { model, base, resolve }: LoadContext & { readonly base: 'prior' | TrainedProposal },
): Promise<TrainedCritic> {
  const { name } = spec;
  const { kept, checkpoint } = await readKept(resolve(spec.file), 'critic', model.decoder, `critics.${name}.file`);
  const { latent, outputs, architecture } = kept;
  const critic = criticNetwork({ latent, outputs, ...architecture });
  const own = kept.base && proposalIn(`${name}-base`, kept.base, checkpoint, model, basePrefix);
  return { name, critic, parameters: keptParameters(checkpoint, critic.shapes), base: own ?? base };
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

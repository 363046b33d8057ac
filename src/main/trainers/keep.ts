import { z } from 'zod';
import { InputError } from '../../shared/errors';
import { activations, layerSchema, type NetworkCriticSpec, type NetworkProposalSpec } from '../../shared/runFile';
import { readCheckpoint, writeSafetensors, type Checkpoint, type NamedTensor } from '../checkpoints';
import type { ConditionalGaussian, GaussianArchitecture } from '../models/conditionalGaussian';
import type { ParameterShapes, Parameters } from '../models/network';
import { torchLayout } from '../models/torchLayout';
import type { TrainedCritic } from './critic';
import type { TrainedProposal } from './types';

// A kept network is a .safetensors file whose metadata says in "network" what it is. A critic whose base was trained along holds that
// base too, its tensors under "base.".

const width = z.int().positive();
const networkSchema = z.strictObject({
  type: z.literal('network'),
  hidden: z.array(width),
  activation: z.enum(activations),
});
const encoderSchema = z.strictObject({
  type: z.literal('encoder'),
  layers: z.array(layerSchema),
  heads: z.strictObject({ mean: z.string(), logVariance: z.string() }).exactOptional(),
});
const architectureSchema = z.discriminatedUnion('type', [networkSchema, encoderSchema]);
const keptSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('proposal'), latent: width, outputs: width, architecture: architectureSchema }),
  z.object({
    kind: z.literal('critic'),
    latent: width,
    outputs: width,
    architecture: networkSchema,
    /** Of the base in the file. */
    base: architectureSchema.exactOptional(),
  }),
]);

/** What a kept file says that it holds. */
export type Kept = z.infer<typeof keptSchema>;

export const basePrefix = 'base.';

/** A trained proposal or critic as the bytes of a file, with the settings that it was trained with. */
export function networkFile(
  trained: TrainedProposal | TrainedCritic,
  spec: NetworkProposalSpec | NetworkCriticSpec,
): Uint8Array {
  const { name, ...settings } = spec;
  const network = (kept: Kept): string => JSON.stringify(kept);
  const training = JSON.stringify(settings);
  if ('gaussian' in trained) {
    const { architecture, latent, outputs } = trained.gaussian;
    return writeSafetensors(gaussianTensors(trained), {
      title: `Proposal "${name}"`,
      network: network({ kind: 'proposal', latent, outputs, architecture: plain(architecture) }),
      training,
    });
  }
  const { critic, parameters, base } = trained;
  const { latent, outputs } = critic;
  const { hidden, activation } = spec;
  const own = base !== 'prior' && 'trainBase' in spec && spec.trainBase ? base : undefined;
  const tensors = Object.entries(critic.shapes).map(([key, shape]) => tensor(key, shape, parameters));
  const ofBase = own === undefined ? [] : gaussianTensors(own);
  return writeSafetensors([...tensors, ...ofBase.map((t) => ({ ...t, name: `${basePrefix}${t.name}` }))], {
    title: `Critic "${name}"`,
    network: network({
      kind: 'critic',
      latent,
      outputs,
      architecture: { type: 'network', hidden: [...hidden], activation },
      ...(own === undefined ? {} : { base: plain(own.gaussian.architecture) }),
    }),
    training,
  });
}

/** The same without readonly, as a schema has it. */
function plain(architecture: GaussianArchitecture): z.infer<typeof architectureSchema> {
  return architecture.type === 'network'
    ? { ...architecture, hidden: [...architecture.hidden] }
    : { ...architecture, layers: [...architecture.layers] };
}

function gaussianTensors({ gaussian, parameters }: { gaussian: ConditionalGaussian; parameters: Parameters }) {
  const { architecture, shapes } = gaussian;
  if (architecture.type === 'encoder') return torchLayout(architecture.layers, shapes, parameters);
  return Object.entries(shapes).map(([key, shape]) => tensor(key, shape, parameters));
}

function tensor(name: string, shape: readonly number[], parameters: Parameters): NamedTensor {
  return { name, shape, dtype: 'float32', data: parameters[name] as Float32Array };
}

/**
 * Reads a kept file.
 * @param where the field of the run file that names it
 * @throws InputError, one line, if it cannot be read, is no kept network or one of the other kind, or is for another model
 */
export async function readKept<K extends Kept['kind']>(
  path: string,
  kind: K,
  model: { readonly latent: number; readonly outputs: number },
  where: string,
): Promise<{ readonly kept: Extract<Kept, { kind: K }>; readonly checkpoint: Checkpoint }> {
  const checkpoint = await readCheckpoint(path);
  const kept = keptIn(checkpoint);
  if (kept === undefined) {
    const instead = kind === 'proposal' ? ', or "encoder" for the encoder of a VAE' : '';
    throw new InputError(
      where,
      `${path} is no ${kind} that Bracket has kept`,
      `Name one of a run's artifacts${instead}.`,
    );
  }
  if (kept.kind !== kind) {
    throw new InputError(where, `${path} is a ${kept.kind}, and a ${kind} is wanted`, 'Name another file.');
  }
  if (kept.latent !== model.latent || kept.outputs !== model.outputs) {
    throw new InputError(
      where,
      `${path} was trained for x of ${kept.outputs} and z of ${kept.latent} numbers, and the model has ${model.outputs} and ${model.latent}`,
      'Name one that was trained for this model.',
    );
  }
  return { kept: kept as Extract<Kept, { kind: K }>, checkpoint };
}

function keptIn({ metadata }: Checkpoint): Kept | undefined {
  try {
    return keptSchema.safeParse(JSON.parse(String(metadata.get('network')))).data;
  } catch {
    return undefined;
  }
}

const trainingSchema = z.object({ base: z.string().max(100) });

/** What the base of a kept critic was called where it was trained: "prior", or a proposal's name. */
export function trainedBase({ metadata }: Checkpoint): string | undefined {
  try {
    return trainingSchema.safeParse(JSON.parse(String(metadata.get('training')))).data?.base;
  } catch {
    return undefined;
  }
}

/**
 * The parameters of an architecture out of a kept file.
 * @param prefix what their names begin with in the file
 * @throws InputError when one is missing, has another shape or is not finite
 */
export function keptParameters(checkpoint: Checkpoint, shapes: ParameterShapes, prefix = ''): Parameters {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const found = checkpoint.tensors.get(`${prefix}${name}`);
      if (found === undefined || found.dtype !== 'float32' || found.shape.join() !== shape.join()) {
        throw damaged(checkpoint, `it has no float32 "${prefix}${name}" of shape [${shape.join(', ')}]`);
      }
      const data = found.data as Float32Array;
      if (!data.every(Number.isFinite)) throw damaged(checkpoint, `"${prefix}${name}" is not finite`);
      return [name, data];
    }),
  );
}

function damaged({ path }: Checkpoint, what: string): InputError {
  return new InputError(path, what, 'The file does not fit itself: copy it again from where it was kept.');
}

import { z } from 'zod';
import { InputError } from '../../../shared/errors';
import { readCheckpoint, writeSafetensors, type NamedTensor } from '../../checkpoints';
import { keptParameters } from '../keep';
import type { AnnealingFlow } from './programs';
import { rules } from './rungeKutta';
import { velocityActivations, velocityShapes } from './velocity';

// A kept flow is a .safetensors file with the weights of block k under "k.", and what it is in its metadata, under "network".

// No file says more than a run file may: a number without an end would keep a run busy for ever.
const keptSchema = z.strictObject({
  kind: z.literal('annealing-flow'),
  dim: z.int().positive(),
  hidden: z.array(z.int().positive().max(1024)).max(8),
  activation: z.enum(velocityActivations),
  timeInput: z.boolean(),
  rule: z.enum(rules),
  /** S: Runge–Kutta steps of a block. */
  steps: z.int().positive().max(100),
  /** s₀: its draws are this times what the blocks end with. */
  scale: z.number().positive(),
  /** Inverse temperature that each block was trained toward. */
  betas: z.array(z.number().min(0).max(1)).min(1).max(400),
  /** Wasserstein coefficient of each block. */
  gammas: z.array(z.number().min(0)).max(400).optional(),
});

/** A flow with what drawing from it needs. */
export interface KeptFlow extends AnnealingFlow {
  readonly steps: number;
  readonly scale: number;
  readonly betas: readonly number[];
  /** Of each block; files may not say. */
  readonly gammas?: readonly number[];
}

/** A trained flow as the bytes of a file. */
export function annealingFlowFile(
  name: string,
  { network, rule, blocks, steps, scale, betas, gammas }: KeptFlow,
  settings: unknown,
): Uint8Array {
  const shapes = velocityShapes(network);
  const tensors = blocks.flatMap((weights, block) =>
    Object.entries(shapes).map(([key, shape]): NamedTensor => ({
      ...{ name: `${block}.${key}`, shape, dtype: 'float32' },
      data: Float32Array.from(weights[key] ?? []),
    })),
  );
  const { dim, hidden, activation, timeInput } = network;
  const kept: z.infer<typeof keptSchema> = {
    ...{ kind: 'annealing-flow', dim, hidden: [...hidden], activation, timeInput },
    // Where a training ended early there are fewer blocks than temperatures.
    ...{ rule, steps, scale, betas: betas.slice(0, blocks.length) },
    ...(gammas === undefined ? {} : { gammas: gammas.slice(0, blocks.length) }),
  };
  return writeSafetensors(tensors, {
    title: `Annealing flow "${name}"`,
    network: JSON.stringify(kept),
    training: JSON.stringify(settings),
  });
}

/**
 * Reads a kept flow.
 * @throws InputError, one line, if it cannot be read, is none, or does not fit itself
 */
export async function readAnnealingFlow(path: string): Promise<KeptFlow> {
  const checkpoint = await readCheckpoint(path);
  const kept = parsed(String(checkpoint.metadata.get('network')));
  if (kept === undefined) {
    throw new InputError(path, 'is no annealing flow that Bracket has kept', 'Name one of a run’s artifacts.');
  }
  const { dim, hidden, activation, timeInput, rule, steps, scale, betas, gammas } = kept;
  const network = { dim, hidden, activation, timeInput };
  const shapes = velocityShapes(network);
  const blocks = betas.map((_, block) => {
    const weights = keptParameters(checkpoint, shapes, `${block}.`);
    return Object.fromEntries(Object.entries(weights).map(([key, values]) => [key, Float64Array.from(values)]));
  });
  return { network, rule, blocks, steps, scale, betas, ...(gammas === undefined ? {} : { gammas }) };
}

function parsed(text: string): z.infer<typeof keptSchema> | undefined {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

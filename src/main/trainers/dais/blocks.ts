import { InputError } from '../../../shared/errors';
import { sizeOf, type Precision } from '../../tensor/types';
import type { ChainTarget } from './fields';

/** Particles n and batch elements b that are computed at once, as rows n · data + b. */
export interface Block {
  readonly firstChain: number;
  readonly chains: number;
  readonly firstDatum: number;
  readonly data: number;
}

/**
 * How batch × particles are cut. All blocks have one size; the last of several begins where it still fits, so that it holds some again
 * that the one before it had.
 */
export interface Blocks {
  readonly rows: number;
  readonly blocks: readonly Block[];
  /** Whether each holds all particles of its batch elements: then none needs to wait for the weights of another. */
  readonly whole: boolean;
}

/** What one block may take, in bytes. */
const budget = 2 ** 30;

/** Arrays that a program has at once of the widest thing in it, a guess. */
const workspaces = 12;

/**
 * Cuts so that the states of a block, three numbers a transition and coordinate, and what the target's programs need fit into memory.
 * @param name of the method, for the message
 * @throws InputError when a single particle does not fit
 */
export function planBlocks(
  size: {
    readonly name: string;
    readonly target: Pick<ChainTarget, 'dim' | 'constants'>;
    readonly precision: Precision;
    /** K, or 0 where no states are kept. */
    readonly steps: number;
    readonly particles: number;
    readonly batch: number;
  },
  limit = budget,
): Blocks {
  const { name, target, steps, particles, batch } = size;
  const bytes = rowBytes(target, steps, size.precision);
  const most = Math.floor(limit / bytes);
  if (most < 1) {
    const gigabytes = (bytes / 1e9).toLocaleString('en', { maximumSignificantDigits: 3 });
    throw new InputError(
      `methods (${name})`,
      `one chain of ${steps.toLocaleString('en')} transitions in ${target.dim.toLocaleString('en')} dimensions takes ${gigabytes} GB`,
      'Use fewer "steps".',
    );
  }
  if (most >= particles) {
    const cuts = cut(batch, Math.floor(most / particles));
    const blocks = cuts.firsts.map((firstDatum) => ({
      firstChain: 0,
      chains: particles,
      firstDatum,
      data: cuts.width,
    }));
    return { rows: particles * cuts.width, blocks, whole: true };
  }
  const cuts = cut(particles, most);
  const blocks = Array.from({ length: batch }, (_, firstDatum) =>
    cuts.firsts.map((firstChain) => ({ firstChain, chains: cuts.width, firstDatum, data: 1 })),
  ).flat();
  return { rows: cuts.width, blocks, whole: false };
}

/** Bytes that one particle takes while it is differentiated. */
export function rowBytes(
  { dim, constants }: Pick<ChainTarget, 'dim' | 'constants'>,
  steps: number,
  precision: Precision,
): number {
  const width = precision === 'float64' ? 8 : 4;
  const widest = Object.values(constants).reduce(
    (most, { shape }) => Math.max(most, shape.length === 2 ? Math.max(...shape) : sizeOf(shape)),
    dim,
  );
  return width * (3 * steps * dim + workspaces * widest) + 8 * 4 * dim;
}

/** As few pieces as can be, of one width, which may overlap at the end. */
function cut(count: number, most: number): { readonly firsts: readonly number[]; readonly width: number } {
  const pieces = Math.ceil(count / most);
  const width = Math.ceil(count / pieces);
  return { firsts: Array.from({ length: pieces }, (_, i) => Math.min(i * width, count - width)), width };
}

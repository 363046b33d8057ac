import type { Parameters } from '../../src/main/models/network';
import type { TrainingProgress } from '../../src/main/trainers';

export interface Selection {
  /** At most. */
  readonly epochs: number;
  /** Epochs without an improvement after which training ends. */
  readonly patience: number;
  /** Told after each epoch. */
  readonly onEpoch?: (epoch: EpochReport) => void;
}

export interface EpochReport {
  readonly epoch: number;
  /** Of the training loop: means over the epoch, by name. */
  readonly training: Readonly<Record<string, number>>;
  /** The larger the better. */
  readonly heldOut: number;
  readonly isBest: boolean;
}

/** Parameters that did best on held-out data. */
export interface Selected {
  readonly parameters: Parameters;
  readonly heldOut: number;
  /** The epoch they are of, from 1. */
  readonly epoch: number;
  readonly epochs: number;
}

/** Follows a training, judges its parameters after each epoch and keeps the best; ends it early when patience does. */
export async function keepBest(
  training: AsyncGenerator<TrainingProgress, unknown>,
  perEpoch: number,
  judge: (parameters: Parameters) => Promise<number>,
  { patience, onEpoch }: Selection,
): Promise<Selected> {
  let best: Omit<Selected, 'epochs'> = { parameters: {}, heldOut: -Infinity, epoch: 0 };
  let epoch = 0;
  let sums: Record<string, number> = {};
  for await (const { iteration, report, capture } of training) {
    for (const [name, value] of Object.entries(report)) sums[name] = (sums[name] ?? 0) + value / perEpoch;
    if (iteration % perEpoch !== 0) continue;
    epoch += 1;
    const { parameters } = capture();
    const heldOut = await judge(parameters);
    const isBest = heldOut > best.heldOut;
    if (isBest) best = { parameters, heldOut, epoch };
    onEpoch?.({ epoch, training: sums, heldOut, isBest });
    sums = {};
    if (epoch - best.epoch >= patience) break;
  }
  return { ...best, epochs: epoch };
}

import type { NiceSpec } from '../../models/nice';
import type { Parameters } from '../../models/network';
import type { Device } from '../../tensor/types';
import type { CurvePoint, TrainingCurve } from '../curve';
import type { TrainingSnapshot } from '../train';
import { niceJudge, trainNice } from './train';

/** What training curves call log p(x) of a minibatch, and of the held-out images. */
export const niceQuantity = 'log p(x)';
export const heldOutQuantity = 'log p(x), held out';

export interface BestNiceTraining {
  readonly device: Device;
  readonly flow: NiceSpec;
  readonly batch: number;
  readonly epochs: number;
  /** Updates in an epoch. */
  readonly perEpoch: number;
  /** Epochs without an improvement after which training ends. */
  readonly patience: number;
  readonly learningRate: number;
  readonly l2: number;
  readonly seed: number;
  /** Writes the quantised images of a minibatch, `[batch, d]`. */
  readonly fill: (out: Float32Array, iteration: number) => void;
  /** Quantised images that the best parameters are chosen by, `[count, d]`. */
  readonly heldOut: Float32Array;
}

/** Everything that a training goes on from, with equal bits. Survives structured cloning. */
export interface BestNiceSnapshot {
  /** Updates made; all of them where patience has ended the training. */
  readonly iteration: number;
  readonly training: TrainingSnapshot;
  readonly best: BestNice;
  /** log p(x) of the held-out images after each epoch, nats. */
  readonly looks: readonly number[];
  readonly ended: boolean;
}

/** Parameters that did best on the held-out images. */
export interface BestNice {
  readonly parameters: Parameters;
  /** Their mean log p(x) there, nats; −∞ before the first look. */
  readonly value: number;
  /** From 1. */
  readonly epoch: number;
}

export interface BestNiceProgress {
  readonly iteration: number;
  readonly capture: () => BestNiceSnapshot;
  readonly point?: CurvePoint;
}

export interface TrainedNice {
  readonly best: BestNice;
  readonly curve: TrainingCurve;
  readonly looks: readonly number[];
}

/**
 * Trains a flow and judges it after each epoch on held-out images, with the same noise in them each time; the parameters that were best
 * there are what remains.
 * @param resume goes on from there
 * @returns after a yield for each update
 * @throws RunError with advice when training diverges
 */
export async function* trainBestNice(
  options: BestNiceTraining,
  resume?: BestNiceSnapshot,
): AsyncGenerator<BestNiceProgress, TrainedNice> {
  const { device, flow, batch, epochs, perEpoch, patience, learningRate, l2, seed, fill, heldOut } = options;
  let best = resume?.best ?? { parameters: {}, value: -Infinity, epoch: 0 };
  let looks = resume?.looks ?? [];
  const curveOf = ({ curve }: TrainingSnapshot): TrainingCurve => curve?.curve ?? { iterations: [], values: {} };
  if (resume?.ended === true) return { best, curve: curveOf(resume.training), looks };
  const iterations = epochs * perEpoch;
  const training = trainNice(device, flow, { batch, iterations, learningRate, l2, seed, fill }, resume?.training);
  const judge = await niceJudge(device, flow, heldOut, seed);
  try {
    for (;;) {
      const next = await training.next();
      if (next.done === true) return { best, curve: next.value.curve, looks };
      const { iteration, capture, point, report } = next.value;
      const looked = iteration % perEpoch === 0;
      if (looked) {
        const { parameters } = capture();
        const value = await judge.value(parameters);
        looks = [...looks, value];
        if (value > best.value) best = { parameters, value, epoch: looks.length };
      }
      const ended = looked && (iteration === iterations || looks.length - best.epoch >= patience);
      const kept = { best, looks, ended };
      // A look between two points brings what the last minibatch had, so that the curve of minibatches has no hole there.
      const { logLikelihood = Number.NaN } = point?.values ?? report;
      const values = {
        [niceQuantity]: logLikelihood,
        ...(looked && { [heldOutQuantity]: looks.at(-1) ?? Number.NaN }),
      };
      yield {
        iteration: ended ? iterations : iteration,
        capture: () => ({ iteration: ended ? iterations : iteration, training: capture(), ...kept }),
        ...(point === undefined && !looked ? {} : { point: { iteration, values } }),
      };
      if (ended) return { best, curve: curveOf(capture()), looks };
    }
  } finally {
    await training.return(undefined as never);
    await judge.dispose();
  }
}

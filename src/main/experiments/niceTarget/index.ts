import { InputError, RunError } from '../../../shared/errors';
import { formatCount, formatNumber } from '../../../shared/format';
import type { Series } from '../../../shared/result';
import type { TargetOf } from '../../../shared/runFile/target';
import type { NiceTrainingSpec } from '../../../shared/runFile/targets/data';
import { writeSafetensors } from '../../checkpoints';
import { nice, type NiceSpec } from '../../models/nice';
import { trainedNiceFlow } from '../../targets';
import { componentSeed } from '../../trainers';
import {
  alpha,
  heldOutQuantity,
  levels,
  niceQuantity,
  trainBestNice,
  type BestNiceSnapshot,
  type TrainedNice,
} from '../../trainers/nice';
import { minibatches } from '../../trainers/vae/minibatches';
import { followed } from '../followed';
import { curveSeries } from '../learned';
import { gradientUnits, type Meter } from '../meter';
import type { OpenedTarget } from '../planTarget';
import type { RunContext, RunEvent } from '../types';
import { readNiceImages, type NiceImages } from './data';

type NiceTarget = TargetOf<'nice'> & { readonly train: NiceTrainingSpec };

/** Weights of all layers at the most: with what Adam keeps of them, and their gradients, some two gigabytes. */
const mostWeights = 2 ** 27;

/** A flow that is going to be trained, its images read and looked through. */
export interface NicePlan {
  readonly spec: NiceTarget;
  readonly images: NiceImages;
  readonly flow: NiceSpec;
  readonly perEpoch: number;
}

/**
 * Reads what a flow is trained on, and plans the training in the meter: a row through it counts as one of the target's densities.
 * @throws InputError
 */
export function planNiceTarget(spec: NiceTarget, directory: string, meter: Meter): NicePlan {
  const { train, width, layers, couplings } = spec;
  const dim = train.size ** 2;
  const flow = { dim, hidden: new Array<number>(layers).fill(width), couplings };
  const weights = couplings * (width * dim + (layers - 1) * width * width);
  if (weights > mostWeights) {
    throw new InputError(
      'target.width',
      `makes a flow of ${formatCount(Math.round(weights / 1e6))} million weights`,
      `Use narrower or fewer layers, at most ${Math.floor(mostWeights / 1e6)} million weights in all.`,
    );
  }
  const images = readNiceImages(train, directory);
  const perEpoch = Math.floor(images.training.rows.length / train.batch);
  meter.plan(train.epochs * perEpoch * updateUnits(train));
  return { spec, images, flow, perEpoch };
}

/** Trains the flow, a part of the run's journal. Its seed is the target's, so that runs which differ in their own seed have one target. */
export async function* niceTarget(
  { spec, images, flow, perEpoch }: NicePlan,
  context: RunContext,
  meter: Meter,
): AsyncGenerator<RunEvent, OpenedTarget> {
  const { train, seed: own } = spec;
  const seed = componentSeed(own, 'nice');
  const { fill } = minibatches(images.training, train.batch, seed, false);
  const { device } = context;
  const trained: TrainedNice = yield* followed({
    ...{ name: 'nice', iterations: train.epochs * perEpoch, units: updateUnits(train), context, meter },
    start: (resume: BestNiceSnapshot | undefined) =>
      trainBestNice({ ...train, device, flow, perEpoch, seed, fill, heldOut: images.heldOut }, resume),
    kept: withoutMoments,
  });
  const { best, looks } = trained;
  if (best.epoch === 0) {
    throw new RunError(
      `The log p(x) of the held-out images was never finite. Use a "learningRate" of "train" below ${train.learningRate}.`,
    );
  }
  const title = `${train.size} × ${train.size} pixels of ${images.name}`;
  const target = trainedNiceFlow(title, flow, best.parameters);
  return {
    target: {
      ...target,
      notes: [
        `The flow was trained on ${formatCount(images.training.rows.length)} images of ${images.name} for ${formatCount(looks.length)} epochs; the best, after ${formatCount(best.epoch)}, has a held-out log p(x) of ${formatNumber(best.value)} nats. It is kept as ${fileName}, which "file" of a target opens.`,
      ],
    },
    series: seriesOf(trained, perEpoch),
    files: [{ name: fileName, bytes: fileOf(title, flow, images, trained) }],
  };
}

const fileName = 'nice.safetensors';

function updateUnits({ batch }: NiceTrainingSpec): number {
  return gradientUnits * batch;
}

function fileOf(title: string, flow: NiceSpec, { sha256 }: NiceImages, { best, looks }: TrainedNice): Uint8Array {
  const size = Math.sqrt(flow.dim);
  const tensors = Object.entries(nice(flow).shapes).map(([name, shape]) => {
    return { name, shape, dtype: 'float32' as const, data: best.parameters[name] as Float32Array };
  });
  return writeSafetensors(tensors, {
    title,
    shape: JSON.stringify([1, size, size]),
    pixels: `logit(${alpha} + ${1 - 2 * alpha} x), x of ${levels} levels with uniform noise`,
    heldOutLogLikelihood: best.value.toFixed(4),
    epoch: `${best.epoch} of ${looks.length}`,
    data: sha256,
  });
}

function seriesOf({ curve, looks }: TrainedNice, perEpoch: number): Series[] {
  const values = curve.values['logLikelihood'] ?? [];
  const [training] = curveSeries('nice', { iterations: curve.iterations, values: { [niceQuantity]: values } });
  return [
    ...(training === undefined ? [] : [training]),
    {
      name: `training nice held out, ${heldOutQuantity}`,
      x: { label: 'iteration', values: looks.map((_, epoch) => (epoch + 1) * perEpoch) },
      y: { label: heldOutQuantity, unit: 'nats', values: looks.map((look) => (Number.isFinite(look) ? look : null)) },
    },
  ];
}

/** Nothing is trained any further: what the optimiser went on from need not be kept. */
function withoutMoments(last: BestNiceSnapshot): BestNiceSnapshot {
  const { curve } = last.training;
  const none = { parameters: {}, moments: { first: {}, second: {} } };
  return { ...last, ended: true, training: { iteration: last.training.iteration, ...none, ...(curve && { curve }) } };
}

import path from 'node:path';
import { InputError } from '../../../shared/errors';
import { formatPlural } from '../../../shared/format';
import type { CoverageRunSpec } from '../../../shared/runFile';
import { readCheckpoint, type Checkpoint } from '../../checkpoints';
import { readDataset } from '../../datasets';
import { layoutOf } from '../../datasets/layout';
import { buildModel, type GenerativeModel } from '../../models';
import { buildClassifier, type Classifier } from '../../models/classifier';
import { buildEncoder, type Encoder } from '../../models/encoder';
import { sizeOf } from '../../tensor/types';
import { binarised, scaled } from '../data';

/** Everything that a run reads before it computes. */
export interface Loaded {
  readonly model: GenerativeModel;
  readonly real: {
    readonly count: number;
    /** `[count, D]` */
    readonly x: Float32Array;
    readonly shape: readonly number[];
    readonly name: string;
  };
  /** What the model was trained on, `[T, D]`. */
  readonly training: Float32Array | undefined;
  /** The checkpoint's q(z | x), or why it has none, a sentence. */
  readonly encoder: Encoder | string;
  /** Of the real items, `[count]`. */
  readonly labels: Int32Array | undefined;
  readonly classifier: Classifier | undefined;
  /** K, where anything tells classes apart. */
  readonly classes: readonly string[] | undefined;
}

/** @throws InputError in one line: what does not fit, and how to mend it */
export async function loadCoverage(spec: CoverageRunSpec, directory: string): Promise<Loaded> {
  const { reference, samples, neighbours } = spec;
  const checkpoint = await readCheckpoint(path.resolve(directory, spec.model.checkpoint));
  const model = buildModel(spec.model, checkpoint);
  const { offset, limit, array } = reference;
  const dataset = readDataset(path.resolve(directory, reference.file), { offset, limit, array });
  const { count, shape, name } = dataset;
  const { outputs, outputShape } = model.decoder;
  if (sizeOf(shape) !== outputs)
    throw new InputError(
      'reference.file',
      `a datum of ${name} has ${sizeOf(shape)} numbers ([${shape.join(', ')}]), but the decoder gives ${outputs} ([${outputShape.join(', ')}])`,
      'Use data of the kind that the model was trained on.',
    );
  if (Math.min(count, samples) <= neighbours)
    throw new InputError(
      'neighbours',
      `is ${neighbours}, and there ${Math.min(count, samples) === 1 ? 'is' : 'are'} ${formatPlural(Math.min(count, samples), 'item', 'items')}`,
      'Use more items or a smaller k.',
    );
  if (Math.max(count, samples) * outputs > 2 ** 28)
    throw new InputError(
      'samples',
      `${Math.max(count, samples)} items of ${outputs} numbers do not fit in memory`,
      'Use fewer "samples" and a lower "reference.limit".',
    );
  const grey = scaled(dataset.values, reference, dataset.format);
  const x = binarised(grey, reference, spec.seed, count, outputs);
  if (x.every((value, index) => value === x[index % outputs]))
    throw new InputError(
      'reference.file',
      `all ${count} items of ${name} there are the same, and distances between them say nothing`,
      'Use real items that differ.',
    );
  const real = { count, x, shape, name };
  const classifier = await loadClassifier(spec, directory, shape);
  const labels = loadLabels(spec, directory, count) ?? dataset.labels;
  const classes = classifier?.classes ?? (labels && numbered(labels));
  const most = (labels ?? new Int32Array()).reduce((a, b) => Math.max(a, b), 0);
  if (classifier !== undefined && most >= classifier.classes.length)
    throw new InputError(
      'reference.labels.file',
      `has the class ${most}, and the classifier knows ${classifier.classes.length}, from 0 on`,
      'Use labels of the classes that it was trained for.',
    );
  const training = loadTraining(spec, directory, outputs);
  return { model, real, training, encoder: encoderIn(checkpoint, model), labels, classifier, classes };
}

function loadTraining(
  { training, reference, seed }: CoverageRunSpec,
  directory: string,
  width: number,
): Float32Array | undefined {
  if (training === undefined) return undefined;
  const { file, ...part } = training;
  const { values, shape, name, count, format } = readDataset(path.resolve(directory, file), part);
  if (sizeOf(shape) !== width)
    throw new InputError(
      'training.file',
      `a datum of ${name} has ${sizeOf(shape)} numbers, and one of the reference ${width}`,
      'Name the data that the model was trained on.',
    );
  return binarised(scaled(values, reference, format), reference, seed, count, width);
}

function encoderIn(checkpoint: Checkpoint, model: GenerativeModel): Encoder | string {
  try {
    return buildEncoder({}, checkpoint, model, 'model');
  } catch (error) {
    if (error instanceof InputError) return 'The checkpoint has no encoder that is recognised.';
    throw error;
  }
}

async function loadClassifier(
  { classifier }: CoverageRunSpec,
  directory: string,
  shape: readonly number[],
): Promise<Classifier | undefined> {
  if (classifier === undefined) return undefined;
  const { height, width, channels, planar } = layoutOf(shape);
  if (!planar)
    throw new InputError(
      'classifier',
      `wants images with the channels first, and those of the reference are [${shape.join(', ')}]`,
      'Store them as [channels, height, width].',
    );
  const checkpoint = await readCheckpoint(path.resolve(directory, classifier.checkpoint));
  return buildClassifier(classifier, checkpoint, [channels, height, width]);
}

function loadLabels({ reference }: CoverageRunSpec, directory: string, count: number): Int32Array | undefined {
  if (reference.labels === undefined) return undefined;
  const { file, array } = reference.labels;
  const where = 'reference.labels.file';
  const { values, shape, name, ...read } = readDataset(path.resolve(directory, file), {
    ...{ offset: reference.offset, limit: reference.limit, array },
  });
  if (sizeOf(shape) !== 1)
    throw new InputError(where, `${name} has ${sizeOf(shape)} numbers a datum`, 'Give one class a datum.');
  if (read.count !== count)
    throw new InputError(
      where,
      `${name} has ${read.count} labels there, and the reference ${count} items`,
      'Use the labels of the same data, in the same order.',
    );
  const bad = values.find((value) => !(Number.isInteger(value) && value >= 0 && value < 10_000));
  if (bad !== undefined)
    throw new InputError(where, `${name} holds ${bad}, which is no class`, 'Give whole numbers from 0 on.');
  return Int32Array.from(values);
}

function numbered(labels: Int32Array): string[] {
  return Array.from({ length: labels.reduce((a, b) => Math.max(a, b), 0) + 1 }, (_, k) => String(k));
}

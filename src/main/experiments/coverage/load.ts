import path from 'node:path';
import { InputError } from '../../../shared/errors';
import type { CoverageRunSpec } from '../../../shared/runFile';
import { readCheckpoint } from '../../checkpoints';
import { readDataset } from '../../datasets';
import { layoutOf } from '../../datasets/layout';
import { buildModel, type GenerativeModel } from '../../models';
import { buildClassifier, type Classifier } from '../../models/classifier';
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
  /** Of the real items, `[count]`. */
  readonly labels: Int32Array | undefined;
  readonly classifier: Classifier | undefined;
  /** K, where anything tells classes apart. */
  readonly classes: readonly string[] | undefined;
}

/** @throws InputError in one line: what does not fit, and how to mend it */
export async function loadCoverage(spec: CoverageRunSpec, directory: string): Promise<Loaded> {
  const { reference, samples, neighbours } = spec;
  const model = buildModel(spec.model, await readCheckpoint(path.resolve(directory, spec.model.checkpoint)));
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
      `is ${neighbours}, and there are ${Math.min(count, samples)} items`,
      'Use more items or a smaller k.',
    );
  if (Math.max(count, samples) * outputs > 2 ** 28)
    throw new InputError(
      'samples',
      `${Math.max(count, samples)} items of ${outputs} numbers do not fit in memory`,
      'Use fewer "samples" and a lower "reference.limit".',
    );
  const grey = scaled(dataset.values, reference, dataset.format);
  const real = { count, x: binarised(grey, reference, spec.seed, count, outputs), shape, name };
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
  return { model, real, labels, classifier, classes };
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

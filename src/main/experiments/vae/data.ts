import path from 'node:path';
import { InputError } from '../../../shared/errors';
import type { VaeRunSpec } from '../../../shared/runFile';
import { readDataset, type Dataset } from '../../datasets';
import { fillUniforms } from '../../tensor/random/streams';
import { gathered, permutation, type RowsOf } from '../../trainers/vae/minibatches';
import { scaled } from '../data';

/** Rows that nothing is trained on. */
export interface KeptBack {
  readonly count: number;
  /** `[count, D]` */
  readonly x: Float32Array;
}

/** What a VAE is trained on, chosen by and judged on. */
export interface VaeData {
  /** D */
  readonly width: number;
  /** Shape of one datum, channels first where it is an image. */
  readonly shape: readonly number[];
  readonly training: RowsOf;
  /** Whether pixels of the training data are drawn anew for each minibatch. */
  readonly dynamic: boolean;
  readonly validation: KeptBack;
  readonly test: KeptBack;
  readonly name: string;
  readonly sha256: string;
  readonly warnings: readonly string[];
}

/** Which rows are kept back and how grey levels are drawn is the same for every seed of a run, so that runs are judged on the same. */
const fixedSeed = 0;

/** Rows that are drawn at once. */
const drawnRows = 1024;

/**
 * Reads the data of a run and keeps some of them back.
 * @throws InputError, one line, where a file cannot be read, does not fit or leaves too little to train on
 */
export function loadVaeData(spec: VaeRunSpec, directory: string): VaeData {
  const { data, likelihood } = spec;
  const { offset, limit, array } = data;
  const dataset = readDataset(path.resolve(directory, data.file), { offset, limit, array });
  const width = dataset.shape.reduce((product, extent) => product * extent, 1);
  const values = pixelsOf(dataset, spec, 'data.file', data.offset);
  const given = typeof spec.test === 'number' ? undefined : spec.test;
  const order = permutation(dataset.count, fixedSeed, 0);
  const tested = typeof spec.test === 'number' ? partOf(spec.test, dataset.count) : 0;
  const validated = partOf(spec.validation, dataset.count);
  const rows = order.slice(tested + validated).sort();
  if (rows.length < spec.training.batch) {
    throw new InputError(
      'training.batch',
      `is ${spec.training.batch}, and of the ${dataset.count} data in ${dataset.name} ${rows.length} are left to train on`,
      'Lower it, keep fewer data back, or use more.',
    );
  }
  const dynamic = data.binarise === 'dynamic';
  if (data.binarise === 'static') draw(values, width, data.offset, 0);
  const keptBack = (from: number, count: number): KeptBack => {
    const picked = order.slice(from, from + count).sort();
    const x = gathered({ values, width, rows: picked });
    if (dynamic)
      picked.forEach((row, place) => draw(x.subarray(place * width, (place + 1) * width), width, data.offset + row, 0));
    return { count, x };
  };
  const validation = keptBack(tested, validated);
  const test = given === undefined ? keptBack(0, tested) : testFile(given, spec, directory, width);
  const grey =
    likelihood.type === 'bernoulli' &&
    !dynamic &&
    [test.x, validation.x].some((x) => x.some((v) => v !== 0 && v !== 1));
  return {
    width,
    shape: dataset.shape.length === 2 ? [1, ...dataset.shape] : dataset.shape,
    training: { values, width, rows },
    dynamic,
    validation,
    test,
    name: dataset.name,
    sha256: dataset.sha256,
    warnings: grey
      ? [
          'The data are grey levels: with a Bernoulli likelihood log p(x) is then no log density. Set data.binarise to compare models.',
        ]
      : [],
  };
}

/** How many of `count` rows a share or a count means: at least one. */
function partOf(part: number, count: number): number {
  return part < 1 ? Math.max(1, Math.round(part * count)) : Math.min(part, count);
}

function testFile(
  given: Exclude<VaeRunSpec['test'], number>,
  spec: VaeRunSpec,
  directory: string,
  width: number,
): KeptBack {
  const dataset = readDataset(path.resolve(directory, given.file), given);
  const own = dataset.shape.reduce((product, extent) => product * extent, 1);
  if (own !== width) {
    throw new InputError(
      'test.file',
      `a datum of ${dataset.name} has ${own} numbers, and one of the training data ${width}`,
      'Use test data of the same kind.',
    );
  }
  const x = pixelsOf(dataset, spec, 'test.file', given.offset);
  // Apart from the numbers of the training file.
  if (spec.data.binarise === 'static' || spec.data.binarise === 'dynamic') draw(x, width, given.offset, 1);
  return { count: dataset.count, x };
}

/** Numbers as the likelihood has them, before anything is drawn. */
function pixelsOf(dataset: Dataset, { data, likelihood }: VaeRunSpec, where: string, offset: number): Float32Array {
  const values = scaled(dataset.values, data, dataset.format);
  if (likelihood.type !== 'bernoulli') return values;
  const bad = values.findIndex((value) => !(value >= 0 && value <= 1));
  if (bad >= 0) {
    const width = values.length / dataset.count;
    throw new InputError(
      where,
      `${dataset.name} holds ${values[bad]} in datum ${offset + Math.floor(bad / width)}, and a Bernoulli likelihood needs pixels in [0, 1]`,
      'Set data.scale to "unit" for bytes, or use a Gaussian likelihood.',
    );
  }
  return data.binarise === 'threshold' ? values.map((value) => Number(value >= 0.5)) : values;
}

/** Draws pixels with the grey level as probability, in place. They are keyed by the row in the file and by the file. */
function draw(x: Float32Array, width: number, firstRow: number, file: 0 | 1): void {
  const count = x.length / width;
  for (let first = 0; first < count; first += drawnRows) {
    const rows = Math.min(drawnRows, count - first);
    const uniforms = new Float32Array(rows * width);
    const block = { firstChain: 0, chains: 1, firstDatum: firstRow + first, data: rows, width };
    fillUniforms(uniforms, { seed: fixedSeed, stream: 'binarise', step: file, ...block });
    const piece = x.subarray(first * width, (first + rows) * width);
    uniforms.forEach((uniform, at) => (piece[at] = Number(uniform < (piece[at] ?? 0))));
  }
}

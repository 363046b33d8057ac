import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resultSchema, type Result } from '../../../src/shared/result';
import { answerOf } from '../../../src/shared/answer';
import { reportLines } from '../../../src/main/headless/report';
import { fakeTerminal } from '../../support/fakeTerminal';
import { expectEqualBits } from '../../support/interrupted';
import { random } from '../../support/random';
import { workbench, type Draft } from '../../support/runs';

const bench = workbench();

/** Ten classes on a line, of which the model draws the five on the left. */
const gap = 4;
const steep = 400;
const model = bench.checkpoint('half.safetensors', {
  // tanh of steep slopes at quantiles of a normal: a stair with five equal steps.
  'stair.weight': { shape: [4, 1], data: [steep, steep, steep, steep] },
  'stair.bias': { shape: [4], data: [-0.8416, -0.2533, 0.2533, 0.8416].map((at) => -steep * at) },
  'out.weight': { shape: [2, 4], data: [...new Array<number>(4).fill(gap / 2), 0, 0, 0, 0] },
  'out.bias': { shape: [2], data: [2 * gap, 0] },
});
const decoder = [{ linear: 'stair' }, 'tanh', { linear: 'out' }];
const classifier = bench.checkpoint('nearest.safetensors', {
  // −½|x − c|² without what all classes share.
  'nearest.weight': { shape: [10, 2], data: Array.from({ length: 10 }, (_, k) => [4 * gap * k, 0]).flat() },
  'nearest.bias': { shape: [10], data: Array.from({ length: 10 }, (_, k) => -2 * (gap * k) ** 2) },
});
const { normals } = random(5);
const labels = Array.from({ length: 600 }, (_, row) => row % 10);
const noise = [...normals(1200)];
const real = labels.map((label, row) => `${gap * label + (noise[2 * row] ?? 0) / 2},${(noise[2 * row + 1] ?? 0) / 2}`);
bench.file('real.csv', `${real.join('\n')}\n`);
bench.file('labels.csv', `${labels.join('\n')}\n`);
bench.file('few.csv', `${labels.slice(0, 30).join('\n')}\n`);
bench.file('odd.csv', `${labels.map((label) => label / 2).join('\n')}\n`);

const draft = {
  kind: 'coverage',
  model: { checkpoint: model, decoder, likelihood: { type: 'gaussian', sigma: 0.5 } },
  reference: { file: 'real.csv', labels: { file: 'labels.csv' } },
  classifier: { checkpoint: classifier, layers: [{ linear: 'nearest' }] },
  features: { type: 'pixels' },
  ...{ samples: 500, draws: 'sample', floors: 1, permutations: 19, matched: 50, seed: 2 },
};
const of = async (more: Draft = {}): Promise<Result> => bench.run({ ...draft, ...more });

describe('a generator of five classes of ten', () => {
  it('is told which it misses, by classes, coverage and recall', async () => {
    const result = resultSchema.parse(JSON.parse(JSON.stringify(await of())));
    expect(result.error).toBeUndefined();
    const { card, view } = result.coverage?.[0] ?? {};
    expect(card?.situation).toBe('generator');
    expect(result.metrics['missedClasses']).toEqual(['5', '6', '7', '8', '9']);
    expect(result.metrics['poorlyCoveredClasses']).toEqual(['5', '6', '7', '8', '9']);
    // Centres four deviations from each border: one of 16,000 is on the wrong side.
    expect(result.metrics['classifierAccuracyOnReference']).toBeGreaterThan(0.99);
    expect(card?.classCoverage?.slice(5)).toEqual([0, 0, 0, 0, 0]);
    card?.classCoverage?.slice(0, 5).forEach((value) => expect(value).toBeGreaterThan(0.8));
    expect(Math.abs((card?.metrics['recall']?.value ?? NaN) - 0.5)).toBeLessThan(0.06);
    expect(card?.metrics['precision']?.value).toBeGreaterThan(0.9);
    expect(card?.metrics['coverage']?.expected).toBeGreaterThan(0.9);
    expect(card?.metrics['elbo']?.value).toBeNull();
    // Each fifth of 500, at five standard errors.
    const { drawn, corrected } = result.metrics['classes'] as { drawn: number[]; corrected: number[] };
    drawn.slice(0, 5).forEach((share) => expect(Math.abs(share - 0.2)).toBeLessThan(0.09));
    expect(corrected.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(view?.points).toHaveLength(500);
    expect(view?.reference?.covered.filter(Boolean).length).toBe(
      Math.round(600 * (card?.metrics['coverage']?.value ?? NaN)),
    );
    expect(result.images?.map(({ name, rows, columns }) => [name, rows, columns])).toEqual([
      ['classes', 20, 10],
      ['missed-classes', 10, 10],
    ]);
    expect(result.warnings.join(' ')).toContain('The model misses classes 5, 6, 7, 8 and 9.');
    expect(result.notes).toBeUndefined();
    expect(answerOf(result)).toMatch(/^The model draws 5 of 10 classes\. Its items cover (4\d|50) % of the real ones/);
    const lines = reportLines(result, fakeTerminal());
    expect(lines.find((line) => line.startsWith('Modes found') || line.startsWith('Classes found'))).toMatch(/ 5 /);
    expect(lines.find((line) => /^9 /.test(line))).toMatch(/^9 +0\.000 +0\.100 +0\.000$/);
  });

  it('notes what was guessed of the model', async () => {
    const { checkpoint } = draft.model;
    const { notes = [], warnings } = await of({
      model: { checkpoint, decoder },
      samples: 50,
      floors: 0,
      matched: 0,
    });
    expect(notes).toEqual([expect.stringMatching(/^The likelihood was guessed/)]);
    expect(warnings).toEqual(expect.arrayContaining(notes));
    expect(warnings.length).toBeGreaterThan(1);
  });

  it('has no missed classes where it draws all of them: the check can pass', async () => {
    const bias = { 'out.bias': { shape: [2], data: [4.5 * gap, 0] } };
    const whole = bench.checkpoint('whole.safetensors', {
      'stair.weight': { shape: [9, 1], data: new Array<number>(9).fill(steep) },
      'stair.bias': {
        shape: [9],
        data: [-1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816].map((at) => -steep * at),
      },
      'out.weight': { shape: [2, 9], data: [...new Array<number>(9).fill(gap / 2), ...new Array<number>(9).fill(0)] },
      ...bias,
    });
    const { metrics, coverage } = await of({ model: { ...draft.model, checkpoint: whole } });
    expect(metrics['missedClasses']).toEqual([]);
    expect(metrics['poorlyCoveredClasses']).toEqual([]);
    expect(coverage?.[0]?.card.metrics['recall']?.value).toBeGreaterThan(0.9);
  });

  it('takes the class of the nearest real item without a classifier, and has none without labels', async () => {
    const bare = { ...draft, classifier: undefined };
    const nearest = await bench.run(bare);
    expect(nearest.metrics['missedClasses']).toEqual(['5', '6', '7', '8', '9']);
    expect(nearest.metrics['classifierAccuracyOnReference']).toBeUndefined();
    const unlabelled = await bench.run({ ...bare, reference: { file: 'real.csv' }, features: { type: 'pca' } });
    const { card, view } = unlabelled.coverage?.[0] ?? {};
    expect(unlabelled.metrics['features']).toEqual({ type: 'pca', dimensions: 2 });
    expect(card?.metrics['modesFound']).toMatchObject({
      value: null,
      reason: 'There are no labels of the generated items.',
    });
    expect(card?.metrics['recall']?.value).toBeLessThan(0.65);
    expect(new Set(view?.modes)).toEqual(new Set([null]));
    expect(unlabelled.images).toEqual([]);
  });

  describe('held against what it was trained on', () => {
    const points = (draws: Float64Array | number[], which: readonly number[]): string =>
      which
        .map((label, row) => `${gap * label + (draws[2 * row] ?? 0) / 2},${(draws[2 * row + 1] ?? 0) / 2}`)
        .join('\n');
    bench.file('trained.csv', `${points([...random(11).normals(1200)], labels)}\n`);
    bench.file('copied.csv', `${points(new Array<number>(1200).fill(0), labels)}\n`);
    bench.file('wide.csv', `${labels.map((label) => `${label},0,1`).join('\n')}\n`);
    const metric = (result: Result, name: string) => result.coverage?.[0]?.card.metrics[name];

    it('lies no nearer to it than held-out items do where it is honest, and is told where it copies', async () => {
      // Ranks of 500 and 600: 0.0175 is a standard error of the share; five of them, once in two million.
      const honest = await of({ training: { file: 'trained.csv' } });
      expect(Math.abs((metric(honest, 'memorised')?.value ?? NaN) - 0.5)).toBeLessThan(0.0875);
      expect(metric(honest, 'memorisedP')?.value).toBeGreaterThan(2e-7);
      const copied = await of({ training: { file: 'copied.csv' }, draws: 'mean' });
      expect(metric(copied, 'memorised')?.value).toBeGreaterThan(0.99);
      expect(metric(copied, 'memorisedP')?.value).toBeLessThan(1e-6);
      expect(copied.warnings.join(' ')).toContain('nearer to the training data than real ones do');
      expect(honest.warnings.join(' ')).not.toContain('training data');
    });

    it('says why there is no such number, and never 0', async () => {
      const result = await of();
      const reason = 'The run file names no "training" data of the model.';
      for (const name of ['memorised', 'memorisedP'])
        expect(metric(result, name)).toMatchObject({ value: null, reason });
      const noEncoder = { value: null, reason: 'The checkpoint has no encoder that is recognised.' };
      expect(metric(result, 'activeUnits')).toMatchObject(noEncoder);
      expect(result.metrics['coverage']).not.toHaveProperty('memorised');
    });

    it('is a distance in radii near that of exact draws, and far where items are off', async () => {
      const near = metric(await of({ draws: 'sample' }), 'nearestInRadii');
      expect(near?.value ?? NaN).toBeGreaterThan(0.5 * (near?.expected ?? NaN));
      expect(near?.value ?? NaN).toBeLessThan(1.5 * (near?.expected ?? NaN));
      const far = metric(await of({ reference: { file: 'copied.csv' }, classifier: undefined }), 'nearestInRadii');
      expect(far).toMatchObject({ value: null, reason: 'It is infinite for these samples.' });
    });

    it.each([
      [0.5, 1],
      [0, 0],
    ])('counts the dimensions that an encoder of slope %s uses: %s', async (slope, active) => {
      const checkpoint = bench.checkpoint(`slope-${active}.safetensors`, {
        'decoder.0.weight': { shape: [4, 1], data: [steep, steep, steep, steep] },
        'decoder.0.bias': { shape: [4], data: [-0.8416, -0.2533, 0.2533, 0.8416].map((at) => -steep * at) },
        'decoder.2.weight': { shape: [2, 4], data: [...new Array<number>(4).fill(gap / 2), 0, 0, 0, 0] },
        'decoder.2.bias': { shape: [2], data: [2 * gap, 0] },
        'encoder.0.weight': { shape: [2, 2], data: [slope, 0, 0, 0] },
        'encoder.0.bias': { shape: [2], data: [3, -1] },
      });
      const layers = [{ linear: 'decoder.0' }, 'tanh', { linear: 'decoder.2' }];
      const result = await of({ model: { ...draft.model, checkpoint, decoder: layers } });
      expect(metric(result, 'activeUnits')).toMatchObject({ value: active, parameters: { latent: 1 } });
    });

    it('refuses training data of another width', async () => {
      await expect(of({ training: { file: 'wide.csv' } })).rejects.toThrow(
        /training\.file: a datum of wide\.csv has 3 numbers, and one of the reference 2/,
      );
    });
  });

  it('refuses real items that are all the same: distances between them say nothing', async () => {
    bench.file('same.csv', `${new Array<string>(50).fill('1,2').join('\n')}\n`);
    await expect(of({ reference: { file: 'same.csv' } })).rejects.toThrow(
      /^reference\.file: all 50 items of same\.csv there are the same/,
    );
  });

  it('says numbers of a mistaken scale in few digits', async () => {
    const scaled = real.map((row) =>
      row
        .split(',')
        .map((value) => Number(value) * 1e25)
        .join(','),
    );
    bench.file('huge.csv', `${scaled.join('\n')}\n`);
    const answer = answerOf(await of({ reference: { file: 'huge.csv', labels: { file: 'labels.csv' } } })) ?? '';
    expect(answer).toMatch(/The Fréchet distance is \d\.\d × 10⁵[⁰-⁹¹²³], between halves of the real items/);
  });

  it('goes on from its journal and ends with the same bits', async () => {
    const small = { ...draft, samples: 100, reference: { ...draft.reference, limit: 100 } };
    await expectEqualBits((options) => bench.run(small, options), [0.1, 0.3, 0.6, 0.9]);
  });

  it.each<[Draft, RegExp]>([
    [{ reference: { file: 'labels.csv' } }, /reference\.file: a datum of labels\.csv has 1 numbers .* gives 2/],
    [{ reference: { file: 'real.csv', labels: { file: 'few.csv' } } }, /labels\.file: few\.csv has 30 labels there/],
    [{ reference: { file: 'real.csv', labels: { file: 'odd.csv' } } }, /odd\.csv holds 0\.5, which is no class/],
    [{ reference: { file: 'real.csv', labels: { file: 'real.csv' } } }, /real\.csv has 2 numbers a datum/],
    [{ samples: 10, neighbours: 20 }, /neighbours: is 20, and there are 10 items/],
    [{ classifier: undefined, features: { type: 'classifier' } }, /features\.type is "classifier", and there is none/],
    [{ classifier: { checkpoint: model, layers: [{ linear: 'out' }] } }, /classifier\.layers/],
  ])('refuses %j in one line', async (more, message) => {
    const refused = await of(more).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(refused).toMatch(message);
    expect(refused).not.toContain('\n');
  });
});

const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

it.skipIf(!existsSync(shared))('a VAE of digits draws all ten, judged by a LeNet that is right of them', async () => {
  const layers = [
    ...[{ resize: [32, 32] }, { conv: 'convnet.c1' }, 'relu', { maxPool: 2 }, { conv: 'convnet.c3' }, 'relu'],
    ...[{ maxPool: 2 }, { conv: 'convnet.c5' }, 'relu', { linear: 'fc.f6' }, 'relu', { linear: 'fc.f7' }],
  ];
  const { metrics, coverage, images } = await bench.run({
    kind: 'coverage',
    model: { checkpoint: `${shared}checkpoints/mnist-vae-20.pth` },
    reference: {
      file: `${shared}mnist/t10k-images-idx3-ubyte.gz`,
      labels: { file: `${shared}mnist/t10k-labels-idx1-ubyte.gz` },
      limit: 1000,
    },
    classifier: { checkpoint: `${shared}checkpoints/mnist-lenet.pth`, layers },
    ...{ samples: 600, floors: 0, permutations: 0, matched: 0 },
  });
  expect(metrics['classifierAccuracyOnReference']).toBeGreaterThan(0.98);
  expect(metrics['missedClasses']).toEqual([]);
  expect(metrics['features']).toEqual({ type: 'classifier', dimensions: 84 });
  expect(coverage?.[0]?.card.metrics['modesFound']?.value).toBe(10);
  expect(images?.[0]).toMatchObject({ name: 'classes', rows: 20, columns: 10, height: 28, width: 28, channels: 1 });
});

import { describe, expect, it } from 'vitest';
import { drive, type DriveOptions } from '../../../src/main/runs/driver';
import type { Result } from '../../../src/shared/result';
import { parseRunFile } from '../../../src/shared/runFile';
import { expectEqualBits } from '../../support/interrupted';
import { random } from '../../support/random';
import { buildIdx, testFolder } from '../datasets/folder';

const file = testFolder();
const ubyte = 0x08;

/** Six by six pixels: a bright block somewhere on a dark ground. */
function blocks(count: number): Uint8Array {
  const { uniform } = random(5);
  const pixels = Array.from({ length: count }, () => {
    const [top, left] = [Math.floor(5 * uniform()), Math.floor(5 * uniform())];
    return Array.from({ length: 36 }, (_, at) => {
      const [y, x] = [Math.floor(at / 6), at % 6];
      return y >= top && y < top + 2 && x >= left && x < left + 2 ? 200 + Math.floor(56 * uniform()) : 0;
    });
  });
  return Uint8Array.from(pixels.flat());
}
const images = file('blocks-idx3-ubyte', buildIdx(ubyte, [300, 6, 6], blocks(300)));
const draft = (train: object, more: object = {}, target: object = {}) => ({
  kind: 'target',
  target: { type: 'nice', width: 16, layers: 2, train: { file: images, size: 3, batch: 30, ...train }, ...target },
  methods: [{ type: 'ula', steps: 8, batch: 8, iterations: 10 }],
  evaluate: { samples: 256, coverage: false },
  ...more,
});
const run = (spec: object, options: Partial<DriveOptions> = {}): Promise<Result> =>
  drive(parseRunFile(spec, 'run.json'), { directory: '.', ...options });

/** Runs and keeps what the run leaves. */
async function kept(spec: object): Promise<{ result: Result; bytes: Map<string, Uint8Array> }> {
  const bytes = new Map<string, Uint8Array>();
  const result = await run(spec, {
    keep: ({ name, bytes: content }) => {
      bytes.set(name, content);
      return { name, path: name, sha256: '' };
    },
  });
  return { result, bytes };
}

const valueOf = ({ bounds }: Result, side: string): number => bounds.find((one) => one.side === side)?.value ?? NaN;

describe('a NICE flow that a run trains on images', () => {
  it('is a target with log Z = 0 between both bounds, with its curves, and its file is the same target', async () => {
    const { result, bytes } = await kept(draft({ epochs: 12 }));
    expect(result.status).toBe('done');
    const ci = Math.max(...result.bounds.map(({ ci95 }) => ci95 ?? NaN));
    // A one-sided miss of five standard errors: less than one in a million.
    expect(valueOf(result, 'lower')).toBeLessThan(2.5 * ci);
    expect(valueOf(result, 'upper')).toBeGreaterThan(-2.5 * ci);
    const [training, heldOut] = ['training nice, log p(x)', 'training nice held out, log p(x), held out'].map((name) =>
      result.series.find((one) => one.name === name)?.y.values.map(Number),
    );
    expect(training?.at(-1)).toBeGreaterThan((training?.[0] ?? NaN) + 1);
    expect(heldOut).toHaveLength(12);
    expect(result.notes?.join()).toMatch(/^The flow was trained on 270 images of blocks-idx3-ubyte for 12 epochs; the/);

    const flow = file('flow.safetensors', bytes.get('nice.safetensors') ?? new Uint8Array());
    const { bounds } = await run({ ...draft({}), target: { type: 'nice', file: flow } });
    const plain = (all: Result['bounds']) => all.map(({ side, value }) => [side, value]);
    expect(plain(bounds)).toEqual(plain(result.bounds));
  });

  it('is the same whatever the seed of the run, and another with a seed of its own', async () => {
    const flow = async (more: object, target: object = {}) =>
      (await kept(draft({ epochs: 2 }, more, target))).bytes.get('nice.safetensors');
    const first = await flow({ seed: 1 });
    expect(first?.length).toBeGreaterThan(1000);
    expect(await flow({ seed: 2 })).toEqual(first);
    expect(await flow({ seed: 1 }, { seed: 7 })).not.toEqual(first);
  });

  it('goes on from its journal with the same bits, also where patience has ended its training', async () => {
    // Steps so long that no epoch after the first few is better.
    const spec = draft({ epochs: 30, patience: 2, learningRate: 0.1 });
    const looks = (await run(spec)).series.find(({ name }) => name.startsWith('training nice held out'));
    expect(looks?.y.values.length).toBeLessThan(30);
    await expectEqualBits((options) => run(spec, options), [0.3, 0.7, 0.95]);
  });

  const numbers = [4, 4, 4].flatMap((value) => Array.from({ length: 48 }, () => value));
  it.each([
    [{ size: 7 }, 'target.train.size: is 7, and the images of blocks-idx3-ubyte have 6 × 6 pixels. Lower it.'],
    [
      { batch: 271 },
      'target.train.batch: is 271, and of the 300 images in blocks-idx3-ubyte 270 are left to train on.',
    ],
    [{ file: file('labels', buildIdx(ubyte, [3], [1, 2, 3])) }, 'target.train.file: labels holds single numbers'],
    [
      { file: file('colour', buildIdx(ubyte, [3, 3, 4, 4], numbers)) },
      'target.train.file: a datum of colour is 3 × 4 × 4 numbers. Use grey images.',
    ],
    [{ file: file('minus.csv', '0,1,-3,1\n0,1,0,1\n'), size: 2 }, 'target.train.file: minus.csv holds -3 in image 0'],
    [{ file: 'nowhere.idx' }, 'nowhere.idx'],
  ])('refuses %o in one line', async (train, message) => {
    const refusal = run(draft(train)).catch((error: unknown) => String(error));
    expect(await refusal).toContain(message);
    expect(await refusal).not.toContain('\n');
  });

  it('refuses layers that no machine holds', async () => {
    await expect(run(draft({}, {}, { width: 4096, layers: 10 }))).rejects.toThrow(/target\.width: makes a flow of/);
  });

  it('learns constant images too: noise within one level is all there is', async () => {
    const constant = file('constant', buildIdx(ubyte, [60, 4, 4], new Uint8Array(960).fill(90)));
    const result = await run(draft({ file: constant, epochs: 3, batch: 20 }));
    expect(result.status).toBe('done');
    expect(result.bounds.every(({ value }) => Number.isFinite(value))).toBe(true);
  });
});

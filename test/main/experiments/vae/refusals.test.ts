import { describe, expect, it } from 'vitest';
import { writeNpy } from '../../../support/writeNpy';
import { InputError } from '../../../../src/shared/errors';
import { workbench } from '../../../support/runs';
import { smallVae, stripes } from '../../../support/vaeRuns';

const bench = workbench();
bench.file('stripes.npy', stripes(200));
bench.file('narrow.npy', writeNpy(new Float32Array(30), [10, 3]));
bench.file('nan.npy', writeNpy(Float32Array.of(0, NaN, 1, 0), [2, 2]));
bench.file('empty.npy', writeNpy(new Float32Array(0), [0, 4]));
bench.file(
  'rubbish.xyz',
  Uint8Array.from({ length: 300 }, (_, i) => (i * 37) % 251),
);
bench.file('cut.npy', stripes(200).subarray(0, 1000));
const wide = 2 ** 14;

const data = { file: 'stripes.npy', scale: 'unit' };
const cases: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  [
    'grey bytes for a Bernoulli likelihood',
    { data: { file: 'stripes.npy', scale: 'none' } },
    /data\.file: .* holds \d+ in datum \d+, and a Bernoulli likelihood needs pixels in \[0, 1\]/,
  ],
  [
    'a minibatch larger than the data',
    { training: { batch: 151 } },
    /training\.batch: is 151, and of the 200 data in stripes\.npy 150 are left/,
  ],
  ['everything kept back', { validation: 190, test: 10 }, /training\.batch: .* 0 are left to train on/],
  [
    'test data of another shape',
    { test: { file: 'narrow.npy' } },
    /test\.file: a datum of narrow\.npy has 3 numbers, and one of the training data 16/,
  ],
  ['a number that is none', { data: { file: 'nan.npy' } }, /nan\.npy: the value at \[0, 1\] is NaN/],
  ['no data', { data: { file: 'empty.npy' } }, /empty\.npy: there are no data in the file/],
  ['no data set at all', { data: { file: 'rubbish.xyz' } }, /rubbish\.xyz: the format is not known/],
  ['a file that was cut short', { data: { file: 'cut.npy' } }, /cut\.npy: /],
  ['a file that is not there', { data: { file: 'gone.npy' } }, /gone\.npy/],
  ['an offset past the end', { data: { ...data, offset: 500 } }, /offset 500 skips all 200 data/],
  [
    'networks that no machine holds',
    { data, model: { encoder: [wide, wide], decoder: [wide] } },
    /model: has \d+ million weights/,
  ],
  [
    'both lengths of a training',
    { training: { epochs: 3, iterations: 4 } },
    /training has both "epochs" and "iterations"/,
  ],
  [
    'binary pixels of real-valued data',
    { likelihood: { type: 'gaussian' } },
    /data\.binarise makes sense only with a Bernoulli likelihood/,
  ],
  [
    'a step size above its own limit',
    { bound: { type: 'ula', stepSize: 0.3 } },
    /bound starts at or above its own limit/,
  ],
  ['a setting of another bound', { bound: { type: 'elbo', samples: 3 } }, /bound\.samples is not a field/],
  ['a bound that there is none of', { bound: { type: 'elbow' } }, /bound\.type is "elbow". Did you mean "elbo"\?/],
  ['a share that is none', { validation: 2.5 }, /validation is neither a share nor a count/],
];

describe('a run of kind vae refuses with one line', () => {
  it.each(cases)('%s', async (_name, change, message) => {
    const failure = await Promise.resolve()
      .then(() => bench.run({ ...smallVae, ...change }))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    const text = (failure as InputError).message;
    expect(text).toMatch(message);
    expect(text).not.toContain('\n');
  });
});

import { describe, expect, it } from 'vitest';
import { buildDecoder, buildModel, guessDecoder, type Guess } from '../../../src/main/models';
import { checkpointOf, type Tensors } from '../../support/models';

function dense(layers: Readonly<Record<string, [outputs: number, inputs: number]>>): Tensors {
  return Object.fromEntries(
    Object.entries(layers).flatMap(([key, [outputs, inputs]]) => [
      [`${key}.weight`, { shape: [outputs, inputs] }],
      [`${key}.bias`, { shape: [outputs] }],
    ]),
  );
}

/** The guess, which must also be one that a decoder can be built from. */
function guessed(tensors: Tensors): Guess {
  const checkpoint = checkpointOf(tensors);
  const guess = guessDecoder(checkpoint);
  if ('reason' in guess) throw new Error(guess.reason);
  expect(buildDecoder(guess.decoder, checkpoint).latent).toBe(guess.latent);
  return guess;
}

const dcgan = (prefix: string, latent: number): Tensors => {
  const norm = (key: string, channels: number): Tensors =>
    Object.fromEntries([
      ...['weight', 'bias', 'running_mean'].map((name) => [`${prefix}main.${key}.${name}`, { shape: [channels] }]),
      [`${prefix}main.${key}.running_var`, { shape: [channels], data: new Array(channels).fill(1) }],
      [`${prefix}main.${key}.num_batches_tracked`, { shape: [], data: [7] }],
    ]) as Tensors;
  return {
    [`${prefix}main.0.weight`]: { shape: [latent, 8, 4, 4] },
    ...norm('1', 8),
    [`${prefix}main.3.weight`]: { shape: [8, 4, 4, 4] },
    ...norm('4', 4),
    [`${prefix}main.6.weight`]: { shape: [4, 2, 4, 4] },
    ...norm('7', 2),
    [`${prefix}main.10.weight`]: { shape: [2, 3, 4, 4] },
  };
};
const up = (key: string): object => ({ convTranspose: key, stride: 2, padding: 1, outputPadding: 0 });
const dcganLayers = (prefix: string): unknown[] => [
  { convTranspose: `${prefix}main.0`, stride: 1, padding: 0, outputPadding: 0 },
  { batchNorm: `${prefix}main.1`, epsilon: 1e-5 },
  'relu',
  up(`${prefix}main.3`),
  { batchNorm: `${prefix}main.4`, epsilon: 1e-5 },
  'relu',
  up(`${prefix}main.6`),
  { batchNorm: `${prefix}main.7`, epsilon: 1e-5 },
  'relu',
  up(`${prefix}main.10`),
  'tanh',
];

describe('guessing a decoder', () => {
  it('finds the second half of a VAE with numbered layers', () => {
    const guess = guessed(dense({ fc1: [40, 78], fc21: [3, 40], fc22: [3, 40], fc3: [40, 3], fc4: [78, 40] }));
    expect(guess).toMatchObject({
      decoder: [{ linear: 'fc3' }, 'relu', { linear: 'fc4' }],
      likelihood: { type: 'bernoulli' },
      latent: 3,
    });
    expect(guess.notes.join(' ')).toMatch(/relu was assumed/);
  });

  it('finds the VAE of the paper: tanh, sigmoid, a learned variance', () => {
    const guess = guessed({
      x_logvar: { shape: [], data: [-3.5] },
      ...dense({ 'enc.enc.0': [16, 30], 'enc.enc.2': [16, 16], 'enc.enc.4': [16, 16], 'enc.enc.6': [8, 16] }),
      'dec.x_logvar': { shape: [], data: [-3.5] },
      ...dense({ 'dec.dec.0': [16, 4], 'dec.dec.2': [16, 16], 'dec.dec.4': [16, 16], 'dec.dec.6': [30, 16] }),
    });
    const [a, b, c, d] = ['dec.dec.0', 'dec.dec.2', 'dec.dec.4', 'dec.dec.6'];
    expect(guess.decoder).toEqual([
      { linear: a },
      'tanh',
      { linear: b },
      'tanh',
      { linear: c },
      'tanh',
      { linear: d },
      'sigmoid',
    ]);
    expect(guess).toMatchObject({ likelihood: { type: 'gaussian', logVariance: 'x_logvar' }, latent: 4 });
  });

  it('finds the GAN of the paper, whose last layer has a name of its own', () => {
    const guess = guessed(dense({ de1: [16, 4], de2: [16, 16], de3: [16, 16], out: [30, 16] }));
    expect(guess.decoder).toEqual([
      { linear: 'de1' },
      'tanh',
      { linear: 'de2' },
      'tanh',
      { linear: 'de3' },
      'tanh',
      { linear: 'out' },
      'sigmoid',
    ]);
    expect(guess.likelihood).toEqual({ type: 'gaussian', sigma: 0.1732 });
    expect(guess.notes.join(' ')).toMatch(/noise is not stored/);
  });

  it('finds DCGAN, with batch normalisation where the file has it', () => {
    const guess = guessed(dcgan('', 5));
    expect(guess.decoder).toEqual(dcganLayers(''));
    expect(guess).toMatchObject({ latent: 5, likelihood: { type: 'gaussian', sigma: 0.01 } });
  });

  it('takes the generator of a pair', () => {
    const widths = [3, 16, 32, 64, 1];
    const discriminator: Tensors = Object.fromEntries(
      [0, 2, 5, 8].map((key, index) => {
        const shape = [widths[index + 1] ?? 0, widths[index] ?? 0, 4, 4];
        return [`D_weights.main.${key}.weight`, { shape }];
      }),
    );
    for (const tensors of [
      { ...dcgan('G_weights.', 5), ...discriminator },
      { ...discriminator, ...dcgan('G_weights.', 5) },
    ]) {
      expect(guessed(tensors).decoder).toEqual(dcganLayers('G_weights.'));
    }
  });

  it.each([
    ['a chain of convolutions', dcgan('', 5), dcganLayers('')],
    [
      'a dense chain',
      dense({ 'net.0': [4, 2], 'net.2': [5, 4], 'net.4': [6, 5], 'net.6': [7, 6], 'net.8': [8, 7], 'net.10': [9, 8] }),
      ['0', '2', '4', '6', '8'].flatMap((key) => [{ linear: `net.${key}` }, 'relu']).concat([{ linear: 'net.10' }]),
    ],
  ] as const)('orders %s by number where the file is sorted as text', (_, tensors, layers) => {
    // safetensors files are: "main.10" comes before "main.3".
    const sorted = Object.fromEntries(Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(guessed(sorted).decoder).toEqual(layers);
  });

  it('takes one linear layer for a linear-Gaussian model', () => {
    const guess = guessed(dense({ 'dec.dec': [100, 10] }));
    expect(guess).toMatchObject({
      decoder: [{ linear: 'dec.dec' }],
      likelihood: { type: 'gaussian', sigma: 1 },
      latent: 10,
    });
  });

  it.each<[string, Tensors, RegExp]>([
    ['an encoder alone', dense({ fc1: [400, 784], fc2: [20, 400] }), /do not widen/],
    ['a named encoder', dense({ 'encoder.0': [20, 784], 'encoder.2': [784, 20] }), /no weight/],
    ['nothing with two dimensions', { bias: { shape: [4] } }, /no weight/],
    [
      'a classifier of images',
      { 'c1.weight': { shape: [6, 1, 5, 5] }, ...dense({ f6: [84, 120], f7: [10, 84] }) },
      /no plain chain/,
    ],
  ])('gives a reason for %s', (_, tensors, reason) => {
    expect(guessDecoder(checkpointOf(tensors))).toEqual({ reason: expect.stringMatching(reason) as string });
    expect(() => buildModel({ checkpoint: 'a' }, checkpointOf(tensors))).toThrow(
      /model\.decoder: cannot be guessed: .*Give the layers/,
    );
  });

  it('believes a file that says what it is', () => {
    const metadata = {
      decoder: JSON.stringify([{ linear: 'b' }, 'elu', { linear: 'a' }]),
      likelihood: '{"type":"gaussian","sigma":0.5}',
    };
    const tensors = dense({ a: [9, 4], b: [4, 2] });
    expect(guessDecoder(checkpointOf(tensors, metadata))).toMatchObject({
      decoder: [{ linear: 'b' }, 'elu', { linear: 'a' }],
      likelihood: { type: 'gaussian', sigma: 0.5 },
      latent: 2,
    });
    // A declaration that cannot be read is no declaration.
    const broken = checkpointOf(dense({ a: [9, 4] }), { ...metadata, decoder: '[{"linear": 3}]' });
    expect(guessDecoder(broken)).toMatchObject({ decoder: [{ linear: 'a' }] });
  });

  it('reports what was guessed in the model', () => {
    const checkpoint = checkpointOf(dense({ fc3: [4, 2], fc4: [9, 4] }));
    expect(buildModel({ checkpoint: 'a' }, checkpoint).notes).toEqual([
      expect.stringMatching(/layers were guessed.*fc3/),
      expect.stringMatching(/likelihood was guessed.*bernoulli/),
    ]);
    const half = buildModel({ checkpoint: 'a', likelihood: { type: 'gaussian', sigma: 2 } }, checkpoint);
    expect(half.notes).toHaveLength(1);
    expect(half.likelihood).toMatchObject({ type: 'gaussian', sigma: 2 });
  });
});

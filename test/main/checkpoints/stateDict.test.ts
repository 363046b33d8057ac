import { describe, expect, it } from 'vitest';
import { readContent } from '../../../src/main/checkpoints';
import { concat } from '../files/fuzz';
import { ascii, buildPickle, dictionary, type Item } from './buildPickle';
import { buildTorchZip, tensor } from './buildTorch';

const one = tensor({ elements: 1, shape: [1] });
const weights = dictionary({ 'fc.weight': one });
const optimizer = dictionary({ state: new Map([[0, dictionary({ exp_avg: one })]]), param_groups: [] });

function read(object: Item) {
  const content = readContent(buildTorchZip(object, { '0': Float32Array.of(1) }), 'f.pth');
  return { ...content, keys: [...content.tensors.keys()] };
}

describe('the state dict is found', () => {
  it.each(['state_dict', 'model_state_dict', 'model'])('under %s', (key) => {
    const found = read(
      dictionary({ epoch: 3, optimizer, [key]: weights, ema: weights, args: dictionary({ lr: 0.1 }) }),
    );
    expect(found.keys).toEqual(['fc.weight']);
    expect(found.source).toBe(`the dictionary under '${key}'`);
    expect(found.ignored).toEqual(['optimizer (dictionary)', 'ema (dictionary)', 'args (dictionary)']);
    expect([...found.metadata]).toEqual([['epoch', 3]]);
  });

  it('bare, with its attributes', () => {
    const found = read({ build: weights, state: dictionary({ _metadata: dictionary({}) }) });
    expect(found).toMatchObject({ keys: ['fc.weight'], source: 'the whole file', ignored: [] });
  });

  it('in a container within a container', () => {
    const found = read(dictionary({ model: dictionary({ state_dict: weights, version: 2 }) }));
    expect(found).toMatchObject({ keys: ['fc.weight'], source: "the dictionary under 'model.state_dict'" });
  });

  it('as the networks of a GAN side by side', () => {
    const found = read(
      dictionary({
        G_weights: weights,
        D_weights: weights,
        G_optimizer: optimizer,
        losses: [1, 2],
        rng: one,
        epoch: 9,
      }),
    );
    expect(found.keys).toEqual(['G_weights.fc.weight', 'D_weights.fc.weight']);
    expect(found.ignored).toEqual(['G_optimizer (dictionary)', 'losses (list)', 'rng (tensor)']);
  });

  it('under net, but only if that is the one network', () => {
    expect(read(dictionary({ net: weights, optimizer, rng: one })).keys).toEqual(['fc.weight']);
    expect(read(dictionary({ net: weights, critic: weights })).keys).toEqual(['net.fc.weight', 'critic.fc.weight']);
  });

  it('as a tuple of tensors', () => {
    expect(read({ tuple: [one, one] }).keys).toEqual(['0', '1']);
  });

  it('without the prefix of DataParallel, everywhere or nowhere', () => {
    const wrapped = dictionary({ 'module.fc.weight': one, 'module.fc.bias': one });
    expect(read(wrapped)).toMatchObject({
      keys: ['fc.weight', 'fc.bias'],
      source: "the whole file, without 'module.' before the keys",
    });
    expect(read(dictionary({ state_dict: dictionary({ 'module.a': one, b: one }) })).keys).toEqual(['module.a', 'b']);
  });

  it('although a parameter is called like a random state', () => {
    expect(read(dictionary({ 'random_features.weight': one, random_projection: one })).keys).toHaveLength(2);
  });
});

describe('there is no state dict', () => {
  it('says what is there instead', () => {
    expect(() => read(dictionary({ epoch: 3, optimizer }))).toThrow(
      /^f\.pth: it holds no tensors \(at its top: epoch, optimizer\)\. Save the state dict/,
    );
    expect(() => read([])).toThrow(/at its top: list/);
    expect(() => read(dictionary({}))).toThrow(/at its top: nothing/);
  });

  it('when names or tensors are too many', () => {
    const long = dictionary({ ['a'.repeat(600)]: dictionary({ ['b'.repeat(600)]: one }) });
    expect(() => read(long)).toThrow(/a name in it has more than 1024 letters/);
    // One tensor, kept as value 0, and lists that each hold the value before ten times.
    let lists = 'q\x00';
    for (let level = 0; level < 6; level++) {
      const [before, after] = [String.fromCharCode(level), String.fromCharCode(level + 1)];
      lists += `](${`h${before}`.repeat(10)}eq${after}`;
    }
    const bomb = concat(buildPickle(one).subarray(2, -1), ascii(lists));
    expect(() => read({ raw: bomb })).toThrow(/more than 100000 tensors/);
  });

  it('when two tensors share a name', () => {
    expect(() => read(dictionary({ 'a.b': one, a: dictionary({ b: one }) }))).toThrow(/two tensors are called 'a\.b'/);
  });
});

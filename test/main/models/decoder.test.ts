import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { buildDecoder } from '../../../src/main/models';
import { activations, layerSchema, type Layer } from '../../../src/shared/runFile';
import { decoded } from '../../support/decoded';
import { checkpointOf, type Tensors } from '../../support/models';
import { random } from '../../support/random';

const mlp: Tensors = {
  'fc3.weight': { shape: [5, 2] },
  'fc3.bias': { shape: [5] },
  'fc4.weight': { shape: [6, 5] },
  'fc4.bias': { shape: [6] },
};

function weights(tensors: Tensors, name: string): number[] {
  return [...(checkpointOf(tensors).tensors.get(name)?.data ?? [])].map(Number);
}

/** y = W x + b in doubles. */
function affine(tensors: Tensors, key: string, x: readonly number[]): number[] {
  const [w, b] = [weights(tensors, `${key}.weight`), weights(tensors, `${key}.bias`)];
  return Array.from({ length: w.length / x.length }, (_, row) =>
    x.reduce((sum, value, column) => sum + value * (w[row * x.length + column] ?? NaN), b[row] ?? 0),
  );
}

describe('a dense decoder', () => {
  it('is W x + b with the activations between', async () => {
    const layers: Layer[] = [{ linear: 'fc3' }, 'relu', { linear: 'fc4' }, 'sigmoid'];
    const decoder = buildDecoder(layers, checkpointOf(mlp));
    expect(decoder).toMatchObject({ latent: 2, outputs: 6, outputShape: [6] });
    expect(decoder.layers.map(({ name }) => name)).toEqual(['linear fc3', 'relu', 'linear fc4', 'sigmoid']);
    const z = random(1).normals(6);
    const output = await decoded(decoder, z);
    const expected = [0, 2, 4].flatMap((at) => {
      const hidden = affine(mlp, 'fc3', z.slice(at, at + 2)).map((value) => Math.max(0, value));
      return affine(mlp, 'fc4', hidden).map((value) => 1 / (1 + Math.exp(-value)));
    });
    // Sums of five products in float32.
    expected.forEach((value, index) => expect(output[index]).toBeCloseTo(value, 6));
  });

  it('needs no bias', async () => {
    const decoder = buildDecoder(
      [{ linear: 'a' }],
      checkpointOf({ 'a.weight': { shape: [2, 2], data: [1, 2, 3, 4] } }),
    );
    expect(await decoded(decoder, [10, 1])).toEqual([12, 34]);
  });

  const formulas: Record<(typeof activations)[number], (x: number) => number> = {
    relu: (x) => Math.max(0, x),
    leakyRelu: (x) => (x < 0 ? 0.01 * x : x),
    elu: (x) => (x < 0 ? Math.expm1(x) : x),
    selu: (x) => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x),
    gelu: (x) => x * normalCdf(x),
    silu: (x) => x / (1 + Math.exp(-x)),
    tanh: Math.tanh,
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
    softplus: (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
    identity: (x) => x,
  };

  it.each(activations)('%s is what PyTorch means by it', async (name) => {
    const one = checkpointOf({ 'a.weight': { shape: [1, 1], data: [1] } });
    const xs = [-30, -4, -1.5, -0.3, -1e-3, 0, 1e-3, 0.3, 1.5, 4, 30];
    const output = await decoded(buildDecoder([{ linear: 'a' }, name], one), xs);
    xs.forEach((x, index) => {
      const expected = formulas[name](x);
      // Relative float32; erf of the runtime is good to 1e-7 absolute, which for x = −4 is all there is of gelu.
      expect(Math.abs((output[index] ?? NaN) - expected), `${name}(${x})`).toBeLessThan(
        1e-6 * Math.max(0.5, Math.abs(expected)),
      );
    });
  });

  it('takes the slope of a leaky relu', async () => {
    const one = checkpointOf({ 'a.weight': { shape: [1, 1], data: [1] } });
    const output = await decoded(buildDecoder([{ linear: 'a' }, { leakyRelu: 0.2 }], one), [-5, 5]);
    expect(output).toEqual([-1, 5]);
  });

  /** Φ by a series, for |x| ≤ 6, else its limit. */
  function normalCdf(x: number): number {
    if (Math.abs(x) > 6) return x < 0 ? 0 : 1;
    let [term, sum] = [x, x];
    for (let n = 1; n < 200; n += 1) sum += term *= (x * x) / (2 * n + 1);
    return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
  }
});

describe('a decoder that does not fit its checkpoint', () => {
  const build = (layers: Layer[], tensors: Tensors): (() => unknown) => {
    return () => buildDecoder(layers, checkpointOf(tensors));
  };

  it('names both layers and both shapes where they do not chain', () => {
    const layers: Layer[] = [{ linear: 'fc3' }, 'relu', { linear: 'fc3' }];
    expect(build(layers, mlp)).toThrow(
      /model\.decoder\[2\]: "fc3" takes 2 numbers \(\[5, 2\]\), but "relu" before it gives 5 \(\[5\]\)/,
    );
    expect(build([{ linear: 'fc4' }, { linear: 'fc3' }], mlp)).toThrow(
      /"fc3" takes 2 .*\[5, 2\].*"linear fc4" before it gives 6 \(\[6\]\)/,
    );
  });

  it('names a missing key and those that are there', () => {
    expect(build([{ linear: 'fc9' }], mlp)).toThrow(
      /model\.decoder\[0\]: "fc9\.weight" is not in model\.pth\. Its layers are "fc3", "fc4"\./,
    );
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`l${i}.weight`, { shape: [1, 1] }]));
    expect(build([{ linear: 'fc9' }], many)).toThrow(/"l11", and 28 more/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('names a weight of %s and its place', (bad) => {
    const spoiled = { ...mlp, 'fc4.bias': { shape: [6], data: [0, 0, 0, bad, 0, 0] } };
    expect(build([{ linear: 'fc3' }, { linear: 'fc4' }], spoiled)).toThrow(
      new RegExp(`model\\.pth: "fc4\\.bias" holds ${bad} at position 3`),
    );
    // What is not used may be anything.
    expect(build([{ linear: 'fc3' }], spoiled)).not.toThrow();
  });

  it.each<[string, z.input<typeof layerSchema>[], Tensors, RegExp]>([
    [
      'a bias of another length',
      [{ linear: 'a' }],
      { 'a.weight': { shape: [3, 2] }, 'a.bias': { shape: [2] } },
      /"a\.bias" has 2 numbers/,
    ],
    ['a kernel as a matrix', [{ linear: 'a' }], { 'a.weight': { shape: [3, 2, 1, 1] } }, /no matrix/],
    ['a matrix as a kernel', [{ conv: 'a' }], { 'a.weight': { shape: [3, 2] } }, /no 4-D kernel/],
    [
      'a reshape that does not fit',
      [{ linear: 'fc3' }, { reshape: [2, 2, 2] }],
      mlp,
      /\[2, 2, 2\] holds 8 numbers, but "linear fc3" before it gives 5/,
    ],
    ['no layer with weights', ['relu'], mlp, /no layer with weights/],
    [
      'channels that do not chain',
      [{ linear: 'fc4' }, { reshape: [6, 1, 1] }, { convTranspose: 'a' }],
      { ...mlp, 'a.weight': { shape: [4, 2, 3, 3] } },
      /"a" takes 4 channels \(\[4, 2, 3, 3\]\), but "reshape 6×1×1" before it gives 6 \(\[6, 1, 1\]\)/,
    ],
    [
      'a convolution of no image',
      [{ linear: 'fc4' }, { reshape: [2, 3] }, { conv: 'a' }],
      { ...mlp, 'a.weight': { shape: [4, 2, 3, 3] } },
      /needs an image/,
    ],
    [
      'a kernel larger than the image',
      [{ linear: 'fc4' }, { reshape: [6, 1, 1] }, { conv: 'a', stride: 1, padding: 0 }],
      { ...mlp, 'a.weight': { shape: [4, 6, 3, 3] } },
      /leaves no pixel/,
    ],
    [
      'a convolution bias of another length',
      [{ linear: 'fc4' }, { reshape: [6, 1, 1] }, { convTranspose: 'a', stride: 1, padding: 0, outputPadding: 0 }],
      { ...mlp, 'a.weight': { shape: [6, 2, 3, 3] }, 'a.bias': { shape: [3] } },
      /"a\.bias" has 3 numbers/,
    ],
    [
      'batch normalisation of another width',
      [{ linear: 'fc4' }, { batchNorm: 'n', epsilon: 1e-5 }],
      { ...mlp, 'n.running_mean': { shape: [5] }, 'n.running_var': { shape: [5] } },
      /"n\.running_mean" has 5 numbers, but "linear fc4" before it gives 6 channels/,
    ],
    [
      'batch normalisation of something else',
      [{ linear: 'fc4' }, { reshape: [2, 3] }, { batchNorm: 'n', epsilon: 1e-5 }],
      { ...mlp, 'n.running_mean': { shape: [2] }, 'n.running_var': { shape: [2] } },
      /features or an image/,
    ],
    [
      'a negative variance',
      [{ linear: 'fc4' }, { batchNorm: 'n', epsilon: 1e-5 }],
      { ...mlp, 'n.running_mean': { shape: [6] }, 'n.running_var': { shape: [6], data: [1, 1, -1, 1, 1, 1] } },
      /model\.decoder\[1\]: "n\.running_var" holds -1 at position 2/,
    ],
    [
      'batch normalisation without its bias',
      [{ linear: 'fc4' }, { batchNorm: 'n', epsilon: 1e-5 }],
      {
        ...mlp,
        'n.weight': { shape: [6] },
        'n.running_mean': { shape: [6] },
        'n.running_var': { shape: [6], data: [1, 1, 1, 1, 1, 1] },
      },
      /"n\.bias" is not in/,
    ],
  ])('refuses %s in one line', (_, layers, tensors, message) => {
    const build = (): unknown =>
      buildDecoder(
        layers.map((layer) => layerSchema.parse(layer)),
        checkpointOf(tensors),
      );
    expect(build).toThrow(message);
    expect(build).toThrow(expect.objectContaining({ name: 'InputError' }) as Error);
    expect(build).not.toThrow(/\n/);
  });
});

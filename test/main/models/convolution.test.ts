import { describe, expect, it } from 'vitest';
import { buildDecoder } from '../../../src/main/models';
import type { Layer } from '../../../src/shared/runFile';
import { decoded } from '../../support/decoded';
import { conv2d, convTranspose2d, imageOf, mapPixels, type Image } from '../../support/images';
import { checkpointOf, namedTensors, type Tensors } from '../../support/models';
import { random } from '../../support/random';

function valuesOf(tensors: Tensors, name: string): number[] {
  return [...(namedTensors(tensors).find((tensor) => tensor.name === name)?.data ?? [])].map(Number);
}

/** Sums of up to a few hundred products of size 1 in float32. */
function expectClose(actual: readonly number[], expected: Image): void {
  const flat = expected.flat(2);
  expect(actual).toHaveLength(flat.length);
  flat.forEach((value, index) => expect(Math.abs((actual[index] ?? NaN) - value)).toBeLessThan(1e-5));
}

describe('convolutions against loops in doubles', () => {
  it.each<
    [
      string,
      [number, number, number],
      [number, number, number, number],
      Partial<Record<'stride' | 'padding', number | [number, number]>>,
    ]
  >([
    ['plain', [2, 5, 4], [3, 2, 3, 3], {}],
    ['stride 2, padding 1', [2, 5, 4], [3, 2, 4, 4], { stride: 2, padding: 1 }],
    ['one of each a side', [1, 6, 7], [2, 1, 2, 3], { stride: [1, 3], padding: [0, 2] }],
    ['a stride that leaves a rest', [2, 6, 6], [1, 2, 3, 3], { stride: 2 }],
  ])('conv: %s', async (_, shape, kernel, { stride = 1, padding = 0 }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const tensors: Tensors = { 'c.weight': { shape: kernel }, 'c.bias': { shape: [kernel[0]] } };
    const decoder = buildDecoder([{ reshape: shape }, { conv: 'c', stride, padding }], checkpointOf(tensors));
    const z = random(7).normals(size);
    const expected = conv2d(imageOf(z, shape), {
      weight: valuesOf(tensors, 'c.weight'),
      bias: valuesOf(tensors, 'c.bias'),
      shape: kernel,
      stride: pair(stride),
      padding: pair(padding),
    });
    expect(decoder.outputShape).toEqual([expected.length, expected[0]?.length, expected[0]?.[0]?.length]);
    expectClose(await decoded(decoder, z), expected);
  });

  it.each<
    [
      string,
      [number, number, number],
      [number, number, number, number],
      Partial<Record<'stride' | 'padding' | 'outputPadding', number | [number, number]>>,
    ]
  >([
    ['plain', [2, 3, 2], [2, 3, 3, 3], {}],
    ['kernel 4, stride 2, padding 1', [3, 4, 4], [3, 2, 4, 4], { stride: 2, padding: 1 }],
    ['with output padding', [2, 3, 4], [2, 2, 3, 3], { stride: 2, padding: 1, outputPadding: 1 }],
    ['one of each a side', [1, 3, 2], [1, 2, 2, 5], { stride: [3, 2], padding: [0, 1], outputPadding: [2, 0] }],
    ['a kernel smaller than the stride', [2, 2, 2], [2, 1, 2, 2], { stride: 3 }],
  ])('convTranspose: %s', async (_, shape, kernel, { stride = 1, padding = 0, outputPadding = 0 }) => {
    const tensors: Tensors = { 'c.weight': { shape: kernel }, 'c.bias': { shape: [kernel[1]] } };
    const layers: Layer[] = [{ reshape: shape }, { convTranspose: 'c', stride, padding, outputPadding }];
    const decoder = buildDecoder(layers, checkpointOf(tensors));
    const z = random(8).normals(shape.reduce((a, b) => a * b, 1));
    const expected = convTranspose2d(imageOf(z, shape), {
      weight: valuesOf(tensors, 'c.weight'),
      bias: valuesOf(tensors, 'c.bias'),
      shape: kernel,
      stride: pair(stride),
      padding: pair(padding),
      outputPadding: pair(outputPadding),
    });
    expect(decoder.outputShape).toEqual([expected.length, expected[0]?.length, expected[0]?.[0]?.length]);
    expectClose(await decoded(decoder, z), expected);
  });

  it('refuses output padding as large as the stride', () => {
    const layers: Layer[] = [{ convTranspose: 'c', stride: 2, padding: 0, outputPadding: 2 }];
    expect(() => buildDecoder(layers, checkpointOf({ 'c.weight': { shape: [2, 2, 3, 3] } }))).toThrow(/outputPadding/);
  });
});

describe('a generator like DCGAN', () => {
  const norm = (key: string, channels: number): Tensors => ({
    [`${key}.weight`]: { shape: [channels] },
    [`${key}.bias`]: { shape: [channels] },
    [`${key}.running_mean`]: { shape: [channels] },
    [`${key}.running_var`]: { shape: [channels], data: Array.from({ length: channels }, (_, c) => 0.5 + c) },
  });
  const tensors: Tensors = {
    'main.0.weight': { shape: [5, 4, 4, 4] },
    ...norm('main.1', 4),
    'main.3.weight': { shape: [4, 3, 4, 4] },
    ...norm('main.4', 3),
    'main.6.weight': { shape: [3, 2, 4, 4] },
  };
  const up = (key: string): Layer => ({ convTranspose: key, stride: 2, padding: 1, outputPadding: 0 });
  const layers: Layer[] = [
    { convTranspose: 'main.0', stride: 1, padding: 0, outputPadding: 0 },
    { batchNorm: 'main.1', epsilon: 1e-5 },
    'relu',
    up('main.3'),
    { batchNorm: 'main.4', epsilon: 1e-5 },
    'relu',
    up('main.6'),
    'tanh',
  ];

  it('gives what the loops give, row by row, channels first', async () => {
    const decoder = buildDecoder(layers, checkpointOf(tensors));
    expect(decoder).toMatchObject({ latent: 5, outputShape: [2, 16, 16], outputs: 512 });
    const z = random(9).normals(10);
    const both = await decoded(decoder, z);
    for (const row of [0, 1]) {
      let image = imageOf(z.slice(5 * row, 5 * row + 5), [5, 1, 1]);
      const upward = (key: string, shape: [number, number, number, number], start: boolean): void => {
        const [stride, padding] = start ? [1, 0] : [2, 1];
        const at = { stride: pair(stride ?? 1), padding: pair(padding ?? 0), outputPadding: pair(0) };
        image = convTranspose2d(image, { weight: valuesOf(tensors, `${key}.weight`), shape, ...at });
      };
      const normalise = (key: string): void => {
        const of = (name: string): number[] => valuesOf(tensors, `${key}.${name}`);
        const [gamma, beta, mean, variance] = [of('weight'), of('bias'), of('running_mean'), of('running_var')];
        image = mapPixels(image, (value, c) => {
          const standard = (value - (mean[c] ?? NaN)) / Math.sqrt((variance[c] ?? NaN) + 1e-5);
          return Math.max(0, (gamma[c] ?? NaN) * standard + (beta[c] ?? NaN));
        });
      };
      upward('main.0', [5, 4, 4, 4], true);
      normalise('main.1');
      upward('main.3', [4, 3, 4, 4], false);
      normalise('main.4');
      upward('main.6', [3, 2, 4, 4], false);
      expectClose(both.slice(512 * row, 512 * row + 512), mapPixels(image, Math.tanh));
    }
  });

  it('does not look at the other rows: batch normalisation is at evaluation', async () => {
    const decoder = buildDecoder(layers, checkpointOf(tensors));
    const [a, b] = [
      random(1).normals(5),
      random(2)
        .normals(5)
        .map((value) => 100 * value),
    ];
    expect((await decoded(decoder, [...a, ...b])).slice(0, 512)).toEqual(
      (await decoded(decoder, [...a, ...a])).slice(0, 512),
    );
  });
});

describe('between images and rows', () => {
  const image: [number, number, number] = [2, 2, 3];
  // A 1×1 kernel that swaps the two channels, and matrices that change nothing.
  const tensors: Tensors = {
    'swap.weight': { shape: [2, 2, 1, 1], data: [0, 1, 1, 0] },
    'one.weight': { shape: [12, 12], data: Array.from({ length: 144 }, (_, i) => Number(i % 13 === 0)) },
  };
  const z = Array.from({ length: 24 }, (_, i) => i);
  const swapped = [...z.slice(6, 12), ...z.slice(0, 6), ...z.slice(18, 24), ...z.slice(12, 18)];

  it.each<[string, Layer[]]>([
    ['output of an image', [{ reshape: image }, { conv: 'swap', stride: 1, padding: 0 }]],
    ['image to linear', [{ reshape: image }, { conv: 'swap', stride: 1, padding: 0 }, { linear: 'one' }]],
    ['linear to image', [{ linear: 'one' }, { reshape: image }, { conv: 'swap', stride: 1, padding: 0 }]],
    [
      'image to rows to image',
      [{ reshape: image }, { conv: 'swap', stride: 1, padding: 0 }, { reshape: [12] }, 'identity', { reshape: image }],
    ],
    [
      'by way of another shape',
      [{ reshape: image }, { conv: 'swap', stride: 1, padding: 0 }, { reshape: [3, 4] }, { reshape: [4, 1, 3] }],
    ],
  ])('%s keeps pixels channels first', async (_, layers) => {
    expect(await decoded(buildDecoder(layers, checkpointOf(tensors)), z)).toEqual(swapped);
  });

  it('batch normalisation takes features too, with and without scale and shift', async () => {
    const statistics: Tensors = {
      'n.running_mean': { shape: [3], data: [1, 2, 3] },
      'n.running_var': { shape: [3], data: [4, 9, 16] },
    };
    const layers: Layer[] = [{ batchNorm: 'n', epsilon: 1e-5 }];
    const plain = await decoded(buildDecoder(layers, checkpointOf(statistics)), [3, 5, 7]);
    [1, 1, 1].forEach((value, c) => expect(plain[c]).toBeCloseTo(value, 5));
    const affine: Tensors = {
      ...statistics,
      'n.weight': { shape: [3], data: [2, 2, 2] },
      'n.bias': { shape: [3], data: [0, 1, 2] },
    };
    const moved = await decoded(buildDecoder(layers, checkpointOf(affine)), [3, 5, 7]);
    [2, 3, 4].forEach((value, c) => expect(moved[c]).toBeCloseTo(value, 5));
  });
});

function pair(value: number | [number, number]): [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

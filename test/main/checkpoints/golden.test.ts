import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asFloat32, readContent } from '../../../src/main/checkpoints';

// Written by PyTorch 1.7.1: golden/make.py.
function golden(file: string) {
  const url = new URL(`golden/${file}`, import.meta.url);
  return readContent(new Uint8Array(readFileSync(url)), file);
}

describe.each(['types-zip.pth', 'types-stream.pth', 'types-protocol4.pth'])('%s of PyTorch', (file) => {
  const { tensors } = golden(file);

  it.each([
    ['scalar', 'float32', [], [2.5]],
    ['empty', 'float32', [0, 3], []],
    ['parameter', 'float32', [2], [1, 1]],
    ['strided', 'float32', [2, 2], [16, 18, 20, 22]],
    ['expanded', 'float32', [3, 2], [1, 1, 1, 1, 1, 1]],
    ['half', 'float16', [4], [1.5, -2, 2 ** -24, 65504]],
    ['bfloat', 'bfloat16', [2], [1.5, Math.fround(-3.00405527047391e38)]],
    ['double', 'float64', [1], [1 / 3]],
    ['int64', 'int64', [2], [-1n, 2n ** 62n]],
    ['int32', 'int32', [1], [-5]],
    ['int16', 'int16', [1], [-5]],
    ['int8', 'int8', [1], [-5]],
    ['uint8', 'uint8', [1], [255]],
    ['bool', 'bool', [2], [1, 0]],
  ])('%s: %s %j', (name, dtype, shape, values) => {
    expect(tensors.get(name)).toMatchObject({ name, dtype, shape });
    expect([...(tensors.get(name)?.data ?? [])]).toEqual(values);
  });

  it('puts a transposed tensor into row-major order', () => {
    const transposed = tensors.get('transposed');
    expect(transposed?.shape).toEqual([4, 2, 3]);
    expect([...(transposed?.data.slice(0, 7) ?? [])]).toEqual([0, 4, 8, 12, 16, 20, 1]);
  });

  it('shares the storage of a tensor and its views', () => {
    const base = tensors.get('base');
    expect(base && asFloat32(base)).toBe(base?.data);
    expect(tensors.size).toBe(16);
  });
});

describe.each(['training-zip.pth', 'training-stream.pth'])('%s of PyTorch', (file) => {
  it('finds the state dict among the rest of the training run', () => {
    const content = golden(file);
    expect([...content.tensors.keys()]).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '1.num_batches_tracked',
    ]);
    expect([...(content.tensors.get('0.weight')?.data ?? [])]).toEqual(
      [
        -0.004322517663240433, 0.3097158372402191, -0.4751853346824646, -0.42392006516456604, -0.2214532494544983,
        0.15390099585056305,
      ].map(Math.fround),
    );
    expect(content.tensors.get('1.num_batches_tracked')).toMatchObject({ shape: [], dtype: 'int64' });
    expect(content.source).toBe("the dictionary under 'state_dict', without 'module.' before the keys");
    expect(content.ignored).toEqual([
      'optimizer (dictionary)',
      'validation_loss_list (list)',
      'rng (tensor)',
      'shape (list)',
    ]);
    expect([...content.metadata]).toEqual([
      ['global_epoch', 7],
      ['device', 'cuda:0'],
      ['dtype', 'torch.float32'],
    ]);
  });
});

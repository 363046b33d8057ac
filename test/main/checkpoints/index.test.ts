import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readCheckpoint, writeSafetensors } from '../../../src/main/checkpoints';
import { buildNpy, npyHeader } from '../files/buildNpy';
import { buildZip } from '../files/buildZip';
import { ascii } from './buildPickle';

const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array | string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const weight = { name: 'w', shape: [1], dtype: 'float32', data: Float32Array.of(1) } as const;
const npy = buildNpy(npyHeader('<f4', '(2, 1)'), new Uint8Array(Float32Array.of(1, 2).buffer));

describe('readCheckpoint', () => {
  it('goes by the content, not by the name', async () => {
    const path = file('a.pth', writeSafetensors([weight]));
    const checkpoint = await readCheckpoint(path);
    expect(checkpoint).toMatchObject({ path, format: 'safetensors', bytes: 68 });
    expect(checkpoint.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect([...checkpoint.tensors.values()]).toEqual([weight]);
  });

  it('reads npz', async () => {
    const path = file('a.npz', buildZip([{ name: 'fc.weight.npy', data: npy, method: 'deflated' }]));
    const { format, tensors } = await readCheckpoint(path);
    expect(format).toBe('npz');
    expect([...tensors.values()]).toEqual([
      { name: 'fc.weight', shape: [2, 1], dtype: 'float32', data: Float32Array.of(1, 2) },
    ]);
  });

  it.each([
    ['an archive of something else', buildZip([{ name: 'a.txt', data: npy }]), /neither of torch\.save/],
    ['an empty archive', buildZip([]), /neither of torch\.save/],
    ['an archive cut off', buildZip([{ name: 'a.npy', data: npy }]).subarray(0, 80), /damaged/],
    ['a damaged array', buildZip([{ name: 'a.npy', data: npy.subarray(0, 100) }]), /, array a: /],
    [
      'a deflate bomb',
      buildZip([{ name: 'a.npy', data: new Uint8Array(2 ** 27), method: 'deflated' }]),
      /inflate to more/,
    ],
    ['an ONNX model', Uint8Array.of(8, 8, 0x12, 7), /ONNX model, which cannot be read as a checkpoint yet/],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\n', /git lfs pull/],
    ['a web page', '\n<!DOCTYPE html>', /web page/],
    ['HDF5', ascii('\x89HDF\r\n'), /HDF5/],
    ['one array', npy, /without a name/],
    ['gzip', gzipSync('a'), /gunzip/],
    ['text', 'hello', /no checkpoint that can be read/],
    ['one byte', 'P', /no checkpoint that can be read/],
    ['an empty file', '', /the file is empty/],
  ])('refuses %s in one line', async (name, content, message) => {
    const path = file('damaged', content);
    await expect(readCheckpoint(path), name).rejects.toThrow(message);
    await expect(readCheckpoint(path)).rejects.toMatchObject({ name: 'InputError' });
  });

  it('refuses what is missing, a folder, or too large', async () => {
    await expect(readCheckpoint(join(folder, 'nothing'))).rejects.toThrow(/no such file/);
    await expect(readCheckpoint(folder)).rejects.toThrow(/folder/);
    truncateSync(file('large', ' '), 2 ** 32 + 1);
    await expect(readCheckpoint(join(folder, 'large'))).rejects.toThrow(/more than the 4294967296 allowed/);
  });
});

// Published checkpoints that lie beside the repository on some machines; too large to ship.
const published = fileURLToPath(new URL('../../../../shared/data/checkpoints/', import.meta.url));
describe.skipIf(!existsSync(published))(
  'published checkpoints (skipped unless ../shared/data/checkpoints is there)',
  () => {
    it('reads a VAE of MNIST', async () => {
      const { format, tensors, source } = await readCheckpoint(`${published}mnist-vae-20.pth`);
      expect([format, source]).toEqual(['torch-stream', 'the whole file']);
      expect([...tensors.values()].map(({ name, shape }) => [name, shape])).toEqual([
        ['fc1.weight', [400, 784]],
        ['fc1.bias', [400]],
        ['fc21.weight', [20, 400]],
        ['fc21.bias', [20]],
        ['fc22.weight', [20, 400]],
        ['fc22.bias', [20]],
        ['fc3.weight', [400, 20]],
        ['fc3.bias', [400]],
        ['fc4.weight', [784, 400]],
        ['fc4.bias', [784]],
      ]);
      // torch.load(path)['fc3.weight'][0, :2], PyTorch 1.7.1
      expect([...(tensors.get('fc3.weight')?.data.slice(0, 2) ?? [])]).toEqual([
        Math.fround(0.8904955387115479),
        Math.fround(0.057401493191719055),
      ]);
    });

    it('reads a LeNet', async () => {
      const { tensors } = await readCheckpoint(`${published}mnist-lenet.pth`);
      expect(tensors.get('convnet.c5.weight')?.shape).toEqual([120, 16, 5, 5]);
      expect(tensors.size).toBe(10);
    });
  },
);

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readContent, writeSafetensors } from '../../../src/main/checkpoints';
import { buildNpy, npyHeader } from '../files/buildNpy';
import { buildZip } from '../files/buildZip';
import { fuzz, seeded } from '../files/fuzz';
import { buildPickle, dictionary } from './buildPickle';
import { buildTorchStream, buildTorchZip, tensor } from './buildTorch';
import { processorTime } from '../../support/processorTime';

const storages = { '0': Float32Array.of(0, 1, 2, 3, 4, 5), '1': Uint16Array.of(1, 2) };
const object = dictionary({
  state_dict: dictionary({
    'fc.weight': tensor({ elements: 6, shape: [3, 2], strides: [1, 3] }),
    'fc.bias': tensor({ elements: 6, offset: 4, shape: [2] }),
    half: tensor({ key: '1', type: 'HalfStorage', elements: 2, shape: [2] }),
  }),
  epoch: 12,
  losses: [0.5, 2 ** 40],
});
const golden = (file: string) => new Uint8Array(readFileSync(new URL(`golden/${file}`, import.meta.url)));
const npy = buildNpy(npyHeader('<f4', '(2, 1)'), new Uint8Array(8));
const identity = (damaged: Uint8Array) => damaged;

/** What is damaged, and what is made of it before it is read; a zip's checksums would hide damage within. */
const files: [string, Uint8Array, (damaged: Uint8Array) => Uint8Array][] = [
  ['torch zip', golden('training-zip.pth'), identity],
  ['the pickle of a torch zip', buildPickle(object), (damaged) => buildTorchZip(damaged, storages)],
  ['torch stream', buildTorchStream(object, storages), identity],
  ['torch stream of PyTorch', golden('types-stream.pth'), identity],
  ['safetensors', writeSafetensors(readContent(golden('types-zip.pth'), 'f').tensors.values(), { a: 'b' }), identity],
  ['npz', buildZip([{ name: 'a.npy', data: npy, method: 'deflated' }]), identity],
  ['an array of an npz', npy, (damaged) => buildZip([{ name: 'a.npy', data: damaged }])],
];

/** Four or eight bytes that a reader may take for a length. */
const lengths = [0n, 1n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
function overwriteLength(bytes: Uint8Array, seed: number): Uint8Array {
  const random = seeded(seed);
  const copy = bytes.slice();
  const length = new Uint8Array(BigUint64Array.of(lengths[random(lengths.length)] ?? 0n).buffer, 0, 4 + 4 * random(2));
  copy.set(length, random(copy.length - 8));
  return copy;
}

describe.each(files)('%s, damaged', (name, valid, wrap) => {
  let slowest = 0;
  function time(bytes: Uint8Array): { took: number; error?: Error } {
    const start = processorTime();
    try {
      readContent(bytes, name);
      return { took: processorTime() - start };
    } catch (error) {
      return { took: processorTime() - start, error: error as Error };
    }
  }
  function read(damaged: Uint8Array): void {
    const bytes = wrap(damaged);
    const { took, error } = time(bytes);
    // A busy machine may stall once; what is slow by itself is slow twice.
    if (took > slowest) slowest = Math.max(slowest, Math.min(took, time(bytes).took));
    if (error !== undefined) throw error;
  }

  it('is read or refused in one line, soon', () => {
    read(valid);
    fuzz(valid, read, 2000);
    for (let seed = 0; seed < 500; seed++) fuzz(overwriteLength(valid, seed), read, 1);
    expect(slowest).toBeLessThan(200);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['state_dict']).toBeUndefined();
  });
});

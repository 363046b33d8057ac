import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readZip } from '../../../src/main/files/zip';
import { InputError } from '../../../src/shared/errors';
import { buildZip, type Part } from './buildZip';
import { concat, fuzz } from './fuzz';

const text = (words: string) => new TextEncoder().encode(words);
const zeros = new Uint8Array(10_000);
const parts: Part[] = [
  { name: 'a.txt', data: text('hello') },
  { name: 'dir/b', data: zeros, method: 'deflated' },
  { name: 'empty', data: new Uint8Array(), method: 'deflated' },
];

function readAll(bytes: Uint8Array): Map<string, Uint8Array> {
  return new Map([...readZip(bytes, 'f.zip')].map(([name, entry]) => [name, entry.read()]));
}

describe('readZip', () => {
  it.each([
    ['written by hand', buildZip(parts)],
    ['zip64', buildZip(parts, { zip64: true })],
    ['with a comment', buildZip(parts, { comment: 'PK five six' })],
    ['written by fflate', zipSync(Object.fromEntries(parts.map(({ name, data }) => [name, data])))],
    ['in a Buffer', Buffer.from(buildZip(parts))],
    ['in the middle of a buffer', concat(text('abc'), buildZip(parts)).subarray(3)],
  ])('reads an archive %s', (_, bytes) => {
    const files = readAll(bytes);
    expect([...files.keys()]).toEqual(['a.txt', 'dir/b', 'empty']);
    expect(files.get('a.txt')).toEqual(text('hello'));
    expect(files.get('dir/b')).toEqual(zeros);
    expect(files.get('empty')).toEqual(new Uint8Array());
  });

  it('leaves folders out and reads an archive without files', () => {
    expect(readAll(buildZip([{ name: 'dir/', data: new Uint8Array() }])).size).toBe(0);
    expect(readAll(buildZip([])).size).toBe(0);
  });

  it('gives stored entries as views', () => {
    const bytes = buildZip(parts);
    expect(readZip(bytes, 'f.zip').get('a.txt')?.read().buffer).toBe(bytes.buffer);
  });

  it('takes a checksum of 0 for one that was left out', () => {
    const bytes = buildZip([{ name: 'a', data: text('hello'), claim: { crc: 0 } }]);
    expect(readAll(bytes).get('a')).toEqual(text('hello'));
  });

  const whole = buildZip(parts);
  const a = { name: 'a', data: text('hello') };
  const deflated: Part = { name: 'a', data: zeros, method: 'deflated' };
  it.each<[string, Uint8Array, RegExp]>([
    ['no archive', text('this is a text, and no archive at all'), /^f\.zip: this is not a zip archive\. Choose/],
    ['nothing', new Uint8Array(), /not a zip archive/],
    ['a cut end', whole.subarray(0, -9), /the end of the zip archive is missing/],
    ['a missing start', whole.subarray(40), /its directory reaches past|directory is damaged|not where/],
    ['more entries than fit', buildZip([a], { count: 9 }), /too small for the 9 entries/],
    ['fewer entries than there are', buildZip([a, { ...a, name: 'b' }], { count: 1 }), /more in it than it declares/],
    ['an absurd count', buildZip([a], { zip64: true, count: 2 ** 40 }), /declares 1099511627776 entries/],
    ['a name twice', buildZip([a, a]), /^f\.zip#a: the archive has two entries of this name/],
    ['another size', buildZip([{ ...a, claim: { size: 6 } }]), /5 packed bytes cannot give the 6 bytes declared/],
    ['an entry outside', buildZip([{ ...a, claim: { packed: 999, size: 999 } }]), /reaches past the end/],
    ['an offset outside', buildZip([{ ...a, claim: { offset: 2 ** 31 } }]), /reaches past the end/],
    ['an offset elsewhere', buildZip([a, { ...a, name: 'b', claim: { offset: 3 } }]), /not where the directory says/],
    ['the offset of another', buildZip([a, { ...a, name: 'b', claim: { offset: 0 } }]), /has another name/],
    ['an absurd zip64 size', buildZip([{ ...a, claim: { size: 2 ** 60 } }], { zip64: true }), /size in the archive is/],
    ['a wrong checksum', buildZip([{ ...a, claim: { crc: 77 } }]), /checksum of the entry does not match/],
    ['encryption', buildZip([{ ...a, claim: { flags: 1 } }]), /f\.zip#a: the entry is encrypted/],
    ['LZMA', buildZip([{ ...a, method: 'deflated', claim: { method: 14 } }]), /compression method 14/],
    ['no deflate stream', buildZip([{ ...a, claim: { method: 8 } }]), /does not inflate/],
    ['a size that deflate cannot reach', buildZip([{ ...deflated, claim: { size: 2 ** 30 } }]), /cannot give/],
    ['a bomb that says it is small', buildZip([{ ...deflated, claim: { size: 99 } }]), /inflates to more than its 99/],
    ['a size too large', buildZip([{ ...deflated, claim: { size: 10_001 } }]), /to 10000 bytes, not 10001/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readAll(bytes)).toThrow(InputError);
    expect(() => readAll(bytes)).toThrow(message);
  });

  it('holds the limits before anything is inflated', () => {
    expect(() => readZip(whole, 'f.zip', { entries: 2 })).toThrow(/3 entries, more than the 2 allowed/);
    expect(() => readZip(whole, 'f.zip', { bytes: 10_004 })).toThrow(/more than 10004 bytes/);
    expect(readZip(whole, 'f.zip', { bytes: 10_005 }).size).toBe(3);
  });

  it('keeps names from writing on the terminal', () => {
    const bytes = buildZip([{ ...a, name: '\u001b[2J\n', claim: { flags: 1 } }]);
    expect(() => readAll(bytes)).toThrow(/^f\.zip# \[2J : the entry is encrypted/);
  });

  it.each([
    ['zip', buildZip(parts)],
    ['zip64', buildZip(parts, { zip64: true })],
  ])('survives damage (%s)', (_, bytes) => {
    expect(fuzz(bytes, readAll)).toBeLessThan(1000);
  });
});

import { InputError } from '../../shared/errors';
import { layouts } from './dtypes';
import { cursorOn, type Cursor } from './pickleCursor';
import type { PickleValue, StorageRef } from './pickleValues';
import { torchNames } from './torchNames';
import { torchTensors } from './torchTensors';
import type { CheckpointContent } from './types';
import { unpickle } from './unpickle';

// torch.save before PyTorch 1.6, five pickles in a row: the magic number, the version 1001, facts about the machine, the
// object, the keys of its storages; then for each key the number of elements (int64) and the elements.

const magicNumber = 0x1950a86a20f9469cfc6cn;
const version = 1001;
/** The magic number as LONG1 pickles it, after the protocol and, from protocol 4 on, a frame. */
const magicBytes = Uint8Array.of(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19);

/** Whether the file begins as the old torch.save begins. */
export function isTorchStream(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x80) return false;
  return [2, 11].some((at) => magicBytes.every((byte, i) => bytes[at + i] === byte));
}

/**
 * @param bytes the whole file
 * @param where the file, for messages
 * @throws InputError for a damaged or cut-off file, or a pickle that holds more than tensors and plain values
 */
export function readTorchStream(bytes: Uint8Array, where: string): CheckpointContent {
  const cursor = cursorOn(bytes, where);
  const mentioned = new Map<string, StorageRef>();
  const plain = torchNames(where);
  if (unpickle(cursor, where, plain) !== magicNumber) cursor.fail('the magic number of torch.save is wrong');
  const found = unpickle(cursor, where, plain);
  if (found !== version) throw new InputError(where, 'its version of the old format is not known', 'Save it again.');
  refuseBigEndian(unpickle(cursor, where, plain), where);
  const root = unpickle(
    cursor,
    where,
    torchNames(where, (storage) => remember(storage, mentioned, cursor)),
  );
  const keys = unpickle(cursor, where, plain);
  const blocks = readBlocks(keys, mentioned, cursor);

  function load({ key }: StorageRef): Uint8Array {
    return blocks.get(key) ?? cursor.fail(`storage ${key} is missing`);
  }
  return torchTensors(root, where, load, bytes.length);
}

/** One storage must have one type and one length, or the elements after it could not be found. */
function remember(storage: StorageRef, mentioned: Map<string, StorageRef>, cursor: Cursor): void {
  const before = mentioned.get(storage.key);
  if (before && (before.dtype !== storage.dtype || before.elements !== storage.elements))
    cursor.fail(`storage ${storage.key} is described in two ways`);
  mentioned.set(storage.key, storage);
}

function readBlocks(
  keys: PickleValue,
  mentioned: ReadonlyMap<string, StorageRef>,
  cursor: Cursor,
): Map<string, Uint8Array> {
  if (!Array.isArray(keys)) cursor.fail('the list of its storages is damaged');
  const blocks = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' || typeof key === 'number' ? mentioned.get(String(key)) : undefined;
    if (!storage) cursor.fail('its list of storages names one that no tensor uses');
    const elements = cursor.uint64();
    if (elements !== storage.elements)
      cursor.fail(`storage ${storage.key} has ${elements} elements, ${storage.elements} were announced`);
    blocks.set(storage.key, cursor.take(elements * layouts[storage.dtype].bytes));
  }
  return blocks;
}

function refuseBigEndian(machine: PickleValue, where: string): void {
  if (machine instanceof Map && machine.get('little_endian') === false)
    throw new InputError(
      where,
      'it was written on a big-endian machine',
      'Load and save it again with PyTorch 2.1 or later.',
    );
}

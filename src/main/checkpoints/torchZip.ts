import { InputError } from '../../shared/errors';
import type { ZipEntry } from '../files/zip';
import { layouts } from './dtypes';
import { cursorOn } from './pickleCursor';
import type { StorageRef } from './pickleValues';
import { torchNames } from './torchNames';
import { torchTensors } from './torchTensors';
import type { CheckpointContent } from './types';
import { unpickle } from './unpickle';

// torch.save since PyTorch 1.6: a zip archive of `<name>/data.pkl`, `<name>/data/<key>` for each storage, `<name>/version` and,
// since 2.1, `<name>/byteorder`. `<name>` is whatever the file was called first.

const maximumPickleBytes = 2 ** 28;

/** The folder of the archive that holds the pickle, or undefined if torch.save did not write this archive. */
export function torchFolder(entries: ReadonlyMap<string, ZipEntry>): string | undefined {
  for (const name of entries.keys()) if (/^[^/]*\/?data\.pkl$/.test(name)) return name.slice(0, -'data.pkl'.length);
  return undefined;
}

/**
 * @param folder as `torchFolder` gives it
 * @param where the file, for messages
 * @param fileBytes the size of the file
 * @throws InputError for a damaged file, a TorchScript archive, or a pickle that holds more than tensors and plain values
 */
export function readTorchZip(
  entries: ReadonlyMap<string, ZipEntry>,
  folder: string,
  where: string,
  fileBytes: number,
): CheckpointContent {
  const pickle = entries.get(`${folder}data.pkl`);
  if (entries.has(`${folder}constants.pkl`))
    throw new InputError(
      where,
      'it is a TorchScript program, not a checkpoint',
      'Save its weights: torch.save(model.state_dict(), path).',
    );
  if (!pickle || pickle.size > maximumPickleBytes)
    throw new InputError(where, `its pickle of ${pickle?.size ?? 0} bytes is too large`, 'Save only the state dict.');
  const order = entries.get(`${folder}byteorder`);
  const swap = order !== undefined && order.size < 16 && new TextDecoder().decode(order.read()).trim() === 'big';
  const root = unpickle(cursorOn(pickle.read(), where), where, torchNames(where));

  function load(storage: StorageRef): Uint8Array {
    const entry = entries.get(`${folder}data/${storage.key}`);
    const { bytes } = layouts[storage.dtype];
    if (entry?.size !== storage.elements * bytes)
      throw new InputError(
        where,
        `storage ${storage.key} has ${entry?.size ?? 'no'} bytes, its ${storage.elements} elements need ${storage.elements * bytes}`,
        'The file is damaged: save it again.',
      );
    return swap ? swapped(entry.read(), bytes) : entry.read();
  }
  return torchTensors(root, where, load, fileBytes);
}

/** A copy with the bytes of each element in reverse, for files of big-endian machines. */
function swapped(raw: Uint8Array, bytes: number): Uint8Array {
  const result = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) result[i - (i % bytes) + (bytes - 1 - (i % bytes))] = raw[i] as number;
  return result;
}

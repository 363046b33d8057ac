import { createHash } from 'node:crypto';
import { readFileBounded } from '../files/read';
import { readContent } from './formats';
import type { Checkpoint } from './types';

export { asFloat32, asFloat64 } from './dtypes';
export { readContent, type ReadContent } from './formats';
export type { Checkpoint, CheckpointContent, CheckpointFormat, DType, NamedTensor, Scalar, TensorData } from './types';
export { writeSafetensors } from './writeSafetensors';

/** Above this a file is not even opened. */
const maximumFileBytes = 2 ** 32;

/**
 * Reads the tensors of a checkpoint: torch.save (zip, and the stream of before PyTorch 1.6), safetensors, npz. The format is told by
 * the content. Nothing in the file is ever executed.
 * @throws InputError, one line, if the file is missing, a folder, empty, over 4 GiB, of an unknown format, damaged, or
 *   asks for anything but tensors and plain values
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = readFileBounded(path, { maxBytes: maximumFileBytes });
  const content = readContent(bytes, path);
  return { path, bytes: bytes.length, sha256: sha256(bytes), ...content };
}

/** In pieces, because one update takes less than 2 GiB. */
function sha256(bytes: Uint8Array): string {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += 2 ** 28) hash.update(bytes.subarray(at, at + 2 ** 28));
  return hash.digest('hex');
}

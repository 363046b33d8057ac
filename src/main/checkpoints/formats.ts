import { InputError } from '../../shared/errors';
import { readZip } from '../files/zip';
import { isNpz, readNpz } from './npz';
import { isSafetensors, readSafetensors } from './safetensors';
import { isTorchStream, readTorchStream } from './torchStream';
import { readTorchZip, torchFolder } from './torchZip';
import type { CheckpointContent, CheckpointFormat } from './types';

export interface ReadContent extends CheckpointContent {
  readonly format: CheckpointFormat;
}

interface Format {
  /** By content: a file may be called anything. */
  matches(bytes: Uint8Array): boolean;
  read(bytes: Uint8Array, where: string): ReadContent;
}

/** The readers. A format is one file and one entry here. */
const formats: readonly Format[] = [
  { matches: (bytes) => startsWith(bytes, 'PK'), read: readArchive },
  {
    matches: isTorchStream,
    read: (bytes, where) => ({ format: 'torch-stream', ...readTorchStream(bytes, where) }),
  },
  {
    matches: isSafetensors,
    read: (bytes, where) => ({ format: 'safetensors', ...readSafetensors(bytes, where) }),
  },
];

/** Files that people choose by mistake: what they are and what to do, by how they begin. */
const strangers: readonly (readonly [(bytes: Uint8Array) => boolean, string, string])[] = [
  [
    // ir_version, then one of the other fields of a ModelProto
    (bytes) => bytes[0] === 0x08 && (bytes[1] ?? 99) < 32 && [0x12, 0x1a, 0x22, 0x32, 0x3a].includes(bytes[2] ?? 0),
    'it looks like an ONNX model, which cannot be read as a checkpoint yet',
    'Save the weights as .safetensors, .pth or .npz.',
  ],
  [
    (bytes) => startsWith(bytes, 'version https://git-lfs'),
    'it is a Git LFS pointer, not the file itself',
    'Fetch it with: git lfs pull.',
  ],
  [(bytes) => startsWith(bytes, '\x89HDF'), 'it is an HDF5 file', 'Save the weights as .safetensors or .npz.'],
  [
    (bytes) => startsWith(bytes, '\x93NUMPY'),
    'it is a single NumPy array without a name',
    'Save named arrays with numpy.savez.',
  ],
  [(bytes) => startsWith(bytes, '\x1f\x8b'), 'it is compressed with gzip', 'Unpack it first: gunzip FILE.'],
  [(bytes) => /^\s*</.test(head(bytes)), 'it is a web page or XML', 'Download the file itself.'],
  [
    (bytes) => bytes[0] === 0x80,
    'it is a pickle that torch.save did not write',
    'Save the weights with torch.save(model.state_dict(), path).',
  ],
];

/**
 * Reads a checkpoint by its content.
 * @param bytes the whole file; tensors may be views of it
 * @param where the file, for messages
 * @throws InputError if the format is not known, or the file is damaged, hostile or too large to hold
 */
export function readContent(bytes: Uint8Array, where: string): ReadContent {
  const format = formats.find((candidate) => candidate.matches(bytes));
  if (!format) throw unknownFormat(bytes, where);
  try {
    return format.read(bytes, where);
  } catch (error) {
    if (error instanceof RangeError && /allocation|array length|too large/i.test(error.message))
      throw new InputError(where, 'its tensors do not fit into memory', 'Use a machine with more memory.', {
        cause: error,
      });
    throw error;
  }
}

function readArchive(bytes: Uint8Array, where: string): ReadContent {
  // Weights hardly compress; an archive that grows a hundredfold is not made of weights.
  const entries = readZip(bytes, where, { bytes: Math.min(2 ** 32, 2 ** 26 + 100 * bytes.length) });
  const folder = torchFolder(entries);
  if (folder !== undefined) return { format: 'torch-zip', ...readTorchZip(entries, folder, where, bytes.length) };
  if (isNpz(entries)) return { format: 'npz', ...readNpz(entries, where) };
  throw new InputError(
    where,
    'it is a zip archive, but neither of torch.save (no data.pkl) nor of numpy.savez (not only .npy)',
    'If a checkpoint is inside, unpack it and choose that.',
  );
}

function unknownFormat(bytes: Uint8Array, where: string): InputError {
  const [, what, fix] = strangers.find(([matches]) => matches(bytes)) ?? [
    undefined,
    'it is no checkpoint that can be read (torch.save, safetensors, npz)',
    'Save the weights with torch.save(model.state_dict(), path), as .safetensors, or with numpy.savez.',
  ];
  return new InputError(where, what, fix);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return head(bytes).startsWith(text);
}

function head(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}

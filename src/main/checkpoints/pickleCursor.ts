import { InputError } from '../../shared/errors';

/** Reads forward through bytes and never past their end. */
export interface Cursor {
  /** Bytes read so far. */
  readonly position: number;
  /** @throws InputError unless `count` more bytes are there */
  readonly take: (count: number) => Uint8Array;
  readonly byte: () => number;
  readonly uint16: () => number;
  readonly int32: () => number;
  readonly uint32: () => number;
  /** @throws InputError above 2^53, which no file can hold */
  readonly uint64: () => number;
  /** Big-endian, as pickles hold it. */
  readonly float64: () => number;
  readonly text: (count: number) => string;
  /** Up to the next line feed, which is taken but not given. */
  readonly line: () => string;
  /** Ends the reading with one line that names the place. */
  readonly fail: (what: string) => never;
}

/** No name or line is longer; a length beyond it is damage. */
const maximumText = 2 ** 26;
const maximumLine = 4096;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * @param where the file, for messages
 * @param from where to start
 */
export function cursorOn(bytes: Uint8Array, where: string, from = 0): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = from;
  function fail(what: string): never {
    throw new InputError(where, `${what} (at byte ${at})`, 'The file is damaged or cut off: copy it again.');
  }
  /** Moves on by `count` and gives where it stood. */
  function skip(count: number): number {
    if (count > bytes.length - at) fail(`${count} more bytes are needed, ${bytes.length - at} are left`);
    at += count;
    return at - count;
  }
  function take(count: number): Uint8Array {
    const start = skip(count);
    return bytes.subarray(start, at);
  }
  return {
    get position() {
      return at;
    },
    take,
    byte: () => view.getUint8(skip(1)),
    uint16: () => view.getUint16(skip(2), true),
    int32: () => view.getInt32(skip(4), true),
    uint32: () => view.getUint32(skip(4), true),
    uint64() {
      const value = Number(view.getBigUint64(skip(8), true));
      return Number.isSafeInteger(value) ? value : fail(`a length of ${value} is absurd`);
    },
    float64: () => view.getFloat64(skip(8)),
    text: (count) => (count <= maximumText ? utf8.decode(take(count)) : fail(`a text of ${count} bytes is absurd`)),
    line() {
      const length = bytes.subarray(at, at + maximumLine).indexOf(10);
      if (length < 0) fail('a line does not end');
      return utf8.decode(take(length + 1).subarray(0, length));
    },
    fail,
  };
}

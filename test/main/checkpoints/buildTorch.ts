import { concat } from '../files/fuzz';
import { buildZip } from '../files/buildZip';
import { buildPickle, dictionary, type Item } from './buildPickle';

/** The storages of a file to build: raw little-endian bytes by key. */
export type Storages = Record<string, ArrayBufferView>;

/** What `_rebuild_tensor_v2` makes: a window on storage `key`. */
export interface Window {
  key?: string;
  /** "FloatStorage" and so on. */
  type?: string;
  /** Elements of the storage. */
  elements: number;
  offset?: number;
  shape: number[];
  strides?: number[];
  /** Stream format only: (start, length) of the part of the storage that is meant. */
  view?: [start: number, length: number];
}

export function tensor(window: Window): Item {
  const { key = '0', type = 'FloatStorage', elements, offset = 0, shape, strides = rowMajor(shape), view } = window;
  const id: Item[] = ['storage', { global: `torch ${type}` }, key, 'cuda:0', elements];
  if (view) id.push({ tuple: ['part', ...view] });
  return {
    call: 'torch._utils _rebuild_tensor_v2',
    args: [
      { persistent: { tuple: id } },
      offset,
      { tuple: shape },
      { tuple: strides },
      false,
      { call: 'collections OrderedDict', args: [] },
    ],
  };
}

function rowMajor(shape: number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}

/** The archive of PyTorch 1.6 and later. */
export function buildTorchZip(
  object: Item | Uint8Array,
  storages: Storages,
  more: Record<string, string> = {},
): Uint8Array {
  const pickle = object instanceof Uint8Array ? object : buildPickle(object);
  return buildZip([
    { name: 'archive/data.pkl', data: pickle },
    ...Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data: raw(data) })),
    ...Object.entries({ version: '3\n', ...more }).map(([name, text]) => ({
      name: `archive/${name}`,
      data: new TextEncoder().encode(text),
    })),
  ]);
}

/** The stream of PyTorch before 1.6. */
export function buildTorchStream(
  object: Item | Uint8Array,
  storages: Storages,
  { littleEndian = true, version = 1001 } = {},
): Uint8Array {
  const magic = Uint8Array.of(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19);
  const machine = dictionary({ protocol_version: 1001, little_endian: littleEndian });
  const blocks = Object.values(storages).flatMap((data) => {
    const elements = data.byteLength / (data as Float32Array).BYTES_PER_ELEMENT;
    return [new Uint8Array(BigInt64Array.of(BigInt(elements)).buffer), raw(data)];
  });
  return concat(
    buildPickle({ raw: magic }),
    buildPickle(version),
    buildPickle(machine),
    object instanceof Uint8Array ? object : buildPickle(object),
    buildPickle(Object.keys(storages)),
    ...blocks,
  );
}

function raw(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

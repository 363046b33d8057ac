import { concat } from '../files/fuzz';

/** A value to pickle: lists are arrays, dictionaries are Maps, all else is said by name. */
export type Item =
  | null
  | boolean
  | number
  | string
  | Item[]
  | Map<Item, Item>
  | { tuple: Item[] }
  | { global: string }
  | { call: string; args: Item[] }
  | { persistent: Item }
  | { build: Item; state: Item }
  | { raw: Uint8Array };

/** A pickle of protocol 2 as Python writes it, but for the memo. `global` is "module name". */
export function buildPickle(item: Item): Uint8Array {
  return concat(Uint8Array.of(0x80, 2), encode(item), ascii('.'));
}

export function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

export function dictionary(entries: Record<string, Item>): Map<Item, Item> {
  return new Map(Object.entries(entries));
}

function encode(item: Item): Uint8Array {
  if (item === null) return ascii('N');
  if (typeof item === 'boolean') return Uint8Array.of(item ? 0x88 : 0x89);
  if (typeof item === 'number') return encodeNumber(item);
  if (typeof item === 'string') {
    const text = new TextEncoder().encode(item);
    return concat(ascii('X'), uint32(text.length), text);
  }
  if (Array.isArray(item)) return concat(ascii(']('), ...item.map(encode), ascii('e'));
  if (item instanceof Map) return concat(ascii('}('), ...[...item].flat().map(encode), ascii('u'));
  if ('tuple' in item) return concat(ascii('('), ...item.tuple.map(encode), ascii('t'));
  if ('global' in item) return ascii(`c${item.global.replace(' ', '\n')}\n`);
  if ('call' in item) return concat(encode({ global: item.call }), encode({ tuple: item.args }), ascii('R'));
  if ('persistent' in item) return concat(encode(item.persistent), ascii('Q'));
  if ('build' in item) return concat(encode(item.build), encode(item.state), ascii('b'));
  return item.raw;
}

function encodeNumber(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
    view.setInt32(0, value, true);
    return concat(ascii('J'), new Uint8Array(view.buffer, 0, 4));
  }
  if (Number.isInteger(value)) {
    view.setBigInt64(0, BigInt(value), true);
    return concat(Uint8Array.of(0x8a, 8), new Uint8Array(view.buffer));
  }
  view.setFloat64(0, value);
  return concat(ascii('G'), new Uint8Array(view.buffer));
}

export function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

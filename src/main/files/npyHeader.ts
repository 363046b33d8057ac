import { InputError } from '../../shared/errors';
import { type Dtype, elementBytes, isDtype } from './elements';

/** The header of a .npy file (NEP 1), checked but for the length of the data. */
export interface NpyHeader {
  readonly dtype: Dtype;
  readonly littleEndian: boolean;
  /** Whether the first axis varies fastest in the file. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** How many elements: the product of the shape. */
  readonly count: number;
  /** Where the data starts, in bytes. */
  readonly dataStart: number;
  /** How long the whole file must be, in bytes. */
  readonly byteLength: number;
}

/** Longer headers belong to structured types with very many fields, which are refused anyway. */
const MAX_HEADER = 2 ** 16;
const MAX_AXES = 64;

export function isNpy(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the header of a .npy file, version 1.0, 2.0 or 3.0.
 * @param bytes the file or its beginning
 * @throws InputError if it is damaged, or holds objects, records, text, dates or complex numbers
 */
export function readNpyHeader(bytes: Uint8Array, where: string): NpyHeader {
  if (!isNpy(bytes)) throw new InputError(where, 'this is not a .npy file', 'Write it with numpy.save.');
  if (bytes.length < 12) throw damaged(where, 'the header is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = view.getUint8(6);
  if (major < 1 || major > 3 || view.getUint8(7) !== 0)
    throw new InputError(
      where,
      `.npy version ${major}.${view.getUint8(7)} is not known`,
      'Save the array with numpy.save, which writes version 1.0.',
    );
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER) throw damaged(where, `the header declares ${length} bytes`);
  const dataStart = start + length;
  if (dataStart > bytes.length) throw damaged(where, 'the header is cut short');
  // Version 3.0 has UTF-8 here, but only in the field names of records.
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, dataStart));
  const header = parseLiteral(text, where);
  if (!(header instanceof Map)) throw damaged(where, 'the header is not a dictionary');
  const keys = [...header.keys()].sort().join(', ');
  if (keys !== 'descr, fortran_order, shape')
    throw damaged(where, `the header has the keys ${keys} and not descr, fortran_order, shape`);
  const type = checkType(header.get('descr'), where);
  const fortranOrder = header.get('fortran_order');
  if (typeof fortranOrder !== 'boolean') throw damaged(where, 'fortran_order is neither True nor False');
  const shape = checkShape(header.get('shape'), where);
  // Not simply the product: 2^40 * 2^40 * 0 is fine, and nothing may overflow on the way to it.
  const count = shape.includes(0) ? 0 : shape.reduce((product, axis) => product * axis, 1);
  const byteLength = dataStart + count * elementBytes(type.dtype);
  if (!Number.isSafeInteger(byteLength)) throw damaged(where, `the shape (${shape.join(', ')}) is absurd`);
  return { ...type, fortranOrder, shape, count, dataStart, byteLength };
}

const unsupported: Readonly<Record<string, string>> = {
  O: 'Python objects, which are pickled and never run here',
  S: 'byte strings',
  a: 'byte strings',
  U: 'text',
  V: 'raw records',
  M: 'dates',
  m: 'time spans',
  c: 'complex numbers',
};

function checkType(descr: Literal | undefined, where: string): { dtype: Dtype; littleEndian: boolean } {
  const fix = 'Save a plain array of numbers, for example numpy.save(file, x.astype("float32")).';
  if (Array.isArray(descr)) throw new InputError(where, 'the array has a structured type (records)', fix);
  if (typeof descr !== 'string') throw damaged(where, 'descr is not a string');
  const [, order = '', name = ''] = /^([<>|=]?)(.*)$/s.exec(descr) ?? [];
  if (isDtype(name) && (order !== '|' || elementBytes(name) === 1)) return { dtype: name, littleEndian: order !== '>' };
  const holds = unsupported[name[0] ?? ''];
  throw new InputError(
    where,
    holds ? `the array holds ${holds} (${descr})` : `element type ${descr} is not known`,
    fix,
  );
}

function checkShape(shape: Literal | undefined, where: string): number[] {
  if (!Array.isArray(shape) || shape.length > MAX_AXES) throw damaged(where, 'the shape is not a tuple of sizes');
  return shape.map((axis) => {
    if (typeof axis !== 'number') throw damaged(where, 'the shape is not a tuple of sizes');
    return axis;
  });
}

function damaged(where: string, what: string): InputError {
  return new InputError(where, what, 'The file is damaged: fetch or save it again.');
}

type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>;

/**
 * A Python literal of the kinds that occur in these headers: strings without escapes, sizes, True, False, None, and
 * tuples, lists and dictionaries of them. Anything else is refused, so nothing is ever evaluated.
 */
function parseLiteral(text: string, where: string): Literal {
  const tokens = /\s*(?:('[^'\\\n]*'|"[^"\\\n]*")|(\d{1,16})L?(?![\w.])|(True|False|None)\b|([{}()[\],:]))/y;
  let token = next();

  function fail(): InputError {
    return damaged(where, 'the header is not a dictionary as NumPy writes it');
  }

  function next(): Literal | { mark: string } | undefined {
    if (/^\s*$/.test(text.slice(tokens.lastIndex))) return undefined;
    const match = tokens.exec(text);
    if (!match) throw fail();
    const [, string, digits, word, mark] = match;
    if (string !== undefined) return string.slice(1, -1);
    if (digits !== undefined) {
      const value = Number(digits);
      if (!Number.isSafeInteger(value)) throw damaged(where, `the size ${digits} is absurd`);
      return value;
    }
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    return { mark: mark ?? '' };
  }

  function isMark(mark: string): boolean {
    return typeof token === 'object' && token !== null && 'mark' in token && token.mark === mark;
  }

  function take(mark: string): void {
    if (!isMark(mark)) throw fail();
    token = next();
  }

  function value(depth: number): Literal {
    if (depth > 8) throw fail();
    if (isMark('{')) return dictionary(depth);
    if (isMark('(')) return sequence('(', ')', depth);
    if (isMark('[')) return sequence('[', ']', depth);
    if (token === undefined || (typeof token === 'object' && token !== null)) throw fail();
    const plain = token;
    token = next();
    return plain;
  }

  function sequence(open: string, close: string, depth: number): Literal[] {
    const items: Literal[] = [];
    take(open);
    while (!isMark(close)) {
      items.push(value(depth + 1));
      if (!isMark(close)) take(',');
    }
    take(close);
    return items;
  }

  function dictionary(depth: number): Map<string, Literal> {
    const items = new Map<string, Literal>();
    take('{');
    while (!isMark('}')) {
      const key = value(depth + 1);
      if (typeof key !== 'string' || items.has(key)) throw fail();
      take(':');
      items.set(key, value(depth + 1));
      if (!isMark('}')) take(',');
    }
    take('}');
    return items;
  }

  const result = value(0);
  if (token !== undefined) throw fail();
  return result;
}

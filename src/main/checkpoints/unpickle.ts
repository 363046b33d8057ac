import { InputError } from '../../shared/errors';
import type { Cursor } from './pickleCursor';
import { describe, isKind, type PickleValue } from './pickleValues';

// Reads the pickles that torch.save writes (protocols 2 to 5), and nothing can run while it does: a global is looked up in
// the reader's own table, REDUCE calls only what stands in it, and an opcode that is not in the table below is refused.
// Written here rather than wrapped around `pickleparser`: that one refuses integers over eight bytes (torch's own magic
// number has ten) and misreads negative ones, calls methods found on the values of the file, overflows the stack on long lists, knows no
// limit on work or memory, and its stack answers `undefined` when a file takes more than it put there.

/** What the pickle may name. */
export interface PickleNames {
  /** @throws InputError for a name that is not allowed */
  global(name: string): PickleValue;
  /** @param id what the pickle says of an object that lies elsewhere */
  persistent(id: PickleValue, fail: (what: string) => never): PickleValue;
}

/**
 * A container or a number costs up to some 200 bytes of memory for one of the file, so the work is limited instead of the size.
 * A checkpoint of 10,000 tensors with its optimiser takes about half of this.
 */
const maximumSteps = 3_000_000;
const maximumIntegerBytes = 64;

interface Machine {
  readonly cursor: Cursor;
  readonly names: PickleNames;
  readonly where: string;
  readonly stack: PickleValue[];
  /** Heights of the stack where MARKs were set. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
}

/**
 * Reads one pickle and leaves the cursor behind it.
 * @param where the file, for messages
 * @throws InputError if it is damaged, needs a name that is not allowed, or more work than any checkpoint does
 */
export function unpickle(cursor: Cursor, where: string, names: PickleNames): PickleValue {
  const machine: Machine = { cursor, names, where, stack: [], marks: [], memo: new Map() };
  if (cursor.byte() !== 0x80) cursor.fail('no pickle starts here');
  const protocol = cursor.byte();
  if (protocol < 2 || protocol > 5) cursor.fail(`pickle protocol ${protocol} is not known`);
  for (let step = 0; step < maximumSteps; step++) {
    const code = cursor.byte();
    if (code === STOP) return pop(machine);
    const operation = operations[code];
    if (!operation) refuseOpcode(machine, code);
    operation(machine);
  }
  throw new InputError(where, `its pickle takes more than ${maximumSteps} steps`, 'Save only the state dict.');
}

const STOP = 0x2e;

const operations: Readonly<Record<number, (machine: Machine) => void>> = {
  // Framing and the memo
  0x95: (m) => void m.cursor.take(8), // FRAME; its length is only a hint
  0x28: (m) => void m.marks.push(m.stack.length), // MARK
  0x30: (m) => void pop(m), // POP
  0x31: (m) => void popToMark(m), // POP_MARK
  0x71: (m) => void m.memo.set(m.cursor.byte(), top(m)), // BINPUT
  0x72: (m) => void m.memo.set(m.cursor.uint32(), top(m)), // LONG_BINPUT
  0x94: (m) => void m.memo.set(m.memo.size, top(m)), // MEMOIZE
  0x68: (m) => recall(m, m.cursor.byte()), // BINGET
  0x6a: (m) => recall(m, m.cursor.uint32()), // LONG_BINGET

  // Constants and numbers
  0x4e: (m) => void m.stack.push(null), // NONE
  0x88: (m) => void m.stack.push(true), // NEWTRUE
  0x89: (m) => void m.stack.push(false), // NEWFALSE
  0x4a: (m) => void m.stack.push(m.cursor.int32()), // BININT
  0x4b: (m) => void m.stack.push(m.cursor.byte()), // BININT1
  0x4d: (m) => void m.stack.push(m.cursor.uint16()), // BININT2
  0x8a: (m) => void m.stack.push(longInteger(m, m.cursor.byte())), // LONG1
  0x8b: (m) => void m.stack.push(longInteger(m, m.cursor.uint32())), // LONG4
  0x47: (m) => void m.stack.push(m.cursor.float64()), // BINFLOAT

  // Text and bytes; strings of Python 2 are taken for text
  0x58: (m) => void m.stack.push(m.cursor.text(m.cursor.uint32())), // BINUNICODE
  0x8c: (m) => void m.stack.push(m.cursor.text(m.cursor.byte())), // SHORT_BINUNICODE
  0x8d: (m) => void m.stack.push(m.cursor.text(m.cursor.uint64())), // BINUNICODE8
  0x54: (m) => void m.stack.push(m.cursor.text(m.cursor.uint32())), // BINSTRING
  0x55: (m) => void m.stack.push(m.cursor.text(m.cursor.byte())), // SHORT_BINSTRING
  0x42: (m) => void m.stack.push(m.cursor.take(m.cursor.uint32())), // BINBYTES
  0x43: (m) => void m.stack.push(m.cursor.take(m.cursor.byte())), // SHORT_BINBYTES
  0x8e: (m) => void m.stack.push(m.cursor.take(m.cursor.uint64())), // BINBYTES8

  // Tuples, lists, dictionaries
  0x29: (m) => void m.stack.push([]), // EMPTY_TUPLE
  0x85: (m) => void m.stack.push(popMany(m, 1)), // TUPLE1
  0x86: (m) => void m.stack.push(popMany(m, 2)), // TUPLE2
  0x87: (m) => void m.stack.push(popMany(m, 3)), // TUPLE3
  0x74: (m) => void m.stack.push(popToMark(m)), // TUPLE
  0x5d: (m) => void m.stack.push([]), // EMPTY_LIST
  0x61: (m) => append(m, [pop(m)]), // APPEND
  0x65: (m) => append(m, popToMark(m)), // APPENDS
  0x7d: (m) => void m.stack.push(new Map()), // EMPTY_DICT
  0x73: (m) => setItems(m, popMany(m, 2)), // SETITEM
  0x75: (m) => setItems(m, popToMark(m)), // SETITEMS

  // Names and what is made of them
  0x63: (m) => pushGlobal(m, m.cursor.line(), m.cursor.line()), // GLOBAL
  0x93: (m) => pushGlobal(m, ...(popMany(m, 2) as [PickleValue, PickleValue])), // STACK_GLOBAL
  0x51: (m) => void m.stack.push(m.names.persistent(pop(m), m.cursor.fail)), // BINPERSID
  0x52: reduce, // REDUCE
  0x62: build, // BUILD
};

/** Opcodes that make or fetch objects in ways no state dict needs, by name for the message. */
const refused: Readonly<Record<number, string>> = {
  0x69: 'INST',
  0x6f: 'OBJ',
  0x81: 'NEWOBJ',
  0x92: 'NEWOBJ_EX',
  0x82: 'EXT1',
  0x83: 'EXT2',
  0x84: 'EXT4',
  0x50: 'PERSID',
  0x96: 'BYTEARRAY8',
  0x97: 'NEXT_BUFFER',
  0x98: 'READONLY_BUFFER',
  0x8f: 'EMPTY_SET',
  0x90: 'ADDITEMS',
  0x91: 'FROZENSET',
};

function refuseOpcode(m: Machine, code: number): never {
  const name = refused[code];
  if (name === undefined) m.cursor.fail(`0x${code.toString(16)} is no pickle instruction`);
  throw new InputError(
    m.where,
    `its pickle uses the instruction ${name}, which a file of plain tensors does not need`,
    'Save only the state dict: torch.save(model.state_dict(), path).',
  );
}

function pop(m: Machine): PickleValue {
  return popMany(m, 1)[0] as PickleValue;
}

/** The last `count` values, which must lie above the last mark. */
function popMany(m: Machine, count: number): PickleValue[] {
  if (m.stack.length - count < (m.marks.at(-1) ?? 0)) m.cursor.fail('its pickle takes a value that is not there');
  return m.stack.splice(m.stack.length - count);
}

function popToMark(m: Machine): PickleValue[] {
  const mark = m.marks.pop() ?? m.cursor.fail('its pickle closes a group that it did not open');
  return m.stack.splice(mark);
}

function top(m: Machine): PickleValue {
  if (m.stack.length <= (m.marks.at(-1) ?? 0)) m.cursor.fail('its pickle keeps a value that is not there');
  return m.stack[m.stack.length - 1] as PickleValue;
}

function recall(m: Machine, index: number): void {
  const value = m.memo.get(index);
  if (value === undefined) m.cursor.fail(`its pickle refers to value ${index}, which it did not keep`);
  m.stack.push(value);
}

/** Little-endian two's complement; a bigint only where a number would lose digits. */
function longInteger(m: Machine, count: number): number | bigint {
  if (count > maximumIntegerBytes) m.cursor.fail(`an integer of ${count} bytes is absurd`);
  let value = 0n;
  for (const byte of m.cursor.take(count).toReversed()) value = (value << 8n) | BigInt(byte);
  value = BigInt.asIntN(8 * count, value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function append(m: Machine, items: PickleValue[]): void {
  const list = top(m);
  if (!Array.isArray(list)) m.cursor.fail(`its pickle appends to a ${describe(list)}`);
  for (const item of items) list.push(item);
}

function setItems(m: Machine, items: PickleValue[]): void {
  const dictionary = top(m);
  if (!(dictionary instanceof Map)) m.cursor.fail(`its pickle sets a key of a ${describe(dictionary)}`);
  if (items.length % 2) m.cursor.fail('its pickle sets a key without a value');
  for (let i = 0; i < items.length; i += 2) dictionary.set(items[i] as PickleValue, items[i + 1] as PickleValue);
}

function pushGlobal(m: Machine, module: PickleValue, name: PickleValue): void {
  if (typeof module !== 'string' || typeof name !== 'string') m.cursor.fail('its pickle names something without text');
  m.stack.push(m.names.global(`${module}.${name}`));
}

function reduce(m: Machine): void {
  const [callee, args] = popMany(m, 2);
  if (!isKind(callee, 'global') || !callee.call || !Array.isArray(args))
    m.cursor.fail('its pickle calls something that is no function');
  m.stack.push(callee.call(args, m.cursor.fail));
}

/** Sets attributes of an object. OrderedDicts carry `_metadata` that way (layer versions), which nothing here needs. */
function build(m: Machine): void {
  pop(m);
  const target = top(m);
  if (!(target instanceof Map)) m.cursor.fail(`its pickle sets attributes of a ${describe(target)}`);
}

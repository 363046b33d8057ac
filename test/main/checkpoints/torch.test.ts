import { describe, expect, it } from 'vitest';
import { readContent } from '../../../src/main/checkpoints';
import { concat } from '../files/fuzz';
import { ascii, buildPickle, dictionary, uint32, type Item } from './buildPickle';
import { buildTorchStream, buildTorchZip, tensor, type Storages } from './buildTorch';

const six = { '0': Float32Array.of(0, 1, 2, 3, 4, 5) };

describe.each([
  ['zip', buildTorchZip],
  ['stream', buildTorchStream],
] as const)('torch %s', (_, build) => {
  const read = (object: Item | Uint8Array, storages: Storages = six) =>
    readContent(build(object, storages), 'f.pth').tensors;
  const values = (window: Parameters<typeof tensor>[0]) => [...(read(tensor(window)).get('tensor')?.data ?? [])];

  it('reads a contiguous window without a copy', () => {
    const tensors = read(
      dictionary({ a: tensor({ elements: 6, shape: [2, 3] }), b: tensor({ elements: 6, offset: 4, shape: [2] }) }),
    );
    expect(tensors.get('a')?.data.buffer).toBe(tensors.get('b')?.data.buffer);
    expect([...(tensors.get('b')?.data ?? [])]).toEqual([4, 5]);
  });

  it('reads transposed, strided and expanded windows', () => {
    expect(values({ elements: 6, shape: [3, 2], strides: [1, 3] })).toEqual([0, 3, 1, 4, 2, 5]);
    expect(values({ elements: 6, offset: 1, shape: [2, 1, 2], strides: [3, 9, 1] })).toEqual([1, 2, 4, 5]);
    expect(values({ elements: 6, offset: 5, shape: [2, 2], strides: [0, 0] })).toEqual([5, 5, 5, 5]);
  });

  it('reads what Python 2 and old versions wrote', () => {
    const old: Item = {
      call: 'torch._utils _rebuild_tensor',
      args: [
        { persistent: { tuple: ['storage', { global: 'torch FloatStorage' }, '0', 'cpu', 6] } },
        0,
        { tuple: [6] },
        { tuple: [1] },
      ],
    };
    const pairs: Item = { call: 'collections OrderedDict', args: [[[{ raw: ascii('U\x01a') }, old]]] };
    expect([...(read(pairs).get('a')?.data ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each([
    [
      'a window past the end',
      { elements: 6, shape: [7] },
      /^f\.pth, tensor tensor: it reaches to element 6 of a storage of 6/,
    ],
    ['an offset past the end', { elements: 6, offset: 6, shape: [1] }, /reaches to element 6/],
    ['a stride past the end', { elements: 6, shape: [2, 2], strides: [5, 1] }, /reaches to element 6/],
    ['a shape beyond all numbers', { elements: 6, shape: [2 ** 52, 2 ** 52, 2 ** 52] }, /reaches to element/],
    [
      'sizes that overflow',
      { elements: 6, shape: Array<number>(40).fill(2 ** 50), strides: Array<number>(40).fill(0) },
      /repeats the 6 stored/,
    ],
    [
      'an expansion to a trillion',
      { elements: 6, shape: [1e12], strides: [0] },
      /\[1000000000000\] repeats the 6 stored/,
    ],
    ['a negative size', { elements: 6, shape: [-1] }, /shape of a tensor .* is damaged/],
    ['a negative stride', { elements: 6, shape: [2], strides: [-1] }, /is damaged/],
    ['a negative offset', { elements: 6, offset: -1, shape: [2] }, /is damaged/],
    ['a broken shape', { elements: 6, shape: [1.5] }, /is damaged/],
    ['too few strides', { elements: 6, shape: [2, 3], strides: [1] }, /is damaged/],
    ['too many dimensions', { elements: 6, shape: Array<number>(65).fill(1) }, /is damaged/],
    ['a storage of another length', { elements: 7, shape: [7] }, /storage 0 has (24 bytes|6 elements)/],
    ['a storage of a huge length', { elements: 2 ** 52, shape: [1] }, /storage 0 has (24 bytes|6 elements)/],
    ['a storage that is not there', { elements: 6, key: '../0', shape: [1] }, /storage|list of storages/],
  ])('refuses %s', (_name, window, message) => {
    expect(() => values(window)).toThrow(message);
  });

  it('refuses many small expansions together', () => {
    const many = Array.from({ length: 9 }, () => tensor({ elements: 6, shape: [2 ** 19], strides: [0] }));
    expect(() => read(many)).toThrow(/tensor 8: .*far too often/);
  });

  it.each([
    ['posix system', /asks for posix\.system \(code to run\), which is refused/],
    ['builtins eval', /builtins\.eval/],
    ['torch.storage _load_from_bytes', /torch\.storage\._load_from_bytes/],
    [
      'numpy.core.multiarray scalar',
      /numpy\.core\.multiarray\.scalar \(NumPy values.*torch\.save\(model\.state_dict\(\), path\)/,
    ],
    ['torch._utils _rebuild_qtensor', /quantised/],
    ['torch QInt8Storage', /quantised/],
    ['torch._utils _rebuild_sparse_tensor', /sparse/],
    ['torch ComplexFloatStorage', /complex/],
    ['__main__ VAE', /__main__\.VAE/],
    ['collections OrderedDict.__init__', /OrderedDict\.__init__/],
    ['Object constructor', /Object\.constructor/],
  ])('refuses %s by name', (global, message) => {
    expect(() =>
      read(dictionary({ a: tensor({ elements: 6, shape: [6] }), b: { call: global, args: ['id'] } })),
    ).toThrow(message);
  });

  it.each([
    ['INST', '(iposix\nsystem\n'],
    ['OBJ', '(cposix\nsystem\no'],
    ['NEWOBJ', ')\x81'],
    ['NEWOBJ_EX', ')}\x92'],
    ['EXT1', '\x82\x01'],
    ['EXT4', '\x84\x01\0\0\0'],
    ['PERSID', 'P0\n'],
    ['NEXT_BUFFER', '\x97'],
  ])('refuses the instruction %s', (name, code) => {
    const pickle = concat(Uint8Array.of(0x80, 2), ascii(code), ascii('.'));
    expect(() => read(pickle)).toThrow(name === 'OBJ' ? /posix\.system/ : new RegExp(`instruction ${name}`));
  });

  it.each([
    ['an empty stack', '.'],
    ['a mark in the way', 'N(.'],
    ['a tuple without a mark', 'Nt.'],
    ['a memo that is not there', 'h\x07.'],
    ['a long text', 'X\xff\xff\xff\xffabc'],
    ['a long integer', '\x8b\xff\xff\xff\xff'],
    ['long bytes', 'B\xff\xff\xff\x7f'],
    ['appending to a dictionary', '}Na.'],
    ['setting a key of a list', ']NNs.'],
    ['a key without a value', '}(Nu.'],
    ['calling a text', 'X\x01\0\0\0a)R.'],
    ['calling without arguments', 'ccollections\nOrderedDict\nNR.'],
    ['attributes of a list', ']}b.'],
    ['a global without an end', 'cposix'],
    ['an instruction that is none', '\xff.'],
    ['no end', 'N'],
  ])('refuses %s', (_name, code) => {
    expect(() => read(concat(Uint8Array.of(0x80, 2), ascii(code)), {})).toThrow(/^f\.pth: .*damaged/);
  });

  it('ends circles and deep nests', () => {
    expect(() => read(concat(Uint8Array.of(0x80, 2), ascii(']q\x00h\x00a.')), {})).toThrow(/perhaps in a circle/);
    const selfish = ascii('}q\x00X\x05\0\0\0modelh\x00s.');
    expect(() => read(concat(Uint8Array.of(0x80, 2), selfish), {})).toThrow(/perhaps in a circle/);
    const deep = concat(Uint8Array.of(0x80, 2), ascii(')'), new Uint8Array(100_000).fill(0x85), ascii('.'));
    expect(() => read(deep, {})).toThrow(/nest deeper than 32/);
  });

  it('ends a bomb of references', () => {
    // Each list holds the one before ten times: 10^25 paths in 400 bytes.
    let code = ']q\x00';
    for (let level = 0; level < 25; level++)
      code += `](${`h${String.fromCharCode(level)}`.repeat(10)}eq${String.fromCharCode(level + 1)}`;
    expect(() => read(concat(Uint8Array.of(0x80, 2), ascii(`${code}.`)), {})).toThrow(/more than \d+ entries/);
  });

  it('ends a pickle without measure', () => {
    const lists = concat(Uint8Array.of(0x80, 2), new Uint8Array(3_000_001).fill(0x29), ascii('.'));
    expect(() => read(lists, {})).toThrow(/more than 3000000 steps/);
  });

  it('takes __proto__ for a name like any other', () => {
    const tensors = read(dictionary({ ['__proto__']: tensor({ elements: 6, shape: [6] }), constructor: null }));
    expect([...tensors.keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['shape']).toBeUndefined();
  });
});

describe('torch zip', () => {
  it('swaps the bytes of big-endian machines', () => {
    const bytes = buildTorchZip(
      tensor({ elements: 2, shape: [2] }),
      { '0': ascii('\x3f\x80\0\0\xc0\0\0\0') },
      { byteorder: 'big' },
    );
    expect([...(readContent(bytes, 'f').tensors.get('tensor')?.data ?? [])]).toEqual([1, -2]);
  });

  it('refuses TorchScript', () => {
    const bytes = buildTorchZip(tensor({ elements: 6, shape: [6] }), six, { 'constants.pkl': '' });
    expect(() => readContent(bytes, 'f')).toThrow(/TorchScript/);
  });
});

describe('torch stream', () => {
  const object = tensor({ elements: 6, shape: [6] });
  const bytes = buildTorchStream(object, six);

  it('reads a part of a storage', () => {
    const part = tensor({ elements: 6, shape: [2], offset: 1, view: [3, 3] });
    expect([...(readContent(buildTorchStream(part, six), 'f').tensors.get('tensor')?.data ?? [])]).toEqual([4, 5]);
    const outside = tensor({ elements: 6, shape: [2], view: [4, 3] });
    expect(() => readContent(buildTorchStream(outside, six), 'f')).toThrow(/outside of the storage/);
    const past = tensor({ elements: 6, shape: [4], view: [3, 3] });
    expect(() => readContent(buildTorchStream(past, six), 'f')).toThrow(/element 3 of a storage of 3/);
  });

  it('says how much is missing when it is cut off, wherever that is', () => {
    expect(() => readContent(bytes.subarray(0, -1), 'f')).toThrow(/24 more bytes are needed, 23 are left/);
    for (let end = 15; end < bytes.length; end++)
      expect(() => readContent(bytes.subarray(0, end), 'f')).toThrow(/^f: .* copy it again/);
  });

  it('refuses big-endian files and other versions', () => {
    expect(() => readContent(buildTorchStream(object, six, { littleEndian: false }), 'f')).toThrow(/big-endian/);
    expect(() => readContent(buildTorchStream(object, six, { version: 1002 }), 'f')).toThrow(/version/);
  });

  it('refuses a storage that is described in two ways', () => {
    const both = [object, tensor({ elements: 3, type: 'DoubleStorage', shape: [3] })];
    expect(() => readContent(buildTorchStream(both, six), 'f')).toThrow(/two ways/);
  });

  it('refuses a storage with a huge count', () => {
    const damaged = bytes.slice();
    damaged.set(concat(uint32(0), uint32(0x7fffffff)), bytes.length - 32);
    expect(() => readContent(damaged, 'f')).toThrow(/absurd|6 were announced/);
  });

  it('refuses any other pickle', () => {
    expect(() => readContent(buildPickle(dictionary({})), 'f')).toThrow(/torch\.save did not write/);
  });
});

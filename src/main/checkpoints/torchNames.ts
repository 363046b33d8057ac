import { InputError } from '../../shared/errors';
import { isKind, type PickleGlobal, type PickleValue, type StorageRef, type TensorRef } from './pickleValues';
import type { DType } from './types';
import type { PickleNames } from './unpickle';

const storageTypes: Readonly<Record<string, DType>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
};

/** Values of `torch.dtype`, which optimisers keep among their settings; taken for their names. */
const dtypeNames =
  'float64 double float32 float float16 half bfloat16 int64 long int32 int int16 short int8 uint8 bool';

type Call = NonNullable<PickleGlobal['call']>;

const functions: Readonly<Record<string, Call>> = {
  'collections.OrderedDict': orderedDict,
  'torch._utils._rebuild_tensor': rebuildTensor,
  // Four more arguments follow (requires_grad, hooks, …): they matter to training only.
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([data], fail) =>
    isKind(data, 'tensor') ? data : fail('a parameter of its pickle holds no tensor'),
  'torch.Size': ([sizes], fail) => (Array.isArray(sizes) ? sizes : fail('a torch.Size of its pickle is damaged')),
  'torch.device': (parts) => parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(':'),
};

/** Everything a pickle may name; whatever is not here is refused. */
const allowed: ReadonlyMap<string, PickleValue> = new Map<string, PickleValue>([
  ...Object.entries(functions).map(([name, call]) => [name, { kind: 'global', name, call }] as const),
  ...Object.entries(storageTypes).map(
    ([type, storage]) => [`torch.${type}`, { kind: 'global', name: `torch.${type}`, storage }] as const,
  ),
  ...dtypeNames.split(' ').map((name) => [`torch.${name}`, `torch.${name}`] as const),
]);

/** Names that deserve a better explanation than "not allowed". */
const explanations: readonly (readonly [RegExp, string, string])[] = [
  [/_rebuild_qtensor$|^torch\.Q\w+Storage$/, 'quantised tensors', 'Save the model before quantising it.'],
  [/sparse/i, 'sparse tensors', 'Call to_dense() on them before saving.'],
  [/^torch\.Complex\w+Storage$/, 'complex tensors', 'Save real and imaginary parts apart.'],
  [
    /^numpy\.|^_codecs\.encode$/,
    'NumPy values among the tensors',
    'Save only the state dict: torch.save(model.state_dict(), path).',
  ],
  [/./, 'code to run', 'Save only the state dict: torch.save(model.state_dict(), path).'],
];

/**
 * The names that checkpoints of tensors need, and storages as references.
 * @param where the file, for messages
 * @param found is told every storage that the pickle mentions
 */
export function torchNames(where: string, found: (storage: StorageRef) => void = () => {}): PickleNames {
  return {
    global(name) {
      const value = allowed.get(name);
      if (value !== undefined) return value;
      const [, what, fix] = explanations.find(([pattern]) => pattern.test(name)) ?? ['', 'code to run', ''];
      throw new InputError(where, `its pickle asks for ${name} (${what}), which is refused`, fix);
    },
    persistent(id, fail) {
      const storage = storageReference(id, fail);
      found(storage);
      return storage;
    },
  };
}

/** `('storage', type, key, location, elements[, view])`; the location ("cuda:0") says where it was, not what it is. */
function storageReference(id: PickleValue, fail: (what: string) => never): StorageRef {
  if (!Array.isArray(id) || id[0] !== 'storage') fail('its pickle refers to something that is no storage');
  const [, type, key, , elements, view] = id;
  if (!isKind(type, 'global') || !type.storage) fail('a storage of its pickle has no type');
  if (typeof key !== 'string' && typeof key !== 'number') fail('a storage of its pickle has no key');
  if (!isCount(elements)) fail('a storage of its pickle has no length');
  const whole = { kind: 'storage', key: String(key), dtype: type.storage, elements } as const;
  if (view === null || view === undefined) return { ...whole, start: 0, length: elements };
  const [, start, length] = Array.isArray(view) ? view : [];
  if (!isCount(start) || !isCount(length) || start + length > elements)
    fail('a part of a storage lies outside of the storage');
  return { ...whole, start, length };
}

function rebuildTensor(
  [storage, offset, shape, strides]: readonly PickleValue[],
  fail: (what: string) => never,
): TensorRef {
  if (!isKind(storage, 'storage')) fail('a tensor of its pickle has no storage');
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length)
    fail('the shape of a tensor of its pickle is damaged');
  return { kind: 'tensor', storage, offset, shape: [...shape], strides: [...strides] };
}

function orderedDict([items]: readonly PickleValue[], fail: (what: string) => never): PickleValue {
  const dictionary = new Map<PickleValue, PickleValue>();
  if (items === undefined) return dictionary;
  if (!Array.isArray(items)) fail('an OrderedDict of its pickle is damaged');
  for (const item of items) {
    const [key, value] = Array.isArray(item) ? item : [];
    if (key === undefined || value === undefined) fail('an OrderedDict of its pickle is damaged');
    dictionary.set(key, value);
  }
  return dictionary;
}

function isCount(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** At most 64 dimensions, as in PyTorch. */
function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isCount);
}

import { InputError } from '../../shared/errors';
import { describe, isKind, type PickleValue, type TensorRef } from './pickleValues';
import type { CheckpointContent, Scalar } from './types';

/** Where training scripts keep the parameters, the likeliest first. */
const containers = ['state_dict', 'model_state_dict', 'model_state', 'model'];
/** Where others keep them, if nothing beside it holds tensors: `net` next to `critic` is one of two networks. */
const loneContainers = ['net', 'network', 'weights', 'params'];
/** Wrappers (DataParallel, torch.compile) that put their name before every key. */
const wrappers = ['module.', '_orig_mod.'];
/** Tensors that belong to the training run, not to the model. */
const randomState = /^(\w+_)?(rng|rng_states?|random_states?)(_(cuda|cpu|all|\d+))?$/i;

const maximumDepth = 32;
/** More than the values that one pickle can hold (see unpickle.ts), so only references to references reach it. */
const maximumVisits = 4_000_000;
/** Together they bound the memory that names take. */
const maximumTensors = 100_000;
const maximumName = 1024;
/** Of what is only shown: how many, and how many letters of each. */
const maximumShown = 100;

type Dictionary = Map<PickleValue, PickleValue>;

/** The tensors chosen from an unpickled object, by dotted names, and what was seen on the way. */
export interface StateDict extends Omit<CheckpointContent, 'tensors'> {
  readonly tensors: ReadonlyMap<string, TensorRef>;
}

/**
 * Finds the state dict in whatever a training script saved: bare, under a well-known key, or as several dictionaries side by
 * side (a GAN's two networks), whose keys then become prefixes. Optimisers, schedulers and random states are left alone.
 * @throws InputError if there is no tensor in it
 */
export function findStateDict(root: PickleValue, where: string): StateDict {
  if (isKind(root, 'tensor')) {
    const source = 'the tensor saved on its own';
    return { tensors: new Map([['tensor', root]]), source, ignored: [], metadata: new Map() };
  }
  const walk: Walk = { where, tensors: new Map(), stripped: new Set(), ignored: [], visits: 0 };
  const path: string[] = [];
  let chosen: PickleValue = root;
  while (chosen instanceof Map && path.length < maximumDepth) {
    const dictionary: Dictionary = chosen;
    const key = containerIn(dictionary, walk);
    if (key === undefined) break;
    for (const [other, value] of dictionary) if (other !== key) leaveAlone(other, value, walk);
    path.push(key);
    chosen = dictionary.get(key) ?? null;
  }
  collect(chosen, '', 0, walk);
  if (walk.tensors.size === 0)
    throw new InputError(
      where,
      `it holds no tensors (at its top: ${summary(root)})`,
      'Save the state dict: torch.save(model.state_dict(), path).',
    );
  const source = path.length > 0 ? `the dictionary under '${path.join('.')}'` : 'the whole file';
  const stripped = [...walk.stripped].map((prefix) => `, without '${prefix}' before the keys`).join('');
  return {
    tensors: walk.tensors,
    source: source + stripped,
    ignored: walk.ignored,
    metadata: root instanceof Map ? scalarsOf(root) : new Map(),
  };
}

interface Walk {
  readonly where: string;
  readonly tensors: Map<string, TensorRef>;
  readonly stripped: Set<string>;
  readonly ignored: string[];
  visits: number;
}

/** Counts the work: a pickle of a few bytes can nest dictionaries into billions of paths, or into themselves. */
function visit(value: PickleValue | undefined, walk: Walk, depth: number): void {
  walk.visits += 1 + (value instanceof Map ? value.size : 0);
  if (depth > maximumDepth)
    throw tooMuch(walk, `its dictionaries nest deeper than ${maximumDepth}, perhaps in a circle`);
  if (walk.visits > maximumVisits) throw tooMuch(walk, `it has more than ${maximumVisits} entries`);
}

function tooMuch(walk: Walk, what: string): InputError {
  return new InputError(walk.where, what, 'Save only the state dict: torch.save(model.state_dict(), path).');
}

function containerIn(dictionary: Dictionary, walk: Walk): string | undefined {
  const known = containers.find((name) => holdsTensors(dictionary.get(name), walk));
  if (known !== undefined) return known;
  const alone = loneContainers.find((name) => holdsTensors(dictionary.get(name), walk));
  if (alone === undefined) return undefined;
  const others = [...dictionary].filter(([key]) => key !== alone && !isRandomState(key));
  return others.some(([, value]) => isKind(value, 'tensor') || holdsTensors(value, walk)) ? undefined : alone;
}

function holdsTensors(value: PickleValue | undefined, walk: Walk, depth = 0): boolean {
  visit(value, walk, depth);
  if (!(value instanceof Map) || isOptimiser(value)) return false;
  for (const inner of value.values()) if (isKind(inner, 'tensor') || holdsTensors(inner, walk, depth + 1)) return true;
  return false;
}

function collect(value: PickleValue, prefix: string, depth: number, walk: Walk): void {
  visit(value, walk, depth);
  if (isKind(value, 'tensor')) {
    const name = prefix.slice(0, -1);
    if (walk.tensors.size === maximumTensors) throw tooMuch(walk, `it has more than ${maximumTensors} tensors`);
    if (walk.tensors.has(name))
      throw new InputError(walk.where, `two tensors are called '${name}'`, 'Rename one of them before saving.');
    walk.tensors.set(name, value);
  } else if (Array.isArray(value)) {
    value.forEach((inner, index) => collect(inner, `${prefix}${index}.`, depth + 1, walk));
  } else if (value instanceof Map && !isOptimiser(value)) {
    const wrapper = commonWrapper(value);
    if (wrapper !== '') walk.stripped.add(wrapper);
    for (const [key, inner] of value) {
      const name = keyText(key);
      const before = walk.tensors.size;
      if (prefix.length + (name?.length ?? 0) > maximumName)
        throw tooMuch(walk, `a name in it has more than ${maximumName} letters`);
      if (name !== undefined && !isRandomState(name))
        collect(inner, `${prefix}${name.slice(wrapper.length)}.`, depth + 1, walk);
      if (depth === 0 && walk.tensors.size === before) leaveAlone(key, inner, walk);
    }
  }
}

/** Notes an entry that gave no tensor; scalars are shown as metadata instead. */
function leaveAlone(key: PickleValue, value: PickleValue, walk: Walk): void {
  if (typeof value === 'object' && value !== null && walk.ignored.length < maximumShown)
    walk.ignored.push(`${shortKey(key)} (${describe(value)})`);
}

/** The state of a torch optimiser: its tensors are moments, not parameters. */
function isOptimiser(value: PickleValue | undefined): boolean {
  return value instanceof Map && value.has('state') && value.has('param_groups');
}

function isRandomState(key: PickleValue): boolean {
  return typeof key === 'string' && key.length <= maximumName && randomState.test(key);
}

function commonWrapper(dictionary: Dictionary): string {
  const keys = [...dictionary.keys()];
  const starts = (prefix: string) => keys.every((key) => typeof key === 'string' && key.startsWith(prefix));
  return keys.length > 0 ? (wrappers.find(starts) ?? '') : '';
}

function keyText(key: PickleValue): string | undefined {
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
}

function shortKey(key: PickleValue): string {
  return keyText(key)?.slice(0, maximumShown) ?? 'entry';
}

function scalarsOf(dictionary: Dictionary): Map<string, Scalar> {
  const scalars = new Map<string, Scalar>();
  for (const [key, value] of dictionary) {
    if (scalars.size === maximumShown) break;
    const name = shortKey(key);
    if (typeof value === 'string') scalars.set(name, value.slice(0, maximumShown));
    else if (typeof value === 'number' || typeof value === 'boolean') scalars.set(name, value);
    else if (typeof value === 'bigint') scalars.set(name, String(value));
  }
  return scalars;
}

function summary(root: PickleValue): string {
  if (!(root instanceof Map)) return describe(root);
  const keys = [...root.keys()].slice(0, 8).map(shortKey);
  return keys.length === 0 ? 'nothing' : keys.join(', ') + (root.size > 8 ? ', …' : '');
}

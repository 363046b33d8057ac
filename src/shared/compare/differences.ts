import { formatList } from '../format';
import { childPath, pathText } from '../runFile/fieldPath';
import { methodsIn } from '../targetRun/names';

/** A field of a run file and what each of several runs has there. */
export interface FieldRow {
  /** "ais.temperatures" */
  readonly path: string;
  /** As text, one for each line that is compared; "—" where a run file has no such field. */
  readonly values: readonly string[];
}

export interface Differences {
  readonly differing: readonly FieldRow[];
  /** Fields that all have in common, with the one value. */
  readonly equal: readonly { readonly path: string; readonly value: string }[];
}

const absent = '—';
/** A name says nothing about what is computed; it is what the lines are called. */
const ignored = new Set(['name']);

/**
 * What differs between run files and what does not.
 * @param lines the run files of each line; a line of runs that differ in their seed has several
 */
export function differences(lines: readonly (readonly unknown[])[]): Differences {
  const flat = lines.map((specs) => specs.map((spec) => flatten(byName(spec))));
  const paths = [...new Set(flat.flatMap((specs) => specs.flatMap((spec) => [...spec.keys()])))];
  const differing: FieldRow[] = [];
  const equal: { path: string; value: string }[] = [];
  for (const path of paths) {
    if (ignored.has(path)) continue;
    const values = flat.map((specs) => together(specs.map((spec) => spec.get(path) ?? absent)));
    const [first = absent] = values;
    if (values.every((value) => value === first)) equal.push({ path, value: first });
    else differing.push({ path, values });
  }
  return { differing, equal };
}

/** With the methods of a target by their names, so that each is compared with its like. */
function byName(spec: unknown): unknown {
  const methods = methodsIn(spec);
  if (methods.length === 0) return spec;
  return { ...(spec as object), methods: Object.fromEntries(methods.map(({ name, ...rest }) => [name, rest])) };
}

/** The leaves of a run file by path. A list is a leaf: its entries belong together. */
export function flatten(value: unknown, steps: readonly PropertyKey[] = []): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[pathText(steps), leafText(value)]]);
  }
  return new Map(Object.entries(value).flatMap(([key, child]) => [...flatten(child, childPath(steps, key))]));
}

/** A leaf in few characters: layers as a chain, other lists with commas. */
function leafText(value: unknown): string {
  if (Array.isArray(value)) return value.map((entry) => entryText(entry)).join(value.some(isObject) ? ' → ' : ', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function entryText(entry: unknown): string {
  if (!isObject(entry)) return typeof entry === 'string' ? entry : JSON.stringify(entry);
  const [[key, first] = ['', ''], ...rest] = Object.entries(entry);
  const more = rest.map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const shown = typeof first === 'string' ? first : `${key} ${JSON.stringify(first)}`;
  return more.length === 0 ? shown : `${shown} (${more.join(', ')})`;
}

/** What the runs of one line have in a field: "0 to 4" for five seeds in a row. */
function together(values: readonly string[]): string {
  const unique = [...new Set(values)];
  if (unique.length < 2) return unique[0] ?? absent;
  const numbers = unique.map(Number).sort((a, b) => a - b);
  const [first = 0] = numbers;
  if (unique.length > 2 && numbers.every((number, index) => number === first + index)) {
    return `${first} to ${numbers.at(-1)}`;
  }
  return formatList(numbers.some(Number.isNaN) ? unique : numbers.map(String));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

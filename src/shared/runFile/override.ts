import { InputError } from '../errors';

/** Names that would reach into the language instead of the run file. */
const refused = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Applies `path=value` settings to a run file before it is checked. A value is JSON where it can be, else text. Missing objects on
 * the way are made; a list takes an index up to its length.
 * @param value parsed JSON; not changed
 * @param settings for example "ais.chains=4", "model.decoder[1]=tanh"
 * @param option how the settings were given, for errors
 * @throws InputError that names the setting's path
 */
export function applySettings(value: unknown, settings: readonly string[], option = '--set'): unknown {
  const root = { value: structuredClone(value) };
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 0)
      throw new InputError(`${option} ${setting}`, 'has no "="', 'Write it as path=value, for example ais.chains=4.');
    const path = setting.slice(0, equals).trim();
    assign(root, parsePath(path, option), parseValue(setting.slice(equals + 1)), `${option} ${path}`);
  }
  return root.value;
}

type Step = string | number;

/** "model.decoder[1].linear" → ["model", "decoder", 1, "linear"]. */
function parsePath(path: string, option: string): Step[] {
  const where = `${option} ${path === '' ? '=' : path}`;
  const steps: Step[] = [];
  const part = /\.?([^.[\]\s]+)|\[(\d{1,7})\]/y;
  let at = 0;
  while (at < path.length) {
    part.lastIndex = at;
    const match = part.exec(path);
    // A path neither starts with a dot nor continues without one.
    const wrongDot = match?.[1] !== undefined && (at === 0) === match[0].startsWith('.');
    if (match === null || wrongDot) break;
    if (match[1] !== undefined && refused.has(match[1])) {
      throw new InputError(where, `"${match[1]}" cannot be set`, 'Name a field of the run file.');
    }
    steps.push(match[1] ?? Number(match[2]));
    at = part.lastIndex;
  }
  if (at < path.length || steps.length === 0 || typeof steps[0] === 'number') {
    throw new InputError(
      where,
      'is not a path',
      'Write fields with dots and list entries with brackets, for example model.decoder[1].linear=fc4.',
    );
  }
  return steps;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function assign(root: { value: unknown }, steps: readonly Step[], value: unknown, where: string): void {
  let parent: Record<Step, unknown> = root;
  let step: Step = 'value';
  let path = '';
  for (const next of steps) {
    const current: unknown =
      (Object.hasOwn(parent, step) ? parent[step] : undefined) ?? (typeof next === 'number' ? [] : {});
    check(current, next, path, where);
    parent[step] = current;
    parent = current as Record<Step, unknown>;
    step = next;
    path += typeof next === 'number' ? `[${next}]` : `${path === '' ? '' : '.'}${next}`;
  }
  parent[step] = value;
}

function check(container: unknown, step: Step, path: string, where: string): void {
  const name = path === '' ? 'the run file' : path;
  if (typeof container !== 'object' || container === null) {
    throw new InputError(
      where,
      `${name} is ${JSON.stringify(container)}, which has nothing inside`,
      `Set ${name} whole, as JSON.`,
    );
  }
  if (typeof step === 'string' && Array.isArray(container)) {
    throw new InputError(where, `${name} is a list`, `Name an entry, for example ${name}[0].`);
  }
  if (typeof step === 'number' && !Array.isArray(container)) {
    throw new InputError(where, `${name} is not a list`, `Name a field, for example ${name}.name.`);
  }
  if (typeof step === 'number' && step > (container as unknown[]).length) {
    const { length } = container as unknown[];
    throw new InputError(
      where,
      `${name} has ${length} ${length === 1 ? 'entry' : 'entries'}`,
      `The next one is ${name}[${length}].`,
    );
  }
}

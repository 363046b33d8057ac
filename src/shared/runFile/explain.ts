import type { z } from 'zod';
import { formatList } from '../format';
import { nearest } from '../nearest';
import { alternativeMeant, formsOf } from './explainUnion';
import { childPath, pathText, show, valueAt } from './fieldPath';

export type Issue = z.core.$ZodIssue;

export interface Explanation {
  /** The field, "ais.chains". */
  readonly path: string;
  /** What is given, so that "path what" is a clause: "is 0". */
  readonly what: string;
  /** What is allowed, a sentence: "It must be at least 1." */
  readonly fix: string;
}

/**
 * An error map for zod that keeps what only the schema knows: the fields an object may have, the values that tell the members of a
 * union apart. It travels as JSON in the issue's message and is read back by {@link explain}.
 */
export function hint(issue: { code?: string | undefined; inst?: unknown }): string | undefined {
  const def = (issue.inst as { _zod?: { def?: Record<string, unknown> } } | undefined)?._zod?.def;
  if (issue.code === 'unrecognized_keys')
    return JSON.stringify(Object.keys((def?.['shape'] as object | undefined) ?? {}));
  if (issue.code !== 'invalid_union' || typeof def?.['discriminator'] !== 'string') return undefined;
  const options = (def['options'] ?? []) as { _zod: { propValues?: Record<string, Set<unknown>> } }[];
  const discriminator = def['discriminator'];
  return JSON.stringify(options.flatMap((option) => [...(option._zod.propValues?.[discriminator] ?? [])]));
}

/**
 * Says in one line what is wrong with a value that a schema has refused.
 * @param issues from a parse with {@link hint} as its error map
 * @param root the value
 */
export function explain(issues: readonly Issue[], root: unknown): Explanation {
  return explainOne(mostTelling(issues), root, []);
}

/** A misspelt field often causes the others ("missing"), so it is told first. */
function mostTelling(issues: readonly Issue[]): Issue {
  return (issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0]) as Issue;
}

function explainOne(issue: Issue, root: unknown, prefix: readonly PropertyKey[]): Explanation {
  const steps = [...prefix, ...issue.path];
  const path = pathText(steps);
  const value = valueAt(root, steps);
  const given = value === undefined ? 'is missing' : `is ${show(value)}`;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0] ?? '';
      return {
        path: pathText(childPath(steps, key)),
        what: 'is not a field',
        fix: fieldFix(key, listIn(issue.message)),
      };
    }
    case 'invalid_type':
      return { path, what: given, fix: `It must be ${kindText(issue.expected)}.` };
    case 'invalid_value':
      return { path, what: given, fix: choiceFix(value, issue.values) };
    case 'too_small':
    case 'too_big': {
      const [bound, inclusive, exclusive] =
        issue.code === 'too_small' ? [issue.minimum, 'at least', 'more than'] : [issue.maximum, 'at most', 'less than'];
      return {
        path,
        what: given,
        fix: rangeFix(issue.origin, `${issue.inclusive === false ? exclusive : inclusive} ${bound}`, Number(bound)),
      };
    }
    case 'invalid_union': {
      if (issue.discriminator !== undefined) return explainDiscriminator(issue, issue.discriminator, root, steps);
      const meant = alternativeMeant(issue.errors, value);
      if (meant !== undefined) return explainOne(mostTelling(meant), root, steps);
      return { path, what: given, fix: formsFix(value, formsOf(issue.errors)) };
    }
    case 'custom': {
      const fix: unknown = issue.params?.['fix'];
      return { path, what: issue.message, fix: typeof fix === 'string' ? fix : 'Mend this field.' };
    }
    default:
      return { path, what: `is ${show(value)}: ${issue.message}`, fix: 'Mend this field.' };
  }
}

function explainDiscriminator(
  issue: Issue,
  discriminator: string,
  root: unknown,
  steps: readonly PropertyKey[],
): Explanation {
  const at = steps.at(-1) === discriminator ? steps : childPath(steps, discriminator);
  const value = valueAt(root, at);
  return {
    path: pathText(at),
    what: value === undefined ? 'is missing' : `is ${show(value)}`,
    fix: choiceFix(value, listIn(issue.message)),
  };
}

function fieldFix(key: string, allowed: readonly unknown[]): string {
  const names = allowed.map(String);
  const [closest] = nearest(key, names, 1);
  if (closest !== undefined) return `Did you mean "${closest}"?`;
  return names.length === 0 ? 'Remove it.' : `Remove it; the fields here are ${names.join(', ')}.`;
}

function choiceFix(value: unknown, allowed: readonly unknown[]): string {
  const names = allowed.map((choice) => JSON.stringify(choice));
  const must = `It must be ${names.length > 3 ? `one of ${names.join(', ')}` : formatList(names, 'or')}.`;
  const [closest] = typeof value === 'string' ? nearest(value, allowed.map(String), 1) : [];
  return closest === undefined || names.length === 1 ? must : `Did you mean "${closest}"? ${must}`;
}

function rangeFix(origin: string, range: string, bound: number): string {
  if (origin === 'array') return `It must have ${range} ${bound === 1 ? 'entry' : 'entries'}.`;
  if (origin === 'string') return bound === 1 ? 'It must not be empty.' : `It must have ${range} characters.`;
  return `It must be ${range}.`;
}

function formsFix(value: unknown, forms: readonly string[]): string {
  const words = forms.flatMap((form) => /^"(.*)"$/.exec(form)?.[1] ?? []);
  const [closest] = typeof value === 'string' ? nearest(value, words, 1) : [];
  const must = `It must be ${forms.length > 3 ? `one of ${forms.join(', ')}` : formatList(forms, 'or')}.`;
  return closest === undefined ? must : `Did you mean "${closest}"? ${must}`;
}

/** What {@link hint} left in a message; nothing when the message came from elsewhere. */
function listIn(message: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(message);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  boolean: 'true or false',
};

/** What zod calls a type, in words. */
export function kindText(type: string): string {
  return kinds[type] ?? type;
}

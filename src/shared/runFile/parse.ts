import type { z } from 'zod';
import { InputError } from '../errors';
import { runFileSchema, type RunFile } from './index';

/**
 * Checks a run file and fills in its defaults.
 * @param value parsed JSON
 * @param where the file's name, for errors
 * @throws InputError naming the path of the first field that is wrong
 */
export function parseRunFile(value: unknown, where: string): RunFile {
  const parsed = runFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, what, fix } = explain(deepest(parsed.error.issues), value);
  throw new InputError(path === '' ? where : `${where}: ${path}`, what, fix);
}

type Issue = z.core.$ZodIssue;

/** A failed union reports every alternative; the one that got furthest is the one that was meant. */
function deepest(issues: readonly Issue[]): Issue {
  const issue = issues[0] as Issue;
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const candidates = issue.errors
    .filter((alternative) => alternative.length > 0)
    .map((alternative) => deepest(alternative))
    .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue);
  const best = candidates.sort((a, b) => rank(b) - rank(a))[0];
  // When nothing got past the first level, listing one alternative would mislead.
  return best === undefined || rank(best) <= issue.path.length * 4 ? issue : best;
}

function rank(issue: Issue): number {
  const understood = issue.code === 'unrecognized_keys' ? 2 : issue.code === 'invalid_type' ? 0 : 1;
  return issue.path.length * 4 + understood;
}

function explain(issue: Issue, root: unknown): { path: string; what: string; fix: string } {
  const path = pathOf(issue.path);
  const given = show(valueAt(root, issue.path));
  switch (issue.code) {
    case 'unrecognized_keys': {
      const field = issue.keys[0] ?? '';
      return { path: path === '' ? field : `${path}.${field}`, what: 'is not a field', fix: 'Remove it or mend its spelling.' };
    }
    case 'invalid_type':
      return given === 'undefined'
        ? { path, what: 'is missing', fix: `It must be ${article(issue.expected)}.` }
        : { path, what: `is ${given}`, fix: `It must be ${article(issue.expected)}.` };
    case 'invalid_value': {
      const allowed = issue.values.map((value) => JSON.stringify(value)).join(', ');
      if (given === 'undefined') return { path, what: 'is missing', fix: `It must be one of ${allowed}.` };
      return { path, what: `is ${given}`, fix: issue.values.length === 1 ? `It must be ${allowed}.` : `It must be one of ${allowed}.` };
    }
    case 'too_small': {
      const least = `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
      return { path, what: `is ${given}`, fix: `It must ${issue.origin === 'array' ? `have ${least} entries` : `be ${least}`}.` };
    }
    case 'too_big': {
      const most = `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
      return { path, what: `is ${given}`, fix: `It must ${issue.origin === 'array' ? `have ${most} entries` : `be ${most}`}.` };
    }
    case 'invalid_union':
      if (issue.discriminator !== undefined) {
        const chosen = valueAt(root, [...issue.path.filter((part) => part !== issue.discriminator), issue.discriminator]);
        const what = chosen === undefined ? 'is missing' : `is ${show(chosen)}`;
        const options = optionsOf(issue);
        const fix = options === '' ? 'See the README for what is allowed.' : `It must be one of ${options}.`;
        const at = path.endsWith(issue.discriminator) ? path : path === '' ? issue.discriminator : `${path}.${issue.discriminator}`;
        return { path: at, what, fix };
      }
      return { path, what: given === 'undefined' ? 'is missing' : `is ${given}, which has no allowed form`, fix: 'See the README for the forms it may take.' };
    default:
      return { path, what: issue.message, fix: 'Mend this field.' };
  }
}

function optionsOf(issue: Issue): string {
  const options = (issue as { options?: unknown[] }).options;
  if (Array.isArray(options) && options.length > 0) return options.map((option) => JSON.stringify(option)).join(', ');
  return issue.path.length <= 1 && (issue as { discriminator?: string }).discriminator === 'kind'
    ? '"mutual-information", "evidence"'
    : '';
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`))
    .join('');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function show(value: unknown): string {
  if (value === undefined) return 'undefined';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function article(type: string): string {
  const names: Record<string, string> = {
    int: 'a whole number',
    number: 'a number',
    string: 'a text',
    array: 'a list',
    object: 'an object',
    boolean: 'true or false',
  };
  return names[type] ?? type;
}

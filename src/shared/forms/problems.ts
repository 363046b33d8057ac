import { InputError } from '../errors';
import { parseJsonText } from '../runFile';
import { runFileSchema } from '../runFile';
import { crossProblems } from './crossProblems';
import { explain, hint } from '../runFile/explain';
import { findJsonError } from '../runFile/jsonError';

/** What is wrong in a run file: at a field, or where its text stops being JSON. */
export interface Problem {
  /** "ais.chains"; empty for the run file as a whole. */
  readonly path: string;
  /** One sentence or two: what is wrong, what to do. */
  readonly message: string;
}

/** Everything that is wrong with a run file: the schema's own messages, one a field, else what fields say against each other. */
export function problemsOf(value: unknown): Problem[] {
  const parsed = runFileSchema.safeParse(value, { error: hint });
  if (parsed.success) return crossProblems(parsed.data);
  const byPath = new Map<string, Problem>();
  for (const issue of parsed.error.issues) {
    const { path, what, fix } = explain([issue], value);
    if (!byPath.has(path))
      byPath.set(path, { path, message: `${path === '' ? 'The run file' : path} ${what}. ${fix}` });
  }
  return [...byPath.values()];
}

/** A problem said beside its own field, where the path need not be told again. */
export function atField({ path, message }: Problem): string {
  const plain = path !== '' && message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
  return plain
    .replace(/^is ""\. (?=It must not be empty)/, '')
    .replace(/^is /, 'It is ')
    .replace(/^(\p{Ll})/u, (first) => first.toUpperCase());
}

/** Text that is a JSON object, or why it is not and where. */
export type ReadText =
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly message: string; readonly line: number; readonly column: number };

/** Reads the text of a run file; nothing is checked but that it is an object. */
export function readText(text: string): ReadText {
  try {
    const value = parseJsonText(text, 'The run file');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: { ...value } };
    return { message: 'The run file is no object. Write it between { and }.', line: 1, column: 1 };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (!/ is not JSON: /.test(error.message)) return { message: error.message, line: 1, column: 1 };
    const { line, column, what, fix } = findJsonError(text);
    return { message: `Line ${line}, column ${column}: ${what}. ${fix}`, line, column };
  }
}

import { InputError } from '../errors';
import { explain, hint } from './explain';
import { runFileSchema, type RunFile } from './index';

/** A field of a run file is wrong. */
export class RunFileError extends InputError {
  /** The field, "model.decoder[1].linear"; empty when the run file as a whole is wrong. */
  readonly path: string;

  constructor(where: string, path: string, what: string, fix: string) {
    super(where, `${path === '' ? 'the run file' : path} ${what}`, fix);
    this.path = path;
  }
}

/**
 * Checks a run file and fills in its defaults.
 * @param value parsed JSON
 * @param where the file's name, for errors
 * @throws RunFileError naming the path of the field that is most wrong
 */
export function parseRunFile(value: unknown, where: string): RunFile {
  const parsed = runFileSchema.safeParse(value, { error: hint });
  if (parsed.success) return parsed.data;
  const { path, what, fix } = explain(parsed.error.issues, value);
  throw new RunFileError(where, path, what, fix);
}

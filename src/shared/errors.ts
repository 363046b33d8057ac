/**
 * Something the user gave is wrong: a run file, a checkpoint, a data set, a command line. The message is one line that says
 * what is wrong, where, and how to mend it; the command line prints it alone and exits with 2, the app shows it beside the field.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** Where: a file, a path inside the run file ("model.decoder[1]"), a tensor's key. */
  readonly where: string;
  /** What to do about it. */
  readonly fix: string;

  /**
   * @param where the file, run-file path or tensor that is wrong
   * @param what what is wrong with it, without a full stop
   * @param fix how to mend it, a sentence
   */
  constructor(where: string, what: string, fix: string, options?: ErrorOptions) {
    super(oneLine(`${where}: ${what}. ${fix}`), options);
    this.where = where;
    this.fix = fix;
  }
}

/** A run that could not go on although its input was fine (divergence, no memory, a lost device). Exit code 1. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** Folds control characters and line breaks, so that a hostile name in a file cannot write on the terminal. */
export function oneLine(text: string, limit = 600): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
  return plain.length > limit ? `${plain.slice(0, limit - 1)}…` : plain;
}

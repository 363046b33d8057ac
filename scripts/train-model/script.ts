import { InputError, RunError } from '../../src/shared/errors';

/** Runs a script; what went wrong is one line, and 2 the exit code where the arguments are to blame. */
export async function script(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isArgument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!(error instanceof InputError) && !(error instanceof RunError) && !isArgument) throw error;
    console.error(error.message);
    process.exitCode = error instanceof RunError ? 1 : 2;
  }
}

import { execFile } from 'node:child_process';
import { oneLine } from '../../../shared/errors';

/** What became of a piece of code that ran in a process of its own. */
export type Trial =
  | { readonly ended: 'well'; readonly answer: unknown }
  | { readonly ended: 'badly'; readonly message: string; readonly log: string }
  | { readonly ended: 'crashed'; readonly signal: string }
  | { readonly ended: 'late'; readonly seconds: number };

/**
 * Runs CommonJS code in a process of its own, because a broken graphics driver does not throw: it hangs or takes its process along.
 * @param code body of an async function of `args`; what it returns must fit in JSON
 */
export async function trial(code: string, args: readonly string[], seconds = 30): Promise<Trial> {
  const script = `(async (...args) => { ${code} })(...process.argv.slice(1)).then(
    (answer) => process.stdout.write('\\n' + JSON.stringify({ answer: answer ?? null })),
    (error) => process.stdout.write('\\n' + JSON.stringify({ message: String(error?.message ?? error) })),
  )`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['-e', script, ...args],
      {
        timeout: seconds * 1000,
        killSignal: 'SIGKILL',
        windowsHide: true,
        // Electron's own executable then behaves as Node does.
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      },
      (error, stdout, stderr) => {
        // An answer counts even when the process dies afterwards: drivers are known to crash while they are unloaded.
        const said = lastLine(stdout);
        if (said !== undefined && 'answer' in said) resolve({ ended: 'well', answer: said.answer });
        else if (said !== undefined) resolve({ ended: 'badly', message: oneLine(String(said.message)), log: stderr });
        else if (error?.killed === true) resolve({ ended: 'late', seconds });
        else resolve({ ended: 'crashed', signal: error?.signal ?? `exit code ${error?.code ?? 0}` });
      },
    );
  });
}

function lastLine(stdout: string): { answer?: unknown; message?: unknown } | undefined {
  const line = stdout.split('\n').findLast((text) => text.trim() !== '');
  try {
    return line === undefined ? undefined : (JSON.parse(line) as { answer?: unknown; message?: unknown });
  } catch {
    return undefined;
  }
}

/** The reason to give where the trial did not even end. */
export function unfinished(result: Extract<Trial, { ended: 'crashed' | 'late' }>): string {
  return result.ended === 'late'
    ? `did not answer within ${result.seconds} s in a trial run`
    : `crashed in a trial run (${result.signal})`;
}

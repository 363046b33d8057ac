import { RunError, oneLine } from '../../../shared/errors';

/** Turns what ONNX Runtime throws while a graph is compiled into a sentence. */
export function compileFailure(device: string, error: unknown): RunError {
  const message = plain(error);
  const op = /Could not find an implementation for (\w+)/.exec(message)?.[1];
  if (op !== undefined) {
    return failure(error, `The device "${device}" does not have the op ${op} for these types. Use another device.`);
  }
  return common(device, error, message) ?? failure(error, `The device "${device}" refuses the program: ${message}`);
}

/** Turns what ONNX Runtime throws while a program runs into a sentence. */
export function runFailure(device: string, error: unknown): RunError {
  const message = plain(error);
  return common(device, error, message) ?? failure(error, `The device "${device}" failed: ${message}`);
}

function common(device: string, error: unknown, message: string): RunError | undefined {
  if (/failed to allocate|out of memory|bad_alloc|bad allocation|alloc_failed/i.test(message)) {
    const bytes = Number(/requested buffer of size (\d+)/.exec(message)?.[1]);
    const wanted =
      bytes > 0
        ? ` It asked for ${(bytes / 1e9).toLocaleString('en', { maximumSignificantDigits: 3 })} GB at once.`
        : '';
    return failure(
      error,
      `The device "${device}" ran out of memory.${wanted} Use fewer chains, samples or data at once.`,
    );
  }
  if (/device (was |is |has been )?lost|devicelost/i.test(message)) {
    return failure(
      error,
      `The device "${device}" was lost: its driver restarted or the machine slept. Resume the run, or run it with device "cpu".`,
    );
  }
  return undefined;
}

function failure(cause: unknown, sentence: string): RunError {
  return new RunError(oneLine(sentence), { cause });
}

/** Drops the source paths and signatures that ONNX Runtime puts before what it has to say. */
function plain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return oneLine(message.replace(/(?:\/\S+|[A-Z]:\\\S+)\.(?:cc|h|cpp):\d+ .*?\)(?:::<lambda\(\)>)? /g, ''), 300).trim();
}

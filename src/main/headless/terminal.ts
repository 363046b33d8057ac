import type { Writable } from 'node:stream';
import { createColors } from 'picocolors';
import { oneLine } from '../../shared/errors';

type Colours = ReturnType<typeof createColors>;

/** Where a command writes. Everything that commands know about the terminal, so that tests can put their own in its place. */
export interface Terminal {
  /** What was asked for: reports, tables, JSON. */
  readonly out: Writable;
  /** Progress and complaints. */
  readonly err: Writable;
  readonly colours: Colours;
  /** Characters in a line of reports. */
  readonly columns: number;
  /** Whether someone watches `err`. */
  readonly interactive: boolean;
  /** Print stack traces. */
  readonly debug: boolean;
}

interface Stream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Reports are set for 80 columns; wider ones are harder to read, not easier. */
const widest = 80;
const narrowest = 40;

/** The terminal of a process, honouring NO_COLOR, FORCE_COLOR and TERM=dumb. */
export function terminalFor(out: Stream, err: Stream, env: Readonly<NodeJS.ProcessEnv>): Terminal {
  const dumb = env['TERM'] === 'dumb';
  const wanted = isSet(env['FORCE_COLOR']) || (out.isTTY === true && !dumb);
  return {
    out,
    err,
    colours: createColors(wanted && !isSet(env['NO_COLOR'])),
    // A terminal that does not know its width says 0.
    columns: Math.max(narrowest, Math.min(widest, out.columns || widest)),
    interactive: err.isTTY === true && !dumb,
    debug: isSet(env['BRACKET_DEBUG']),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}

/** Writes lines of a report; texts from files have gone through {@link oneLine} before. */
export function print(terminal: Terminal, ...lines: readonly string[]): void {
  terminal.out.write(`${lines.join('\n')}\n`);
}

/** Writes the one line that a command ends with when it fails, and the stack when it was asked for. */
export function complain(terminal: Terminal, message: string, error?: unknown): void {
  terminal.err.write(`bracket: ${oneLine(message)}\n`);
  if (terminal.debug && error instanceof Error) terminal.err.write(`${error.stack ?? String(error)}\n`);
}

import { createRequire } from 'node:module';
import { engineCommands } from './commands';
import { packageRoot } from '../resources/packageRoot';
import { runProgram } from './program';
import { terminalFor } from './terminal';

// tfjs asks for `require` when it finds itself in Node, and modules have none.
globalThis.require = createRequire(import.meta.url);

// A reader that has seen enough ("bracket recipes | head") closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  process.stderr.write(`bracket: standard output: cannot be written (${error.code ?? error.message}).\n`);
  process.exit(1);
});

// The launcher on an older Node holds a channel open; when it is killed, nobody waits for this process any more.
if (process.env['BRACKET_RESTARTED'] !== undefined && process.channel !== undefined) {
  process.once('disconnect', () => process.exit(1));
  process.channel.unref();
}

const terminal = terminalFor(process.stdout, process.stderr, process.env);
process.exitCode = await runProgram(process.argv.slice(2), engineCommands(terminal), packageRoot().version, terminal);

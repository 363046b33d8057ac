#!/usr/bin/env node
// Starts the built command line on the Node that comes with the package, which may be newer than the machine's own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const needed = 24;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const newerNode = here(
  process.platform === 'win32' ? '../node_modules/node/bin/node.exe' : '../node_modules/node/bin/node',
);
const program = here('../out/main/cli.js');

if (!existsSync(program)) {
  process.stderr.write('bracket: out/main/cli.js: the program is not built. Run "npm ci" in its folder.\n');
  process.exitCode = 2;
} else if (
  Number.parseInt(process.versions.node, 10) < needed &&
  existsSync(newerNode) &&
  !process.env.BRACKET_RESTARTED
) {
  restart();
} else {
  await import('../out/main/cli.js');
}

/** Runs this file again on the newer Node and ends as that does. */
function restart() {
  const child = spawn(newerNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    // The channel closes when this process dies in whatever way; the child then ends instead of computing on for nobody.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, BRACKET_RESTARTED: '1' },
  });
  // A terminal sends Ctrl-C to the child as well. Passed on as a polite request it cannot count as the second one there.
  let interrupts = 0;
  process.on('SIGINT', () => child.kill(++interrupts > 1 ? 'SIGKILL' : 'SIGTERM'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    process.stderr.write(`bracket: ${newerNode}: does not start (${error.message}). Run "npm ci" again.\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

// npm start: the desktop app where Electron's runtime is or can be fetched, otherwise the same app in the browser.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { electronRuntime, fetchElectronRuntime, hasScreen } from './electronRuntime.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = fileURLToPath(new URL('../bin/bracket.js', import.meta.url));
const given = process.argv.slice(2);
/** An Electron that ends so soon has not been able to start: no sandbox for this user, no screen, a missing library. */
const tooSoon = 5000;

if (!existsSync(new URL('../out/renderer/index.html', import.meta.url))) {
  process.stderr.write('bracket: the window is not built. Run "npm run build".\n');
  process.exit(2);
}
if (process.env.BRACKET_NO_ELECTRON) serve('BRACKET_NO_ELECTRON is set');
else if (!hasScreen()) serve('there is no screen here');
else {
  const found = electronRuntime();
  const { path, reason } = found === undefined ? fetchElectronRuntime() : { path: found };
  if (path === undefined) serve(reason);
  else open(path);
}

function open(path) {
  const started = Date.now();
  const child = spawn(path, [root, ...given], { stdio: 'inherit' });
  pass(child);
  child.on('error', () => serve('Electron cannot be started'));
  child.on('exit', (code, signal) => {
    if (signal === null && code !== 0 && Date.now() - started < tooSoon) serve('Electron cannot be started here');
    else end(code, signal);
  });
}

/** @param why in a few words */
function serve(why) {
  process.stderr.write(`Opening Bracket in the browser, because ${why}.\n`);
  const child = spawn(process.execPath, [program, 'serve', ...given], {
    stdio: 'inherit',
  });
  pass(child);
  child.on('exit', end);
}

/** A terminal sends Ctrl-C to the child as well; this process only waits for it. */
function pass(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
}

function end(code, signal) {
  process.exitCode = signal === null ? (code ?? 1) : 1;
}

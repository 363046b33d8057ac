// npm run dev: the window from its sources, with hot reload, on an engine that is built and started again when its sources change.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** One token for all engines of this session, so that a page finds the next one. */
const token = randomBytes(32).toString('base64url');
const port = Number(process.env.BRACKET_DEV_PORT ?? 7399);

let engine;
let ending = false;

function build() {
  const builder = file('node_modules/electron-vite/bin/electron-vite.js');
  const { status } = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'error'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, BRACKET_BUILD: 'main' },
  });
  return status === 0;
}

function start() {
  engine = spawn(process.execPath, [file('bin/bracket.js'), 'serve', '--no-open', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, BRACKET_TOKEN: token, BRACKET_DEBUG: '1' },
  });
}

async function restart() {
  if (!build() || ending) return;
  const old = engine;
  if (old.exitCode === null) {
    const gone = new Promise((resolve) => old.once('exit', resolve));
    old.kill('SIGTERM');
    await gone;
  }
  if (!ending) start();
}

if (!build()) process.exit(1);
start();

const target = `http://127.0.0.1:${port}`;
const vite = await createServer({
  configFile: file('src/renderer/vite.config.ts'),
  root: file('src/renderer'),
  server: {
    host: '127.0.0.1',
    proxy: {
      // Whole paths: the sources of the window have a folder of that name.
      '^/rpc$': { target, ws: true },
      '^/session$': { target },
      '^/upload$': { target },
      '^/artifacts/': { target },
    },
  },
});
await vite.listen();
process.stdout.write(`Bracket for development: ${vite.resolvedUrls.local[0]}?token=${token}\n`);

let timer;
for (const folder of ['src/main', 'src/shared'])
  watch(file(folder), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void restart(), 300);
  });

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    ending = true;
    engine.once('exit', () => process.exit(0));
    engine.kill('SIGTERM');
    void vite.close();
  });

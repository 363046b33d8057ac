// Finds Electron's runtime, which is no part of its npm package, or has Electron's own installer fetch it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const package_ = join(root, 'node_modules', 'electron');
/** Says when fetching failed last, so that the next start need not wait for it again. */
const failure = join(root, 'node_modules', '.cache', 'bracket', 'electron-not-fetched');
const retryAfter = 24 * 3600 * 1000;
const patience = 60_000;

/** @returns the path of the program, or undefined */
export function electronRuntime() {
  try {
    const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(package_, 'dist');
    const path = join(folder, readFileSync(join(package_, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a window could be shown here at all. */
export function hasScreen(env = process.env, platform = process.platform) {
  if (env.SSH_CONNECTION || env.CI) return false;
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** @returns the path of the program, or why there is none */
export function fetchElectronRuntime() {
  const installer = join(package_, 'install.js');
  if (!existsSync(installer)) return { reason: 'Electron is not installed' };
  const last = statSync(failure, { throwIfNoEntry: false });
  if (last !== undefined && Date.now() - last.mtimeMs < retryAfter)
    return { reason: 'its runtime could not be fetched' };
  process.stderr.write("Fetching Electron's runtime, once (about 120 MB; a minute at most) …\n");
  const { status } = spawnSync(process.execPath, [installer], { stdio: 'ignore', timeout: patience });
  const path = status === 0 ? electronRuntime() : undefined;
  if (path !== undefined) return { path };
  mkdirSync(dirname(failure), { recursive: true });
  writeFileSync(failure, '');
  return { reason: 'its runtime could not be fetched' };
}

// Builds the command line: the last step of `npm ci`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// npx links this package into its cache before it runs it the first time, and calls this as well. There is nothing to build then,
// and a build that failed would leave a link behind that npx never mends.
if (process.env.npm_command !== 'exec') {
  const builder = fileURLToPath(new URL('../node_modules/electron-vite/bin/electron-vite.js', import.meta.url));
  const { status, error } = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'error'], {
    stdio: 'inherit',
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}

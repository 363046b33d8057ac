import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('fails with one line where the libraries cannot be fetched', () => {
  // A proxy that nobody listens at: no download, whatever the network of this machine.
  const { status, stderr } = spawnSync(process.execPath, ['scripts/setup-cuda.js'], {
    env: { ...process.env, GLOBAL_AGENT_HTTPS_PROXY: 'http://127.0.0.1:9' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  const supported = process.platform === 'linux' && process.arch === 'x64';
  expect(stderr).toContain(supported ? 'could not be downloaded' : 'Linux on x64');
});

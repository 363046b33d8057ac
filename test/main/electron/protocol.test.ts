import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { RendererFiles } from '../../../src/main/resources/rendererFiles';

// The package gives only a path when no runtime of it runs.
vi.mock('electron', () => ({ protocol: {} }));
const { answerRequest } = await import('../../../src/main/electron/appProtocol');

let folder: string;
let files: RendererFiles;
const ask = (address: string, init?: RequestInit): Promise<Response> =>
  answerRequest(new Request(address, init), files);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-protocol-'));
  mkdirSync(join(folder, 'build', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'build', 'index.html'), '<meta nonce="STYLE-NONCE">');
  writeFileSync(join(folder, 'build', 'assets', 'a.js'), 'export {};');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  files = new RendererFiles(join(folder, 'build'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('gives the window its own files under the policy', async () => {
  const page = await ask('app://bracket/');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const nonce = /nonce="([^"]+)"/.exec(await page.text())?.[1];
  expect(page.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
  expect((await ask('app://bracket/assets/a.js')).status).toBe(200);
});

it.each(['app://bracket/../secret.js', 'app://bracket/%2e%2e/secret.js', 'app://bracket/..%2fsecret.js'])(
  'does not read %s',
  async (address) => expect((await ask(address)).status).toBe(404),
);

it('answers nobody else, and changes nothing', async () => {
  expect((await ask('app://other/')).status).toBe(403);
  expect((await ask('app://bracket/', { method: 'POST' })).status).toBe(403);
});

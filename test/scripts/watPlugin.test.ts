import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';
import { watPlugin } from '../../scripts/watPlugin.js';

const folder = mkdtempSync(join(tmpdir(), 'wat-'));
let server: ViteDevServer;

beforeAll(async () => {
  server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    plugins: [watPlugin()],
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

it('assembles WebAssembly text', async () => {
  writeFileSync(join(folder, 'empty.wat'), '(module)');
  const { default: bytes } = (await server.ssrLoadModule('/empty.wat')) as { default: Uint8Array };
  expect([...bytes]).toEqual([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
});

it.each([
  ['a misspelt instruction', '(module (func (i32.ad)))', /i32\.ad/],
  ['an instruction without its operand', '(module (func (result i32) (i32.add (i32.const 1))))', /type mismatch/],
])('names the file and the line of %s', async (_, text, complaint) => {
  writeFileSync(join(folder, 'wrong.wat'), text);
  const loading = server.ssrLoadModule('/wrong.wat');
  await expect(loading).rejects.toThrow(complaint);
  await expect(loading).rejects.toThrow(/wrong\.wat:1:/);
});

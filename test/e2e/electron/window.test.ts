import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronRuntime, hasScreen } from '../../../scripts/electronRuntime.js';
import { packageRoot } from '../../../src/main/resources/packageRoot';

const runtime = electronRuntime();

// Skipped tests are reported as such: the runtime is fetched by `npm start`, and needs a screen.
describe.skipIf(runtime === undefined || !hasScreen({ ...process.env, CI: '' }))('the desktop app', () => {
  let home: string;
  let app: ElectronApplication;
  let page: Page;
  const { directory } = packageRoot();

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'bracket-electron-'));
    app = await _electron.launch({
      executablePath: runtime ?? '',
      args: [directory, `--user-data-dir=${join(home, 'window')}`],
      env: { ...process.env, BRACKET_HOME: join(home, 'data') },
    });
    page = await app.firstWindow();
    await page.waitForSelector('main');
  });
  afterAll(async () => {
    await app.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('shows the window from its own protocol', () => {
    expect(page.url()).toMatch(/^app:\/\/bracket\//);
  });

  it('gives the page nothing of Node', async () => {
    const seen = await page.evaluate(() => ({
      require: typeof (globalThis as { require?: unknown }).require,
      process: typeof (globalThis as { process?: unknown }).process,
      api: Object.keys((globalThis as unknown as { bracket: object }).bracket).sort(),
      frozen: Object.isFrozen((globalThis as unknown as { bracket: object }).bracket),
    }));
    expect(seen).toEqual({
      ...{ require: 'undefined', process: 'undefined', frozen: true },
      api: ['connect', 'onCommand', 'pathOf', 'platform'],
    });
  });

  it('reaches the engine, which puts the example into the empty library', async () => {
    await page.evaluate(() => {
      location.hash = '#/models';
    });
    await page.getByText('glyphs-vae').first().waitFor({ timeout: 30_000 });
  });

  it('does not leave, and opens nothing', async () => {
    await page.evaluate(() => {
      location.href = 'https://example.org/';
      window.open('file:///etc/passwd');
    });
    await page.waitForTimeout(500);
    expect(page.url()).toMatch(/^app:\/\/bracket\//);
    expect(app.windows()).toHaveLength(1);
  });
});

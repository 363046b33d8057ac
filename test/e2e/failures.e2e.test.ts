import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { chromiumPath, sharedChromium } from '../support/chromium';
import { canFillDisk, disk } from '../support/fullDisk';
import { serveApp, type ServedApp } from '../support/servedApp';
import { violations } from './accessible';

vi.mock('node:fs', async (original) => (await import('../support/fullDisk')).withFullDisk(original as never));
// Other work may share the machine.
vi.setConfig({ testTimeout: 240_000 });

const glyphs = fileURLToPath(new URL('../../resources/examples/glyphs-vae.safetensors', import.meta.url));

describe.skipIf(chromiumPath === undefined)('when something is wrong, the app says what, and what to do', () => {
  let app: ServedApp;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    app = await serveApp();
    browser = await sharedChromium();
  }, 240_000);
  afterAll(async () => {
    await app?.close();
  });
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(60_000);
  });
  afterEach(() => page.context().close());

  const see = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
  const place = (): string => new URL('/', app.url).href;

  it('an address with an old token', async () => {
    await page.goto(`${place()}?token=of-yesterday`);
    await page.getByRole('heading', { name: 'This address is no longer valid' }).waitFor();
    await see(
      /^The server that it belonged to has ended, or .* Open the address that "bracket serve" has printed last\.$/,
    );
    expect(await page.locator('script').count()).toBe(0);
  });

  it('an address without one', async () => {
    await page.goto(place());
    await page.getByRole('heading', { name: 'This page has lost its engine' }).waitFor();
    await see(/^This page needs the address that "bracket serve" printed when it started, with the token in it\./);
    expect(await violations(page)).toEqual([]);
  });

  it('a tab whose server has ended, and one that was started again since', async () => {
    await page.goto(`${app.url}#/settings`);
    await page.getByText(app.engine.home).waitFor();
    await app.stop();
    await see(/^The connection to the engine is lost; trying again\. .*Is "bracket serve" still running\?/);
    // What was there is still to be read.
    await page.getByText(app.engine.home).waitFor();
    const url = await app.start();
    await page.getByRole('heading', { name: 'This page has lost its engine' }).waitFor();
    await see(
      /^The server that this page belonged to has ended, .* Open the address that "bracket serve" has printed last\.$/,
    );
    await page.goto(`${url}#/settings`);
    await page.getByText(app.engine.home).waitFor();
  });

  it.skipIf(!canFillDisk)('a full disk, and the file is taken once there is room', async () => {
    await page.goto(`${await again()}#/models`);
    await see('No models yet');
    const add = page.locator('input[type=file][accept*=".safetensors"]').first();
    disk.full = true;
    try {
      await add.setInputFiles(glyphs);
      await page
        .getByRole('alert')
        .getByText('The disk that holds the data folder is full. Free some space and try again.')
        .waitFor();
      await see('No models yet');
    } finally {
      disk.full = false;
    }
    await add.setInputFiles(glyphs);
    await page.getByRole('heading', { level: 1, name: 'glyphs-vae' }).waitFor();
  });

  /** The address of a new server: the one that the app was served at first is an old one by now. */
  async function again(): Promise<string> {
    await app.stop();
    return app.start();
  }
});

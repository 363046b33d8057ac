import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildNpy, npyHeader } from '../main/files/buildNpy';
import { chromiumPath, sharedChromium } from '../support/chromium';
import { serveApp, type ServedApp } from '../support/servedApp';
import { violations } from './accessible';

/** Black and white pictures of 6 × 6 with a bar across or down. */
function bars(count: number): Buffer {
  const pixels = Array.from({ length: count }, (_, image) =>
    Array.from({ length: 36 }, (__, at) => Number((image % 2 === 0 ? at % 6 : Math.floor(at / 6)) === image % 6)),
  );
  return Buffer.from(buildNpy(npyHeader('|u1', `(${count}, 6, 6)`), pixels.flat()));
}

vi.setConfig({ testTimeout: 240_000 });
/** Other work may share the machine. */
const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 60_000 });

describe.skipIf(chromiumPath === undefined)('a VAE', () => {
  let app: ServedApp;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    app = await serveApp();
    browser = await sharedChromium();
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${app.url}#/runs/new`);
  }, 240_000);
  afterAll(async () => {
    await page?.context().close();
    await app?.close();
  });

  const run = () => page.getByRole('button', { name: 'Run', exact: true });

  it('is begun by keyboard, and waits for data', async () => {
    await page.getByRole('radio', { name: /Bound a model/ }).focus();
    for (const kind of [/Sample a target/, /Train a VAE/]) {
      // As long as a person holds it.
      await page.keyboard.press('ArrowRight', { delay: 100 });
      await until(() => page.getByRole('radio', { name: kind }).isChecked()).toBe(true);
    }
    await page.getByRole('heading', { name: 'Networks' }).waitFor();
    await page.getByText('It must not be empty.').first().waitFor();
    expect(await run().isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
  });

  it('takes a data set on the spot, and a bound of chains', async () => {
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'bars.npy', mimeType: '', buffer: bars(240) });
    await page.getByRole('img', { name: /^The first data of bars/ }).waitFor();
    await until(() => run().isDisabled()).toBe(false);
    const bound = page.getByRole('combobox', { name: 'Bound', exact: true });
    await bound.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('ULA-');
    await page.keyboard.press('Enter');
    await page.getByLabel('Transitions K').fill('2');
    await page.keyboard.press('Tab');
    await page.getByLabel('Widths of the encoder').fill('16');
    await page.keyboard.press('Tab');
    await page.getByLabel('Widths of the decoder').fill('16');
    await page.keyboard.press('Tab');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/runs\/[0-9a-f-]{36}/);
  });

  it('shows what it learned, and says its test log-likelihood under two names', async () => {
    await page.getByRole('link', { name: 'Run again with changes' }).waitFor({ timeout: 200_000 });
    await page.getByRole('img', { name: /^Reconstructions after [\d,]+ updates, the best/ }).waitFor();
    const painted = await page.getByRole('img', { name: /^Samples/ }).evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return new Set(data).size;
    });
    expect(painted).toBeGreaterThan(10);
    const answer = page.getByRole('complementary', { name: 'Answer' });
    await answer.getByText(/^Test log p\(x\) is at least .* by IWAE with 500 samples of q\(z \| x\)/).waitFor();
    await answer.getByRole('button', { name: 'annealed chains, K = 8, T = 50' }).waitFor();
    const tabs = await page.getByRole('tab').allTextContents();
    expect(tabs.map((text) => text.trim().replace(/\s*\d+$/, ''))).toEqual([
      ...['Bounds', 'Training', 'Per datum', 'Diagnostics', 'Run file', 'Log', 'Environment', 'Notes and tags'],
    ]);
    expect(await violations(page)).toEqual([]);
  });

  it('has a card for the name of every bound', async () => {
    const table = page.getByRole('region', { name: 'All bounds' });
    const names = await table.getByRole('row').locator('th button').allTextContents();
    expect(names.sort()).toEqual(['ELBO', 'IM-AIS', 'IWAE', 'ULA-MCD']);
    await table.getByRole('button', { name: 'ULA-MCD' }).click();
    await page.getByText('lower on log p(x)').waitFor();
    await page.keyboard.press('Escape');
  });

  it('leaves a model in the library', async () => {
    await page
      .getByRole('complementary', { name: 'Answer' })
      .getByRole('link', { name: /^VAE of bars/ })
      .click();
    await page.getByRole('heading', { name: /^VAE of bars/, level: 1 }).waitFor();
    // Of 6 × 6, which nothing but the file says.
    await page.getByRole('img', { name: 'Samples of the model' }).waitFor();
  });
});

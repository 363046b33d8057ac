import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { violations } from './accessible';
import { chromiumPath, sharedChromium } from '../support/chromium';
import { serveApp, type ServedApp } from '../support/servedApp';
import { buildNpy, npyHeader } from '../main/files/buildNpy';

const glyphs = fileURLToPath(new URL('../../resources/examples/glyphs-vae.safetensors', import.meta.url));

/** Black and white data that fit the example model, and some that do not. */
function images(count: number, size: number): Buffer {
  return Buffer.from(
    buildNpy(
      npyHeader('|u1', `(${count}, ${size})`),
      Array.from({ length: count * size }, (_, i) => Number((i * 7919) % 5 === 0)),
    ),
  );
}

vi.setConfig({ testTimeout: 240_000 });
/** Other work may share the machine. */
const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 60_000 });

describe.skipIf(chromiumPath === undefined)('from a checkpoint to a run', () => {
  let app: ServedApp;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    app = await serveApp();
    browser = await sharedChromium();
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${app.url}#/models`);
  }, 240_000);
  afterAll(async () => {
    await page?.context().close();
    await app?.close();
  });

  const visit = async (path: string): Promise<void> => {
    await page.evaluate((hash) => (location.hash = hash), path);
  };
  const picked = (accept: string): Locator => page.locator(`input[type=file][accept*="${accept}"]`).first();
  const json = async (): Promise<Record<string, unknown>> => JSON.parse(await draftText()) as Record<string, unknown>;
  const draftText = (): Promise<string> =>
    page.evaluate(() => (JSON.parse(sessionStorage.getItem('bracket.draft') ?? '{}') as { text?: string }).text ?? '');
  const see = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
  /** Replaces the text of the editor as a person would. */
  const write = async (text: string): Promise<void> => {
    const editor = page.getByRole('textbox', { name: 'Run file as JSON' });
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
  };

  const accessible = async (): Promise<void> => expect(await violations(page)).toEqual([]);

  it('says what to do in an empty library', async () => {
    await see('No models yet');
    await accessible();
  });

  it('says of a wrong file what it is not, and loses nothing', async () => {
    await picked('.pth').setInputFiles({
      name: 'notes.pth',
      mimeType: '',
      buffer: Buffer.from('no checkpoint at all'),
    });
    const alert = page.getByRole('list', { name: 'Files on their way' }).getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/^notes\.pth: .+\. .+/);
    await accessible();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await alert.waitFor({ state: 'detached' });
  });

  it('takes a checkpoint that is dropped anywhere and shows what the model draws', async () => {
    const { readFileSync } = await import('node:fs');
    const content = readFileSync(glyphs).toString('base64');
    await visit('/settings');
    const files = await page.evaluateHandle((base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'glyphs-vae.safetensors'));
      return transfer;
    }, content);
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: files });
    await see('Drop a checkpoint, a data set or a run file');
    await page.dispatchEvent('body', 'drop', { dataTransfer: files });
    await page.getByRole('heading', { name: 'glyphs-vae', level: 1 }).waitFor();
    await page.getByRole('img', { name: 'Samples of the model' }).waitFor();
    await page.getByRole('img', { name: 'Dimension 8 from −3 to 3' }).waitFor();
    const drawn = await page
      .getByRole('img', { name: 'Samples of the model' })
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        return new Set(data).size;
      });
    expect(drawn).toBeGreaterThan(50);
  });

  it('corrects the layers by keyboard, and says what does not fit', async () => {
    const kind = page.getByRole('combobox', { name: 'Layer 2', exact: true });
    await kind.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('soft');
    await page.keyboard.press('Enter');
    await until(() => kind.textContent()).toBe('Softplus');
    await kind.focus();
    await page.keyboard.press('Alt+ArrowDown');
    const moved = page.getByRole('combobox', { name: 'Layer 3', exact: true });
    await until(() => moved.textContent()).toBe('Softplus');
    expect(await moved.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('button', { name: 'Keep these layers' }).click();
    await until(async () => (await models())[0]).toMatchObject({
      confirmed: true,
      decoder: [{ linear: 'decoder.fc1' }, 'softplus', {}, 'tanh', {}],
    });
    await page.getByRole('combobox', { name: 'Weights of layer 3' }).click();
    await page.getByRole('option', { name: /^decoder\.fc1 .*does not fit/ }).click();
    await see('These weights take 8 numbers, and 128 come in. Choose others, or move the layer.');
    await see('Something above does not fit yet.');
    await accessible();
    await page.getByRole('button', { name: 'As it was' }).click();
  });

  const models = async () => app.engine.handlers['models.list']({}, { signal: new AbortController().signal });

  it('takes data, and shows them', async () => {
    await visit('/data');
    await see('No data yet');
    await picked('.npy').setInputFiles({ name: 'glyphs.npy', mimeType: '', buffer: images(300, 256) });
    await page.getByRole('img', { name: 'Data 1 to 96 of 300' }).waitFor();
    await page.getByRole('button', { name: 'Later data' }).click();
    await page.getByRole('img', { name: 'Data 97 to 192 of 300' }).waitFor();
    await visit('/data');
    await picked('.npy').setInputFiles({ name: 'narrow.npy', mimeType: '', buffer: images(20, 10) });
    await page.getByRole('region', { name: 'Data' }).waitFor();
    await see('No model of the library draws data of this shape.');
    await accessible();
  });

  it('begins a run with the model, and tells what it will cost', async () => {
    await visit('/models');
    await page.getByRole('link', { name: 'glyphs-vae' }).click();
    await page.getByRole('link', { name: 'Bracket this model' }).click();
    await see('Expected time');
    await until(() => page.locator('.expected dd').first().textContent()).toMatch(/\d (ms|s|min)/);
    expect(await json()).toMatchObject({
      kind: 'mutual-information',
      ais: { chains: 16, temperatures: 499, ladder: true },
    });
    await page.getByRole('button', { name: /Advanced/ }).click();
    await accessible();
  });

  it('changes the JSON with the form', async () => {
    await page.getByRole('radio', { name: 'Standard' }).click();
    await until(json).toMatchObject({ ais: { temperatures: 4999, chains: 24 } });
    await page.getByRole('slider', { name: 'Effort' }).focus();
    await page.keyboard.press('Home');
    await until(json).toMatchObject({ ais: { temperatures: 50, chains: 8 } });
    await page.getByLabel('Leapfrog steps L').fill('3');
    await page.getByRole('checkbox', { name: /^IWAE/ }).uncheck();
    await until(json).toMatchObject({ ais: { leapfrog: 3 }, estimators: ['im-ais', 'cr-ais'] });
    await page.getByRole('combobox', { name: 'Start from' }).click();
    await page.getByRole('option', { name: 'Gaussian' }).click();
    await until(json).toMatchObject({ ais: { initial: { type: 'gaussian', std: 1 } } });
    await page.getByRole('button', { name: /Back to the default, the prior/ }).click();
    await until(async () => (await json())['ais']).not.toHaveProperty('initial');
  });

  it('changes the form with the JSON, and keeps text that is wrong', async () => {
    const good = await draftText();
    await write(good.replace('"chains": 8', '"chains": 2'));
    await until(() => page.getByLabel('Chains K').inputValue()).toBe('2');
    await write(good.replace('"chains": 8', '"chains": 0'));
    await see('ais.chains is 0. It must be at least 1.');
    await see('It is 0. It must be at least 1.');
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    const broken = good.replace('"chains": 8,', '"chains": 8,,');
    await write(broken);
    await see(/Line \d+, column \d+: .* Mend it there\./);
    expect(await page.getByLabel('Chains K').isDisabled()).toBe(true);
    expect(await draftText()).toBe(broken);
    await accessible();
    await page.reload();
    await see(/Line \d+, column \d+/);
    expect(await draftText()).toBe(broken);
    await write(good.replace('"chains": 8', '"chains": 2'));
    await until(() => page.getByLabel('Chains K').inputValue()).toBe('2');
  });

  it('offers only data that fit', async () => {
    const before = await draftText();
    await page.getByRole('radio', { name: /Log-likelihood/ }).click();
    await page.getByRole('combobox', { name: 'Data' }).click();
    const narrow = page.getByRole('option', { name: /narrow/ });
    expect(await narrow.textContent()).toMatch(/10 numbers a datum, the model gives 256/);
    expect(await narrow.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('option', { name: /glyphs/ }).click();
    await until(json).toMatchObject({
      kind: 'evidence',
      data: { file: expect.stringMatching(/glyphs\.npy$/) as string },
    });
    await see('log p(x) is bounded from below only');
    await accessible();
    await write(before);
    await until(json).toMatchObject({ kind: 'mutual-information' });
  });

  it('runs, by keyboard alone', async () => {
    const spec = await json();
    await page.getByRole('radio', { name: /Mutual information/ }).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox');
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/#\/runs\/(?!new)[^/]+$/);
    const id = page.url().split('/').at(-1) ?? '';
    const context = { signal: new AbortController().signal };
    const run = await app.engine.handlers['runs.get']({ id }, context);
    expect(run.spec).toMatchObject(spec);
    expect(await draftText()).toBe('');
    await until(async () => (await app.engine.handlers['runs.get']({ id }, context)).row.status).toBe('done');
    await visit(`/runs/new?from=${id}`);
    await see(`From “${run.row.name}”`);
    await until(json).toMatchObject({ ais: { chains: 2, temperatures: 50 } });
  });
});

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lightTheme } from '../../src/shared/charts/theme';
import { resultSchema, type Result } from '../../src/shared/result';
import type { RunDetail } from '../../src/shared/runRecord';
import { buildNpy, npyHeader } from '../main/files/buildNpy';
import { chromiumPath, sharedChromium } from '../support/chromium';
import { serveApp, type ServedApp } from '../support/servedApp';
import { temperaturesOnTheWay, vaeCheckpoint } from '../support/sharedCheckpoint';
import { violations } from './accessible';
import { drawPdf, drawSvg, hasPoppler, onWhite } from './drawnAgain';
import { asWritten, shownLines } from './shownNumbers';
import { ofModel } from '../support/modelRun';

// One person's way through the app, from a file to a figure: each step begins where the one before has ended. Other work may keep
// the machine busy, so every step waits for what it needs, and long.
vi.setConfig({ testTimeout: 300_000 });
const patience = 240_000;

if (chromiumPath === undefined) console.warn('The way through the app is skipped: there is no Chromium.');
if (!hasPoppler) console.warn('Exported PDFs are not drawn again: there is no pdftotext and pdftoppm (poppler-utils).');

describe.skipIf(chromiumPath === undefined)('from a checkpoint to a figure in a paper', () => {
  let app: ServedApp;
  let browser: Browser;
  let page: Page;
  let id = '';
  let result: Result;
  const folder = mkdtempSync(join(tmpdir(), 'bracket-journey-'));
  const model = parse(vaeCheckpoint).name;
  const context = { signal: new AbortController().signal };

  beforeAll(async () => {
    app = await serveApp();
    browser = await sharedChromium();
    page = await (
      await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })
    ).newPage();
    page.setDefaultTimeout(patience);
  }, patience);
  afterAll(async () => {
    await page?.context().close();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: patience, interval: 100 });
  const visit = (path: string): Promise<string> => page.evaluate((hash) => (location.hash = hash), path);
  const title = (name: string | RegExp): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();
  const see = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const status = (word: string): Promise<void> => page.locator('.state .status').getByText(word).waitFor();
  const chart = (): Locator => page.getByRole('img', { name: /^Bounds on I/ });
  const detail = async (): Promise<RunDetail> => app.engine.handlers['runs.get']({ id }, context);
  const accessible = async (): Promise<void> => expect(await violations(page)).toEqual([]);

  /** How many rounds the figure shows, by the rows of the numbers behind it. */
  async function rounds(): Promise<number> {
    await button('Show the numbers').first().click();
    const table = page.getByRole('region', { name: /as a table$/ }).first();
    const first = await table.locator('tbody tr td:first-child').allTextContents();
    await button('Show the chart').first().click();
    await chart().locator('svg').waitFor();
    return new Set(first).size;
  }

  async function saved(press: () => Promise<void>): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), press()]);
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  }

  it('imports the checkpoint and shows what the model draws', async () => {
    await page.goto(`${app.url}#/models`);
    await see('No models yet');
    await page.locator('input[type=file][accept*=".pth"]').first().setInputFiles(vaeCheckpoint);
    await title(model);
    await page.getByRole('img', { name: 'Samples of the model' }).waitFor();
  });

  it('configures a run in the form', async () => {
    await page.getByRole('link', { name: 'Bracket this model' }).click();
    await title('New run');
    await until(() => page.locator('.expected dd').first().textContent()).toMatch(/\d (ms|s|min)/);
    await page.getByLabel('How many').fill('6');
    await button('Advanced every other field of the run file').click();
    for (const [label, value] of [
      ['Name', 'From a file to a figure'],
      ['Seed', '11'],
      ['Chains K', '4'],
      ['Temperatures T', String(temperaturesOnTheWay)],
      ['Leapfrog steps L', '4'],
    ] as const)
      await page.getByLabel(label, { exact: true }).first().fill(value);
    await until(() => button('Run').isEnabled()).toBe(true);
    await button('Run').click();
    await page.waitForURL(/#\/runs\/(?!new)[^/]+$/);
    id = page.url().split('/').at(-1) ?? '';
    await title('From a file to a figure');
    expect((await detail()).spec).toMatchObject({
      ...{ kind: 'mutual-information', seed: 11, data: { simulate: 6 } },
      ais: { chains: 4, temperatures: temperaturesOnTheWay, leapfrog: 4, ladder: true },
    });
  });

  it('sees the plot move', async () => {
    await page.getByRole('progressbar', { name: /^Progress/ }).waitFor();
    await chart().locator('svg').waitFor();
    await see(/^So far: I\(x; z\) is/);
    const drawn = await chart().locator('svg').innerHTML();
    const shown = await rounds();
    await until(() => chart().locator('svg').innerHTML()).not.toBe(drawn);
    await until(rounds).toBeGreaterThan(shown);
  });

  it('pauses, finds everything after a reload, and resumes', async () => {
    await button('Pause').click();
    await status('Paused');
    const { row, points } = await detail();
    expect(row.status).toBe('paused');
    expect(row.progress).toBeLessThan(1);
    await page.reload();
    await status('Paused');
    await chart().locator('svg').waitFor();
    expect(await rounds()).toBe(new Set(points.map(({ temperatures }) => temperatures)).size);
    await button('Resume').click();
    await status('Running');
  });

  it('finishes, and nothing jumps', async () => {
    const tabs = page.getByRole('tablist', { name: 'About this run' });
    const top = (await tabs.boundingBox())?.y ?? 0;
    await status('Done');
    await page.getByRole('link', { name: 'Run again with changes' }).waitFor();
    expect(Math.abs(((await tabs.boundingBox())?.y ?? 0) - top)).toBeLessThan(25);
  });

  it('has the command line compute the same run file', async () => {
    await page.getByRole('tab', { name: /^Run file/ }).click();
    const file = await saved(() => page.getByRole('tabpanel').getByRole('button', { name: 'Save' }).click());
    const json = join(folder, 'result.json');
    const env = { ...process.env, BRACKET_HOME: join(folder, 'no-history') };
    await promisify(execFile)(process.execPath, [app.cli, 'run', file, '--json', json, '--no-store'], { env });
    result = resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
    expect(result).toMatchObject({ status: 'done', spec: { seed: 11, name: 'From a file to a figure' } });
  });

  it('shows the numbers that the command line writes', async () => {
    const lines = await shownLines(page);
    expect(lines).toEqual(asWritten(lines, result));
    // The bracket takes two of the bounds, and the gap is none.
    expect(lines).toHaveLength(result.bounds.length + 1);
  });

  async function exported(format: string, label: RegExp): Promise<string> {
    await button('Export…').first().click();
    const dialog = page.getByRole('dialog', { name: 'Export figure' });
    await dialog.getByRole('combobox', { name: 'Format' }).click();
    await page.getByRole('option', { name: label }).click();
    const path = await saved(() => dialog.getByRole('button', { name: `Save ${format}` }).click());
    await dialog.waitFor({ state: 'detached' });
    return path;
  }
  const texts = ['I(x; z), nats', 'temperatures T', 'IM-AIS', 'CR-AIS', 'gap'];
  const bands = (['lower', 'upper'] as const).map((side) => onWhite(lightTheme[side], lightTheme.bandOpacity));

  it('exports every digit as CSV', async () => {
    const csv = readFileSync(await exported('CSV', /^CSV/), 'utf8');
    for (const { side, value } of result.bounds) expect(csv).toMatch(new RegExp(`,${side},${value},`));
  });

  it('exports the figure as SVG, which a browser draws from the file alone', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    const path = await exported('SVG', /^SVG/);
    const svg = readFileSync(path, 'utf8');
    expect(svg).toContain('width="85mm"');
    expect(svg.length).toBeLessThan(200_000);
    const drawn = await drawSvg(browser, path);
    for (const text of texts) expect(drawn.texts).toContain(text);
    for (const band of bands) expect(drawn.count(band)).toBeGreaterThan(200);
  });

  it('exports it as PDF of the size asked for', async () => {
    const pdf = readFileSync(await exported('PDF', /^PDF/), 'latin1');
    expect(pdf).toMatch(/MediaBox \[0 0 240\.9/);
    expect(pdf.length).toBeLessThan(200_000);
  });

  it.skipIf(!hasPoppler)('exports it as PDF, which another program reads and draws', async () => {
    const drawn = drawPdf(await exported('PDF', /^PDF/));
    for (const text of texts) expect(drawn.texts).toContain(text);
    for (const band of bands) expect(drawn.count(band)).toBeGreaterThan(200);
  });

  describe('and every page on the way is accessible in both themes:', () => {
    it('the run', accessible);

    it('the run, exported', async () => {
      await button('Export…').first().click();
      await page.getByRole('combobox', { name: 'Format' }).click();
      await page.getByRole('listbox').waitFor();
      await accessible();
      await page.keyboard.press('Escape');
      await accessible();
      await page.keyboard.press('Escape');
    });

    it('Runs, and two of them compared', async () => {
      const { spec: whole, directory } = await detail();
      const spec = ofModel(whole);
      const other = { ...spec, name: 'Once more', ais: { ...spec.ais, temperatures: 40 } };
      await app.engine.handlers['runs.create']({ spec: other, directory }, context);
      await visit('/runs');
      await until(() => page.getByRole('grid', { name: 'Runs' }).locator('[data-run]').getByText('Done').count()).toBe(
        2,
      );
      await accessible();
      await page.getByRole('grid', { name: 'Runs' }).focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('c');
      await title('Compare 2 runs');
      await page
        .getByRole('img', { name: /^Bounds on/ })
        .first()
        .waitFor();
      await accessible();
    });

    it('New run', async () => {
      await visit(`/runs/new?from=${id}`);
      await see('From “From a file to a figure”');
      await until(() => page.locator('.expected dd').first().textContent()).toMatch(/\d (ms|s|min)/);
      await accessible();
    });

    it('Models, a model, and what asks before one is removed', async () => {
      await visit('/models');
      await page.getByRole('link', { name: model }).waitFor();
      await accessible();
      await button(`Remove ${model}`).click();
      await page.getByRole('dialog').waitFor();
      await accessible();
      await button('Keep it').click();
      await page.getByRole('link', { name: model }).click();
      await page.getByRole('img', { name: 'Samples of the model' }).waitFor();
      await page
        .getByRole('img', { name: /from −3 to 3$/ })
        .first()
        .waitFor();
      await accessible();
    });

    it('Data, and a data set', async () => {
      const npy = buildNpy(
        npyHeader('|u1', '(30, 64)'),
        Array.from({ length: 30 * 64 }, (_, at) => at % 7),
      );
      await visit('/data');
      await page
        .locator('input[type=file][accept*=".npy"]')
        .first()
        .setInputFiles({ name: 'stripes.npy', mimeType: '', buffer: Buffer.from(npy) });
      await title('stripes');
      await page.getByRole('img', { name: /^Data 1 to/ }).waitFor();
      await accessible();
      await visit('/data');
      await page.getByRole('link', { name: 'stripes' }).waitFor();
      await accessible();
    });

    it('Recipes, Settings, and an address that leads nowhere', async () => {
      for (const [path, name] of [
        ['/recipes', 'Recipes'],
        ['/settings', 'Settings'],
        ['/nowhere/at/all', 'Not found'],
      ] as const) {
        await visit(path);
        await title(name);
        await accessible();
      }
    });

    it('the palette and the sheet of shortcuts', async () => {
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
      await accessible();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await accessible();
    });
  });
});

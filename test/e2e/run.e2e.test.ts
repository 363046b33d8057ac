import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../src/shared/answer';
import type { RunDetail } from '../../src/shared/runRecord';
import { violations } from './accessible';
import { chromiumPath, launchChromium } from '../support/chromium';
import { glyphsDirectory, glyphsSpec } from '../support/glyphs';
import { serveApp, type ServedApp } from '../support/servedApp';

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;

describe.skipIf(chromiumPath === undefined)('the page of a run', () => {
  let app: ServedApp;
  let browser: Browser;
  let page: Page;
  let id: string;
  const folder = mkdtempSync(join(tmpdir(), 'bracket-figures-'));
  const context = { signal: new AbortController().signal };

  beforeAll(async () => {
    app = await serveApp();
    browser = await launchChromium();
    page = await (
      await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })
    ).newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(app.url);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const visit = (path: string): Promise<string> => page.evaluate((hash) => (location.hash = hash), path);
  const detail = async (): Promise<RunDetail> => app.engine.handlers['runs.get']({ id }, context);
  const chart = () => page.getByRole('img', { name: /^Bounds on I/ });
  const see = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const status = (word: string): Promise<void> => page.locator('.state .status').getByText(word).waitFor();
  /** How many points of the upper bound by IM-AIS the chart shows, by what it says to those who cannot see it. */
  const rounds = async (): Promise<number> => {
    await page.getByRole('button', { name: 'Show the numbers' }).first().click();
    const rows = await page
      .getByRole('region', { name: /as a table$/ })
      .first()
      .locator('tbody tr')
      .allTextContents();
    await page.getByRole('button', { name: 'Show the chart' }).first().click();
    return rows.filter((row) => /IM-AIS.*upper/.test(row)).length;
  };
  const accessible = async (): Promise<void> => expect(await violations(page)).toEqual([]);

  it('waits for the first bounds, and is readable before there are any', async () => {
    const spec = glyphsSpec({
      name: 'Glyphs on the page',
      data: { simulate: 6 },
      ais: { chains: 4, temperatures: 2400, leapfrog: 4, ladder: true },
    });
    ({ id } = await app.engine.handlers['runs.create']({ spec, directory: glyphsDirectory }, context));
    await visit(`/runs/${id}`);
    await page.getByRole('heading', { name: 'Glyphs on the page', level: 1 }).waitFor();
    await see(/first bounds appear here/);
    await page.getByRole('progressbar', { name: /Progress/ }).waitFor();
  });

  it('shows points as rounds finish, and says what is known so far', async () => {
    await chart().locator('svg').waitFor();
    await see(/^So far: I\(x; z\) is/);
    await expect.poll(rounds, { timeout: 30_000, interval: 500 }).toBeGreaterThan(1);
  });

  it('pauses, is the same after a reload, and goes on', async () => {
    await button('Pause').click();
    await status('Paused');
    const before = await detail();
    expect(before.row.status).toBe('paused');
    await page.reload();
    await status('Paused');
    await chart().locator('svg').waitFor();
    expect(await rounds()).toBe(before.points.length);
    await accessible();
    await button('Resume').click();
    await status('Running');
  });

  it('ends without moving what is below, and shows the numbers of its result', async () => {
    const tabs = page.getByRole('tablist', { name: 'About this run' });
    const top = (await tabs.boundingBox())?.y;
    await page.locator('.state .status').getByText('Done').waitFor({ timeout: 120_000 });
    await button('Run again with changes')
      .or(page.getByRole('link', { name: 'Run again with changes' }))
      .waitFor();
    expect(Math.abs(((await tabs.boundingBox())?.y ?? 0) - (top ?? 0))).toBeLessThan(25);
    const { result } = await detail();
    if (result === null) throw new Error('The run has no result.');
    await see(answerOf(result) ?? 'an answer');
    expect(await rounds()).toBe(4);
    await accessible();
  }, 150_000);

  it('has tabs for each datum, diagnostics, the run file, the log and the environment', async () => {
    const open = (name: RegExp): Promise<void> => page.getByRole('tab', { name }).click();
    await page.getByRole('img', { name: /^Bounds on log p\(x\) of each datum/ }).waitFor();
    await open(/^Diagnostics/);
    for (const title of ['Acceptance', 'Mean log ratio', 'Step size'])
      await page.getByRole('img', { name: new RegExp(`^${title} against inverse temperature`) }).waitFor();
    await see('Gradient evaluations');
    await accessible();
    await open(/^Run file/);
    await see(/"leapfrog": 4/);
    await accessible();
    await open(/^Log/);
    await see(/^Paused after/);
    await see(/^Done in/);
    await open(/^Environment/);
    await see(/^sha256 [0-9a-f]{64}$/);
    await accessible();
    await open(/^Notes/);
    await page.getByRole('textbox', { name: 'Notes', exact: true }).fill('Closes as it should.');
    await open(/^Per datum/);
    await expect.poll(async () => (await detail()).row.notes).toBe('Closes as it should.');
  });

  it('tells what an estimator is, and shows the numbers of a point by keyboard', async () => {
    await button('CR-AIS').first().click();
    await see('Coupled reverse AIS');
    await accessible();
    await page.keyboard.press('Escape');
    await chart().focus();
    await page.keyboard.press('ArrowLeft');
    await page
      .locator('.chart-tip')
      .getByText(/^2,400 temperatures/)
      .waitFor();
    const shown = await page.locator('.chart-tip tr.gap .value').textContent();
    expect(await page.locator('.bracket-numbers .gap').textContent()).toContain(shown ?? 'a gap');
    await page.keyboard.press('+');
    await button('Show all').click();
    await button('Show all').waitFor({ state: 'detached' });
  });

  async function exported(format: RegExp): Promise<string> {
    await page.getByRole('button', { name: 'Export…' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Export figure' });
    await dialog.getByRole('combobox', { name: 'Format' }).click();
    await page.getByRole('option', { name: format }).click();
    const [download]: [Download, void] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: /^Save/ }).click(),
    ]);
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    await dialog.waitFor({ state: 'detached' });
    return path;
  }

  it('exports its figure for a paper as SVG, whose texts are there', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    const svg = readFileSync(await exported(/^SVG/), 'utf8');
    for (const text of ['I(x; z), nats', 'temperatures T', 'IM-AIS', 'CR-AIS', 'gap ']) expect(svg).toContain(text);
    expect(svg).toContain('width="85mm"');
    expect(svg).toContain('fill-opacity="0.15"');
    expect(svg.length).toBeLessThan(200_000);
  });

  it('exports it as CSV with the numbers of the table', async () => {
    const csv = readFileSync(await exported(/^CSV/), 'utf8');
    const { points } = await detail();
    const value = points
      .at(-1)
      ?.bounds.find(({ estimator, side }) => estimator === 'im-ais' && side === 'upper')?.value;
    expect(csv).toContain(`IM-AIS,upper,${value}`);
  });

  it.skipIf(!hasPoppler)('exports it as PDF, which another program reads and draws', async () => {
    const pdf = await exported(/^PDF/);
    const text = spawnSync('pdftotext', [pdf, '-'], { encoding: 'utf8' }).stdout;
    for (const part of ['I(x; z), nats', 'temperatures T', 'IM-AIS', 'nats']) expect(text).toContain(part);
    expect(spawnSync('pdffonts', [pdf], { encoding: 'utf8' }).stdout).toMatch(/yes yes/);
    const { stdout } = spawnSync('pdftoppm', ['-r', '100', pdf]);
    // A picture in which much is white and something is blue.
    const pixels = stdout.subarray(stdout.indexOf('\n255\n') + 5);
    let blue = 0;
    for (let at = 0; at + 2 < pixels.length; at += 3)
      if ((pixels[at] ?? 0) < 60 && (pixels[at + 2] ?? 0) > 130) blue += 1;
    expect(blue).toBeGreaterThan(50);
  });

  it('exports it as PDF of the size asked for', async () => {
    const pdf = readFileSync(await exported(/^PDF/), 'latin1');
    expect(pdf).toMatch(/MediaBox \[0 0 240\.9/);
    expect(pdf.length).toBeLessThan(200_000);
  });

  it('says that it was deleted while it was open, and brings it back', async () => {
    await app.engine.handlers['runs.remove']({ ids: [id] }, context);
    await see('This run was deleted');
    await accessible();
    await page.locator('#main').getByRole('button', { name: 'Undo' }).click();
    await chart().locator('svg').waitFor();
  });

  it('says what to do about a run that failed', async () => {
    // It solves for a gap that nothing it computes can close.
    const spec = glyphsSpec({ name: 'Hopeless', estimators: ['iwae'], ais: { gap: 0.1 } });
    const made = await app.engine.handlers['runs.create']({ spec, directory: glyphsDirectory }, context);
    await visit(`/runs/${made.id}`);
    await status('Failed');
    await page
      .getByRole('alert')
      .getByText(/^ais\.gap/)
      .first()
      .waitFor();
    await page.getByText('Details', { exact: true }).click();
    await button('Copy').waitFor();
    await accessible();
  });

  it('says of an address that belongs to no run what it is', async () => {
    await visit('/runs/nobody');
    await see('This run was deleted');
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answerOf } from '../../src/shared/answer';
import type { RunDetail } from '../../src/shared/runRecord';
import { violations } from './accessible';
import { chromiumPath, sharedChromium } from '../support/chromium';
import { glyphsDirectory, glyphsSpec } from '../support/glyphs';
import { serveApp, type ServedApp } from '../support/servedApp';

// Other work may share the machine.
vi.setConfig({ testTimeout: 240_000 });

describe.skipIf(chromiumPath === undefined)('the page of a run', () => {
  let app: ServedApp;
  let browser: Browser;
  let page: Page;
  let id: string;
  const context = { signal: new AbortController().signal };

  beforeAll(async () => {
    app = await serveApp();
    browser = await sharedChromium();
    page = await (
      await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })
    ).newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(app.url);
  }, 240_000);
  afterAll(async () => {
    await page?.context().close();
    await app?.close();
  });

  const visit = (path: string): Promise<string> => page.evaluate((hash) => (location.hash = hash), path);
  const detail = async (): Promise<RunDetail> => app.engine.handlers['runs.get']({ id }, context);
  const chart = () => page.getByRole('img', { name: /^Bounds on I/ });
  const see = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const status = (word: string): Promise<void> => page.locator('.state .status').getByText(word).waitFor();
  const accessible = async (): Promise<void> => expect(await violations(page)).toEqual([]);

  it('says that it waits for its turn, and is readable before there are any bounds', async () => {
    const start = async (more: Readonly<Record<string, unknown>>): Promise<string> => {
      const spec = glyphsSpec({ data: { simulate: 6 }, ...more });
      return (await app.engine.handlers['runs.create']({ spec, directory: glyphsDirectory }, context)).id;
    };
    const before = await start({ name: 'Takes its time', ais: { chains: 4, temperatures: 500_000, leapfrog: 4 } });
    const ais = { chains: 4, temperatures: 240, leapfrog: 4, ladder: true };
    id = await start({ name: 'Glyphs on the page', ais });
    await visit(`/runs/${id}`);
    await page.getByRole('heading', { name: 'Glyphs on the page', level: 1 }).waitFor();
    await see(/first bounds appear here/);
    await see('waits for its turn');
    await page.getByRole('progressbar', { name: /Progress/ }).waitFor();
    await accessible();
    await app.engine.handlers['runs.cancel']({ id: before }, context);
  });

  it('says its result as one would to a colleague', async () => {
    await status('Done');
    const { result } = await detail();
    if (result === null) throw new Error('The run has no result.');
    await see(answerOf(result) ?? 'an answer');
  });

  it('has tabs for all bounds, their figures, each datum, diagnostics, the run file, the log and the environment', async () => {
    const open = (name: RegExp): Promise<void> => page.getByRole('tab', { name }).click();
    await open(/^Figures/);
    await page.getByRole('tabpanel').getByRole('img').first().waitFor();
    await accessible();
    await open(/^Per datum/);
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
      .getByText(/^240 temperatures/)
      .waitFor();
    const shown = await page.locator('.chart-tip tr.gap .value').textContent();
    expect(await page.locator('.bracket-numbers .gap').textContent()).toContain(shown ?? 'a gap');
    await page.keyboard.press('+');
    await button('Show all').click();
    await button('Show all').waitFor({ state: 'detached' });
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

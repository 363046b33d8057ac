import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from './accessible';
import { chromiumPath } from '../support/chromium';
import { shownPage } from '../support/shownPage';

vi.setConfig({ testTimeout: 240_000 });
/** Other work may share the machine. */
const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 60_000 });

describe.skipIf(chromiumPath === undefined)('every bound of mutual information', () => {
  // Of eight made-up runs the oldest has every bound.
  const shown = shownPage(8);
  const { open } = shown;
  let page: Page;
  beforeEach(() => {
    page = shown.page;
  });
  const openRun = (tab: string): Promise<void> => open(`/runs/run-00001?tab=${tab}`);
  const figure = (name: string) => page.getByRole('region', { name }).first();
  const texts = async (name: string): Promise<string[]> => figure(name).locator('svg text').allTextContents();
  const main = 'Bounds on I(x; z), Every bound of a linear model';

  it('has a legend that switches lines off and on, by keyboard as well', async () => {
    await openRun('bounds');
    const line = figure(main).getByRole('button', { name: '≤ BA', exact: true });
    await line.waitFor();
    await until(() => texts(main)).toContain('≤ 25.9 BA');
    await line.focus();
    await page.keyboard.press('Enter');
    await until(() => line.getAttribute('aria-pressed')).toBe('false');
    await until(() => texts(main)).not.toContain('≤ 25.9 BA');
    // What closes the bracket is a matter of all bounds, shown or not.
    expect(await texts(main)).toContain('gap 0.0002 nats');
    await figure(main).getByRole('button', { name: 'Show all lines' }).click();
    await until(() => texts(main)).toContain('≤ 25.9 BA');
  });

  it('opens the card of an estimator by keyboard: what it uses, its sides, its gap, its reference', async () => {
    await openRun('bounds');
    const table = page.getByRole('region', { name: 'All bounds' });
    await table.getByRole('button', { name: 'GIWAE' }).first().focus();
    await page.keyboard.press('Enter');
    const card = page.getByRole('dialog');
    await card.getByText('one marginal: p(z) can be evaluated, p(x | z) cannot').waitFor();
    await card.getByText('lower on I(x; z)').waitFor();
    await card.getByText(/Brekelmans, .*ICLR 2022/).waitFor();
    await card.getByText(/critic ratio; K = 100, log K = 4\.61; BA term 22\.31, contrastive term 0\.39 nats/).waitFor();
    await page.keyboard.press('Escape');
    expect(await table.getByRole('row').count()).toBeGreaterThan(40);
    await table.getByText('its upper end is no bound on I(x; z)').waitFor();
  });

  it('has figures by K, of critics, of terms and of time, each with its numbers and its way to paper', async () => {
    await openRun('figures');
    for (const name of [
      'Bounds on I(x; z) against temperatures, by the number of chains',
      'IBAL of each critic beside I(x; z)',
      'Lower bounds on I(x; z), term by term',
      'Bounds on I(x; z) against the time they took',
    ]) {
      await until(async () => (await texts(name)).length).toBeGreaterThan(5);
      await figure(name).getByRole('button', { name: 'Show the numbers' }).click();
      expect(await figure(name).getByRole('row').count()).toBeGreaterThan(8);
      await figure(name).getByRole('button', { name: 'Show the chart' }).click();
    }
    await figure('Lower bounds on I(x; z), term by term').getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('combobox', { name: 'Format' }).click();
    await page.getByRole('option', { name: /^CSV/ }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save CSV' }).click(),
    ]);
    const csv = readFileSync(await download.path(), 'utf8');
    expect(csv).toMatch(/^estimator,base,critic,samples,ba_nats,contrastive_nats,log_k_nats,value_nats,short_nats\r\n/);
    expect(csv).toContain('IWAE,q,,1000,20.53,2.66,');
  });

  it('never shows what a MINE-AIS critic trains as mutual information', async () => {
    await openRun('training');
    const energy = page.getByRole('region', { name: 'Training of energy' }).first();
    await page.getByText(/lowers the energy difference, which says nothing about I\(x; z\)/).waitFor();
    await energy.locator('svg text').first().waitFor();
    const drawn = await energy.locator('svg text').allTextContents();
    expect(drawn).toContain('energy difference, nats');
    expect(drawn.join(' ')).not.toContain('I(x; z)');
    expect(await page.getByRole('region', { name: /^Training of (q|ratio|nce)$/ }).count()).toBeGreaterThanOrEqual(3);
  });

  it.each(['bounds', 'figures', 'training'])('is accessible in its tab of %s', async (tab) => {
    await openRun(tab);
    await page.getByRole('tabpanel').locator('svg, table').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('is asked for in a form: one click adds what an estimator lacks, and names follow', async () => {
    await open('/runs/new');
    const json = async (): Promise<Record<string, unknown>> => {
      const lines = await page.locator('.cm-line').allTextContents();
      return JSON.parse(lines.join('\n')) as Record<string, unknown>;
    };
    await page.getByRole('checkbox', { name: /^GIWAE/ }).check();
    await page.getByText('GIWAE needs a critic that corrects a proposal.').waitFor();
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Add both' }).click();
    await until(json).toMatchObject({
      proposals: [{ type: 'network', name: 'q' }],
      critics: [{ name: 't', objective: 'giwae', base: 'q' }],
    });
    await page.getByRole('textbox', { name: 'Name of proposal 1' }).fill('enc');
    await until(json).toMatchObject({ proposals: [{ name: 'enc' }], critics: [{ base: 'enc' }] });
    await page.getByRole('button', { name: /Advanced/ }).click();
    await page.getByRole('combobox', { name: 'Draw from' }).click();
    await page.getByRole('option', { name: /^enc/ }).click();
    await until(json).toMatchObject({ iwae: { proposal: { type: 'proposal', name: 'enc' } } });
    await page.getByRole('textbox', { name: 'Samples K' }).first().fill('100, 1000');
    await until(json).toMatchObject({ iwae: { samples: [100, 1000] } });
    await page.getByRole('radio', { name: 'These T' }).click();
    await until(json).toMatchObject({ ais: { ladder: [1, 10, 100] } });
    await page.getByRole('button', { name: 'Unfold t', exact: true }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take enc away' }).click();
    await until(async () => JSON.stringify(await json())).not.toContain('enc"');
    await page.getByText('GIWAE needs a critic that corrects a proposal.').waitFor();
  });

  it('stands beside what papers found, on the shelf', async () => {
    await open('/recipes');
    await page.getByRole('button', { name: 'Published numbers beside ours' }).click();
    const row = page.getByRole('row', { name: /^IWAE, K = 1000/ });
    await until(() => row.textContent()).toMatch(/23\.19\s*23\.19 ± 0\.62/);
    expect(await violations(page)).toEqual([]);
  });
});

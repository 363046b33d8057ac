import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from './accessible';
import { chromiumPath } from '../support/chromium';
import { collapseText } from '../support/fake/shownCoverage';
import { shownPage } from '../support/shownPage';

vi.setConfig({ testTimeout: 240_000 });
/** Other work may share the machine. */
const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 60_000 });

describe.skipIf(chromiumPath === undefined)('the coverage of a target', () => {
  const shown = shownPage(13);
  let page: Page;
  beforeEach(async () => {
    page = shown.page;
    await shown.open('/runs');
    await page.getByRole('link', { name: 'Flows in a plane' }).first().click();
    await page.getByRole('tab', { name: 'Coverage' }).click();
    await page.getByRole('heading', { name: /^Annealing flow, K = 4/, level: 2 }).waitFor();
  });
  const second = () => page.getByRole('radio', { name: /K = 8/ });
  const missed = () => page.getByRole('region', { name: 'Missed' });

  it('goes from method to method, and points out what each missed by keyboard', async () => {
    await missed().getByText('No single mode was certainly missed').waitFor();
    await second().click();
    await missed().getByText('2 modes certainly missed').waitFor();
    const row = missed().locator('tbody tr').first();
    await row.focus();
    await page.keyboard.press('ArrowDown');
    await until(() => row.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('ArrowDown');
    await until(() => missed().locator('tbody tr').nth(1).getAttribute('aria-selected')).toBe('true');
    // All of it is in sight on a laptop.
    const over = await missed()
      .locator('.scroll')
      .evaluate((box) => box.scrollWidth - box.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });

  it('brackets log Z between draws and exact samples, with the log weights below', async () => {
    const bounds = page.getByRole('group', { name: 'Bounds on log Z by draws and by exact samples' });
    await until(() => bounds.textContent()).toMatch(/ELBO−0\.020.*log Z0.*EUBO0\.030/);
    await page.getByRole('heading', { name: 'Log weights' }).waitFor();
    await second().click();
    await until(() => bounds.textContent()).toMatch(/ELBO−0\.713.*EUBO24\.6/);
  });

  it('says a collapse once', async () => {
    await second().click();
    await page.getByText(collapseText).first().waitFor();
    expect(await page.getByText(collapseText).count()).toBe(1);
  });
});

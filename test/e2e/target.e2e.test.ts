import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from './accessible';
import { chromiumPath } from '../support/chromium';
import { shownPage } from '../support/shownPage';

vi.setConfig({ testTimeout: 240_000 });
/** Other work may share the machine. */
const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 60_000 });

describe.skipIf(chromiumPath === undefined)('runs of targets', () => {
  const shown = shownPage(12);
  const { open } = shown;
  let page: Page;
  beforeEach(() => {
    page = shown.page;
  });

  /** Of twelve made-up runs. */
  const openNamed = async (name: string): Promise<void> => {
    await open('/runs');
    await page.getByRole('link', { name }).first().click();
  };
  const figure = (name: string) => page.getByRole('region', { name }).first();
  const texts = (name: string): Promise<string[]> => figure(name).locator('svg text').allTextContents();
  const picture = 'The target and what methods make of it';

  it('show the target first, with a marginal beside it, and switch methods off', async () => {
    await openNamed('Two modes in a plane');
    await until(() => texts(picture)).toContain('z₂');
    await until(() => texts('Marginal of z₁')).toContain('density');
    await page.getByRole('combobox', { name: 'Marginal of' }).click();
    await page.getByRole('option', { name: 'z₂' }).click();
    await until(() => texts('Marginal of z₂')).toContain('density');
    const paths = () => figure(picture).locator('.figure-chart svg path').count();
    const before = await paths();
    await figure(picture).getByRole('button', { name: 'MSC' }).click();
    await until(paths).toBeLessThan(before);
    await page.getByText(/log Z is at least −0\.121 nats by DAIS \(K = 16, N = 16\)/).waitFor();
    expect(await page.getByRole('tab').allTextContents()).toEqual([
      ...['Methods', 'Figures', 'Training', 'Run file', 'Log', 'Environment', 'Notes and tags'],
    ]);
  });

  it('have their methods in a table, the best marked, ideal ones apart, and take it out as LaTeX', async () => {
    await openNamed('Two modes in a plane');
    const table = page.getByRole('group', { name: 'Methods' });
    await until(() => table.getByRole('row').count()).toBe(1 + 8 + 1 + 4);
    const marked = await table.locator('tr:has(.best) th').allTextContents();
    expect(marked.join(' ')).not.toContain('HMC');
    const best = table.getByRole('row', { name: /DAIS, K = 16/ }).locator('.best');
    expect(await best.first().textContent()).toContain('−0.121');
    await page.getByRole('tabpanel').getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save as LaTeX' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain('\\mathbf{-0.121} \\pm 0.011');
  });

  it('begin from two modes, take another method, and know what they cost', async () => {
    await open('/runs/new');
    await page.getByRole('radio', { name: /Sample a target/ }).click();
    await page.getByText('42 s').waitFor();
    expect(await page.getByRole('list', { name: 'Methods' }).getByRole('listitem').count()).toBe(4);
    await page.getByRole('button', { name: 'Add a method' }).click();
    await page.getByRole('menuitem', { name: /^HMC/ }).click();
    await page.getByRole('button', { name: 'Unfold method 3, DAIS' }).click();
    await page.getByLabel('Transitions K').fill('8');
    await page.keyboard.press('Tab');
    await page.getByText('K = 8, N = 4, 2,000 updates').waitFor();
    // Going to a model and back finds the draft as it was.
    await page.getByRole('radio', { name: /Bound a model/ }).click();
    await page.getByRole('heading', { name: 'Estimators' }).waitFor();
    await page.getByRole('radio', { name: /Sample a target/ }).click();
    await page.getByText('K = 8, N = 4, 2,000 updates').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await until(() => page.url()).toMatch(/#\/runs\/run-/);
  });

  it('go through the blocks of a flow by keyboard, and see its draws from either side', async () => {
    await open('/runs', 13);
    await page.getByRole('link', { name: 'Flows in a plane' }).first().click();
    await page.getByRole('tab', { name: 'Figures' }).click();
    const slider = page.getByRole('slider', { name: 'Block' });
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toBe('block 1, β 0.20, log Z −0.160, truth −0.150, ESS 90.0 %');
    await page.getByRole('region', { name: /: block 1, β = 0\.20$/ }).waitFor();
    const stages = / on their way$/;
    await page.getByRole('region', { name: stages }).getByRole('radio', { name: 'z₂' }).click();
    await page.getByRole('region', { name: / on their way along z₂$/ }).waitFor();
    await until(() => texts('Log weights')).toContain('log w, nats');
    expect(await violations(page)).toEqual([]);
  });

  it.each([
    ['a run', 'Two modes in a plane', 'Methods'],
    ['figures', 'Sonar, logistic regression', 'Figures'],
  ])('are accessible in both themes: %s', async (_what, name, tab) => {
    await openNamed(name);
    await page.getByRole('tab', { name: tab }).click();
    await page.locator('.figure-chart svg').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('are begun on an accessible page', async () => {
    await open('/runs/new');
    await page.getByRole('radio', { name: /Sample a target/ }).click();
    await page.getByRole('button', { name: 'Unfold method 3, DAIS' }).click();
    await page.getByText('42 s').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

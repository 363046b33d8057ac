import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from './accessible';
import { chromiumPath } from '../support/chromium';
import { shownPage } from '../support/shownPage';

// Checks of accessibility read every element of the page, twice.
vi.setConfig({ testTimeout: 240_000 });

if (chromiumPath === undefined) console.warn('Tests of pages are skipped: there is no Chromium. Set BRACKET_CHROMIUM.');

describe.skipIf(chromiumPath === undefined)('runs, compare, recipes and settings', () => {
  const shown = shownPage(2000);
  const { open } = shown;
  let page: Page;
  beforeEach(() => {
    page = shown.page;
  });

  const grid = () => page.getByRole('grid', { name: 'Runs' });
  const rows = () => grid().locator('[data-run]');
  const names = (): Promise<string[]> => grid().locator('[data-run] a').allTextContents();
  const see = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** A loaded table with the keyboard in it. */
  const enter = async (): Promise<void> => {
    await rows().nth(5).waitFor();
    await grid().focus();
  };

  const accessible = async (): Promise<void> => expect(await violations(page)).toEqual([]);

  it('begins with the example, ready to run', async () => {
    await open('/runs', 0);
    await see('Glyphs VAE, mutual information');
    await accessible();
    await page.getByRole('button', { name: 'Run the example' }).click();
    await page.waitForURL(/#\/runs\/run-/);
  });

  it('shows 2,000 runs and holds only those in sight', async () => {
    await open('/runs');
    await enter();
    await see('2,000 runs');
    expect(await rows().count()).toBeLessThan(80);
    await press('End');
    await grid().locator('[aria-rowindex="2001"]').waitFor();
    await accessible();
  });

  it('sorts by a heading, and filters by what is typed', async () => {
    await open('/runs');
    await enter();
    await page.getByRole('button', { name: 'Gap' }).click();
    await page.locator('[role=columnheader][aria-sort=ascending]').getByText('Gap').waitFor();
    await press('/');
    await page.keyboard.type('model:glyphs wider -tag:paper');
    await see(/of 2,000 runs/);
    await expect.poll(async () => [...new Set(await names())]).toEqual(['Wider start, glyphs']);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('nothing is called this');
    await see('No run matches');
    await page.getByRole('button', { name: 'Show all runs' }).click();
    await see('2,000 runs');
  });

  it('opens menus that are part of the page', async () => {
    await open('/runs');
    await enter();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menu').waitFor();
    await accessible();
    await press('Escape');
    await grid().focus();
    await press('ArrowDown', 'ArrowDown', 'Shift+F10');
    await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
    await accessible();
    await press('Escape', 'g', 's');
    await page.getByRole('combobox', { name: 'Theme' }).click();
    await page.getByRole('listbox').waitFor();
    await accessible();
  });

  it('moves the run that computes', async () => {
    await open('/runs');
    const bar = page.getByRole('progressbar').first();
    const before = Number(await bar.getAttribute('aria-valuenow'));
    await expect
      .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 10_000 })
      .toBeGreaterThan(before);
  });

  it('renames in place, and deletes with a way back, by keyboard alone', async () => {
    await open('/runs');
    await enter();
    await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'F2');
    await page.getByRole('textbox', { name: 'Name of the run' }).waitFor();
    await page.keyboard.type('My run');
    await press('Enter');
    await page.getByRole('link', { name: 'My run' }).waitFor();
    await press('Delete');
    await see('Deleted “My run”.');
    await expect.poll(() => page.getByRole('link', { name: 'My run' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'My run' }).waitFor();
  });

  it('tags and annotates beside the table', async () => {
    await open('/runs');
    await enter();
    await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'i');
    const panel = page.getByRole('complementary', { name: 'Tags and notes' });
    await panel
      .getByRole('textbox', { name: 'Tags' })
      .or(panel.getByRole('combobox', { name: 'Tags' }))
      .fill('mine');
    await press('Enter');
    await panel.getByText('mine', { exact: true }).waitFor();
    await panel.getByRole('textbox', { name: 'Notes' }).fill('Looks right.');
    await accessible();
    await page.getByRole('searchbox', { name: 'Filter runs' }).fill('tag:mine "looks right"');
    await see('1 of 2,000 runs');
  });

  it('compares what is selected: differences first, then brackets, then numbers', async () => {
    await open('/runs');
    await enter();
    await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown');
    await see('4 selected');
    await press('c');
    await page.getByRole('heading', { level: 1, name: 'Compare 4 runs' }).waitFor();
    await see(/fields are equal/);
    const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
    expect(headings).toEqual(['What differs', 'Over each other', 'Side by side', 'Every bound']);
    await page
      .getByRole('img', { name: /^Bounds on/ })
      .first()
      .waitFor();
    await accessible();
    // That of the page; every bound has one of its own below.
    await page.getByRole('button', { name: 'Export', exact: true }).first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save as LaTeX' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain('\\toprule');
  });

  it('compares a hundred', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `run-${String(1500 + index).padStart(5, '0')}`);
    await open(`/compare?ids=${ids.join(',')}`);
    await see(/fields are equal/);
    await page.getByRole('switch', { name: 'Seeds as one line' }).click();
    await expect.poll(() => page.getByRole('group', { name: 'Numbers' }).locator('tbody tr').count()).toBe(100);
  });

  it('reaches runs and actions from the palette', async () => {
    await open('/recipes');
    await see('Glyphs VAE, mutual information');
    await press('Control+k');
    await page.getByRole('combobox', { name: 'Find or do' }).waitFor();
    await page.keyboard.type('baseline glyphs');
    await page.getByRole('option').first().waitFor();
    await press('Enter');
    await page.waitForURL(/#\/runs\/run-/);
    await press('Control+k');
    await page.keyboard.type('dark');
    await page.getByRole('option', { name: 'Dark theme' }).waitFor();
    await press('Enter');
    await page.locator('html[data-theme=dark]').waitFor();
  });

  it('goes everywhere by keyboard and lists how', async () => {
    await open('/runs');
    await enter();
    await press('g', 's');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await press('g', 'c');
    await page.getByRole('heading', { level: 1, name: 'Recipes' }).waitFor();
    await press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await press('Escape', 'n');
    await page.getByRole('heading', { level: 1, name: 'New run' }).waitFor();
  });

  it('says which devices there are and why others cannot be used', async () => {
    await open('/settings');
    await see('The CUDA libraries are not there.');
    await see('linux x64, Node 24.21.0, ONNX Runtime 1.30.0, in a browser.');
    await expect.poll(() => page.getByRole('radio', { name: 'cuda' }).isDisabled()).toBe(true);
    await page.getByRole('radio', { name: 'webgpu' }).click();
    await page.getByRole('link', { name: 'Device: webgpu' }).waitFor();
    await page.getByRole('textbox', { name: 'Runs at a time' }).fill('9');
    await see('It must be at most 8.');
  });
});

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe finds wrong with a page as it stands: everything in the light theme, and in the dark one what colours can do. */
export async function violations(page: Page): Promise<string[]> {
  const told: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    const axe = await axeFor(page);
    const found = await (
      colorScheme === 'light' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])
    ).analyze();
    for (const { id, nodes } of found.violations)
      told.push(`${colorScheme} ${id}: ${nodes.map(({ html }) => html).join('\n')}`);
  }
  return told;
}

/**
 * All of axe's rules, of whose findings only the violations are written down: what passes is most of a page, and telling where each
 * element of it stands takes longer than the rules. Pages here have no frames of other origins, so it all happens within the page.
 */
async function axeFor(page: Page): Promise<AxeBuilder> {
  // It stays in a document, and is half a megabyte of script to read again.
  const there = await page.evaluate(() => 'axe' in globalThis);
  return new AxeBuilder({ page, ...(there && { axeSource: 'undefined' }) })
    .options({ resultTypes: ['violations'], selectors: false })
    .setLegacyMode();
}

/** Colours that are on their way are those of no theme. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
  });
}

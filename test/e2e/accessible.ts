import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe finds wrong with a page as it stands: everything in the light theme, and in the dark one what colours can do. */
export async function violations(page: Page): Promise<string[]> {
  const told: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    const axe = new AxeBuilder({ page });
    const found = await (
      colorScheme === 'light' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])
    ).analyze();
    for (const { id, nodes } of found.violations)
      told.push(`${colorScheme} ${id}: ${nodes.map(({ html }) => html).join('\n')}`);
  }
  return told;
}

/** Colours that are on their way are those of no theme. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
  });
}

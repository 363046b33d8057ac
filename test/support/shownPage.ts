import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { sharedChromium } from './chromium';
import { serveWindow, type ServedWindow } from './servedWindow';

/** A page of the built window with made-up runs, a new one for each test of a `describe`. */
export interface ShownPage {
  readonly page: Page;
  /** Address of the window, with its token. */
  readonly url: string;
  /** Opens a place of the window. */
  readonly open: (hash: string, runs?: number) => Promise<void>;
}

/**
 * Serves the window and starts Chromium for the tests of the `describe` that this is called in. Fails where a page has said an error or a
 * warning on its console.
 * @param runs how many are made up where a test does not say
 */
export function shownPage(runs: number): ShownPage {
  let window: ServedWindow | undefined;
  let browser: Browser | undefined;
  let page: Page | undefined;
  const failures: string[] = [];

  beforeAll(async () => {
    window = await serveWindow();
    browser = await sharedChromium();
  }, 240_000);
  afterAll(async () => {
    await page?.context().close();
    window?.close();
    expect(failures).toEqual([]);
  });
  beforeEach(async () => {
    await page?.context().close();
    const context = await browser?.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
    page = await context?.newPage();
    page?.setDefaultTimeout(60_000);
    page?.on('pageerror', ({ message }) => failures.push(message));
    page?.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') failures.push(message.text());
    });
  });

  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('There is a page only within a test.');
    return value;
  };
  return {
    get page() {
      return there(page);
    },
    get url() {
      return there(window).url;
    },
    open: async (hash, count = runs) => {
      await there(page).goto(`${there(window).url}?runs=${count}#${hash}`);
    },
  };
}

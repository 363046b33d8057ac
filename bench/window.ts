import Table from 'cli-table3';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { addPoint, endRun, insertRun, openStore, setStatus } from '../src/main/store';
import { chromiumPath, launchChromium } from '../test/support/chromium';
import { fakeDetail } from '../test/support/fake/detail';
import { fakeRuns } from '../test/support/fake/runs';
import { median, quantile } from './median';

const root = path.join(import.meta.dirname, '..');
const count = 2000;
const frames = 240;

/**
 * Prints how long the built window takes, with 2,000 runs in the store, from the address to the table and to the first letter that
 * is typed into it, and how long its frames are while it scrolls. Each load is a new browser profile with nothing in its cache.
 */
export async function window(loads: number): Promise<void> {
  if (chromiumPath === undefined) {
    console.log('The window is skipped: there is no Chromium ($BRACKET_CHROMIUM names one).');
    return;
  }
  if (!existsSync(path.join(root, 'out', 'main', 'cli.js'))) {
    console.log('The window is skipped: it is not built. Run "npm run build".');
    return;
  }
  const home = mkdtempSync(path.join(tmpdir(), 'bracket-bench-'));
  const server: ChildProcess[] = [];
  let browser: Browser | undefined;
  try {
    fill(home);
    const url = await serve(home, server);
    browser = await launchChromium();
    const loaded: Loaded[] = [];
    for (let load = 0; load < loads; load += 1) loaded.push(await measure(browser, url));
    report(loaded);
  } finally {
    await browser?.close();
    for (const child of server) child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
}

interface Loaded {
  /** Milliseconds from the address to rows on the screen. */
  readonly rows: number;
  /** To the frame in which a typed letter is taken; the way of the key through the browser's remote control is in it. */
  readonly answered: number;
  /** What the page itself has computed until then, which other work on the machine does not change much. */
  readonly worked: number;
  /** Milliseconds between frames while the table scrolls. */
  readonly frames: readonly number[];
  /** What the page computes for one of them. */
  readonly frameWork: number;
}

/** Keeps runs with all that real ones have: points, log, results. */
function fill(home: string): void {
  const store = openStore(home);
  store.write(() => {
    for (const run of fakeRuns(count, Date.now()).reverse()) {
      const { row, spec, points, result } = fakeDetail(run);
      insertRun(store, { id: row.id, spec, directory: home, tags: row.tags });
      points.forEach((point, number) => addPoint(store, row.id, number, point));
      if (result === null) setStatus(store, row.id, row.status, { error: row.error });
      else endRun(store, row.id, result);
    }
  });
  store.close();
}

/** Starts the built program as a person does. @returns the address it prints */
async function serve(home: string, started: ChildProcess[]): Promise<string> {
  const child = spawn(process.execPath, [path.join(root, 'bin', 'bracket.js'), 'serve', '--no-open', '--port', '0'], {
    env: { ...process.env, BRACKET_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`"bracket serve" ended with ${code}.`)));
    createInterface({ input: child.stdout }).once('line', (line) => resolve(line.split(' ').at(-1) ?? ''));
  });
}

async function measure(browser: Browser, url: string): Promise<Loaded> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const inside = await context.newCDPSession(page);
    await inside.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.addInitScript({ path: path.join(import.meta.dirname, 'windowProbe.js') });
    await page.goto(`${url}#/runs`, { waitUntil: 'commit' });
    await page.locator('[data-run]').nth(5).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('b');
    const answered = await told(page, 'probe.answered');
    const rows = await told(page, 'probe.rows');
    const worked = await workOf(inside);
    await page.keyboard.press('Backspace');
    await page.getByText('2,000 runs', { exact: true }).waitFor();
    const before = await workOf(inside);
    const between = await page.evaluate<number[]>(`probe.scroll(${frames})`);
    const frameWork = ((await workOf(inside)) - before) / frames;
    return { rows, answered, worked, frames: between, frameWork };
  } finally {
    await context.close();
  }
}

/** Milliseconds that the main thread of a page has computed. */
async function workOf(inside: CDPSession): Promise<number> {
  const { metrics } = await inside.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

async function told(page: Page, expression: string): Promise<number> {
  return Number(await (await page.waitForFunction(expression)).jsonValue());
}

function report(loaded: readonly Loaded[]): void {
  const all = (pick: (one: Loaded) => number): string => {
    const values = loaded.map(pick);
    return `${median(values).toFixed(0)} ms  (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;
  };
  const between = loaded.flatMap((one) => one.frames);
  const late = between.filter((time) => time > 34).length / between.length;
  const table = new Table({ head: ['the window, 2,000 runs', 'value', 'aim'], style: { head: [], border: [] } });
  table.push(
    ['from the address to rows on the screen', all(({ rows }) => rows), ''],
    ['to the first typed letter taken', all(({ answered }) => answered), '< 1,000 ms'],
    ['  the page’s own work until then', `${median(loaded.map(({ worked }) => worked)).toFixed(0)} ms`, ''],
    ['a frame while scrolling, median', `${median(between).toFixed(1)} ms`, ''],
    ['  95 % are shorter than', `${quantile(between, 0.95).toFixed(1)} ms`, ''],
    ['  longest', `${Math.max(...between).toFixed(1)} ms`, ''],
    ['  later than two at 60 Hz', `${(late * 100).toFixed(1)} %`, ''],
    ['  the page’s own work in it', `${median(loaded.map(({ frameWork }) => frameWork)).toFixed(1)} ms`, ''],
  );
  console.log(table.toString());
}

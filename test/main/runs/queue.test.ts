import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startQueue, type QueueEvents, type RunQueue } from '../../../src/main/runs';
import {
  claimRun,
  engineOwner,
  getRow,
  getRun,
  insertRun,
  listRuns,
  setStatus,
  takeLock,
} from '../../../src/main/store';
import type { RunLive } from '../../../src/shared/runRecord';
import { fakeSpawner, type FakeChild } from '../../support/runChildren';
import { glyphsSpec } from '../../support/glyphs';
import { sampleResult } from '../../support/sampleResult';
import { fillDisk, temporaryStore, type TemporaryStore } from '../../support/stores';

let temporary: TemporaryStore;
let queue: RunQueue;
let children: FakeChild[];
let notices: QueueEvents['notice'][];
let lives: RunLive[];

beforeEach(() => {
  temporary = temporaryStore();
  start();
});
afterEach(async () => {
  await queue.close();
  temporary.remove();
});

function start(stubborn = false): void {
  const fake = fakeSpawner(stubborn);
  children = fake.children;
  queue = startQueue({ store: temporary.store, spawner: fake.spawner });
  notices = [];
  lives = [];
  queue.on('notice', (notice) => notices.push(notice));
  queue.on('live', (live) => lives.push(...live));
}

const create = (seed = 0): string => queue.create({ spec: glyphsSpec({ seed }), directory: '/models' });
const status = (id: string): string => getRow(temporary.store, id).status;
const child = (index: number): FakeChild => {
  const found = children[index];
  if (found === undefined) throw new Error(`There is no process ${index}.`);
  return found;
};
const soon = (expected: () => void): Promise<void> => vi.waitFor(expected, { timeout: 5000, interval: 5 });

describe('the queue', () => {
  it('computes one run after the other, in their order', async () => {
    const [first, second] = [create(1), create(2)];
    expect([status(first), status(second)]).toEqual(['running', 'queued']);
    expect(child(0).told).toMatchObject([
      { type: 'start', order: { run: first, directory: '/models', resume: false } },
    ]);
    child(0).tell({ type: 'ended', result: sampleResult({ run: first }) });
    expect(children).toHaveLength(1);
    child(0).exit(0);
    await soon(() => expect(status(second)).toBe('running'));
    expect(status(first)).toBe('done');
    expect(getRun(temporary.store, first).result?.run).toBe(first);
  });

  it('computes as many at once as it is told', async () => {
    const ids = [create(), create(), create()];
    queue.setParallel(2);
    expect(ids.map(status)).toEqual(['running', 'running', 'queued']);
    expect(queue.live().map(({ id }) => id)).toEqual(ids.slice(0, 2));
  });

  it('keeps what it shows before it shows it', () => {
    const id = create();
    const point = { temperatures: 8, seconds: 1, bounds: [] };
    let kept: unknown;
    queue.on('live', ([live]) => {
      if (live?.point !== undefined) kept = getRun(temporary.store, id).points;
    });
    child(0).tell({ type: 'point', number: 0, point });
    expect(kept).toEqual([point]);
    // A run taken up again passes its early rounds once more.
    kept = undefined;
    child(0).tell({ type: 'point', number: 0, point });
    expect(kept).toBeUndefined();
  });

  it('shows progress at most ten times a second, the last of it, with the time left', async () => {
    const id = create();
    for (let count = 1; count <= 50; count++) {
      child(0).tell({ type: 'progress', stage: 'reverse chains', progress: count / 100, seconds: count });
    }
    await soon(() => expect(lives).toHaveLength(1));
    expect(lives[0]).toMatchObject({ id, status: 'running', stage: 'reverse chains', progress: 0.5, seconds: 50 });
    await sleep(600);
    child(0).tell({ type: 'progress', stage: 'reverse chains', progress: 0.6, seconds: 60 });
    await soon(() => expect(lives.at(-1)?.eta).toBeGreaterThan(0));
  });

  it('goes on without a word when the engine starts again', async () => {
    const id = create();
    await queue.close();
    expect(status(id)).toBe('paused');
    start();
    expect(status(id)).toBe('paused');
    queue.resume(id);
    expect(child(0).told).toMatchObject([{ type: 'start', order: { run: id } }]);
  });
});

describe('pausing and resuming', () => {
  it('asks the run, which keeps itself', async () => {
    const [id, next] = [create(), create()];
    child(0).tell({ type: 'progress', stage: 'x', progress: 0.25, seconds: 2 });
    queue.pause(id);
    expect(child(0).told.at(-1)).toEqual({ type: 'pause' });
    await soon(() => expect(status(id)).toBe('paused'));
    await soon(() => expect(status(next)).toBe('running'));
    queue.resume(id);
    expect(status(id)).toBe('queued');
    child(1).tell({ type: 'ended', result: sampleResult() });
    child(1).exit(0);
    await soon(() => expect(status(id)).toBe('running'));
    expect(child(2).told).toMatchObject([{ order: { run: id, resume: true } }]);
    expect(queue.live()[0]).toMatchObject({ progress: 0.25 });
  });

  it('works on a run that only waits', () => {
    const [, waiting] = [create(), create()];
    queue.pause(waiting);
    expect(status(waiting)).toBe('paused');
    queue.resume(waiting);
    expect(status(waiting)).toBe('queued');
  });

  it('refuses what makes no sense, in a sentence', async () => {
    const id = create();
    child(0).tell({ type: 'ended', result: sampleResult() });
    child(0).exit(0);
    await soon(() => expect(queue.live()).toEqual([]));
    expect(() => queue.pause(id)).toThrow(/cannot be paused: it has ended \(done\)\. Start a new run/);
    expect(() => queue.cancel(id)).toThrow(/cannot be cancelled/);
    expect(() => queue.pause('nobody')).toThrow(/is not in the history/);
  });

  it('refuses to touch a run of a terminal', () => {
    const { store } = temporary;
    const lock = takeLock(store, 'terminal-1');
    store.write(() => {
      insertRun(store, { id: 'a', spec: glyphsSpec(), directory: '/' });
      claimRun(store, 'a', 'terminal-1', ['queued']);
    });
    expect(() => queue.pause('a')).toThrow(/it computes in a terminal\. Press Ctrl-C there/);
    lock?.release();
  });
});

describe('cancelling and deleting', () => {
  it('ends the process at once', async () => {
    const id = create();
    queue.cancel(id);
    expect(child(0).killed).toBe(true);
    await soon(() => expect(status(id)).toBe('cancelled'));
  });

  it('cancels a running run before it is deleted, and has it back', async () => {
    const [id, next] = [create(), create()];
    const removed: string[] = [];
    queue.on('changed', (change) => removed.push(...change.removed));
    await queue.remove([id]);
    expect(child(0).killed).toBe(true);
    expect(removed).toEqual([id]);
    expect(listRuns(temporary.store).map((row) => row.id)).toEqual([next]);
    queue.restore([id]);
    expect(status(id)).toBe('cancelled');
    await soon(() => expect(status(next)).toBe('running'));
  });
});

describe('a process that dies', () => {
  it.each([
    [null, 'SIGKILL', 'interrupted', /perhaps because memory ran out\. Resume it/],
    [134, null, 'failed', /ran out of memory\. Use fewer chains/],
    [null, 'SIGSEGV', 'failed', /crashed \(SIGSEGV\)/],
    [1, null, 'failed', /crashed \(exit code 1\)/],
    [null, null, 'failed', /could not be started/],
  ] as const)('by %j or %j leaves the run %s', async (code, signal, expected, sentence) => {
    const [id, next] = [create(), create()];
    child(0).exit(code, signal);
    await soon(() => expect(status(next)).toBe('running'));
    expect(getRow(temporary.store, id)).toMatchObject({
      status: expected,
      error: expect.stringMatching(sentence) as string,
    });
    queue.resume(id);
    expect(getRow(temporary.store, id)).toMatchObject({ status: 'queued', error: null });
  });

  it('leaves the sentence of a run that was refused', () => {
    const id = create();
    child(0).tell({ type: 'refused', message: 'vae.pth: no such file. Check the path.' });
    child(0).exit(0);
    expect(getRow(temporary.store, id)).toMatchObject({
      status: 'failed',
      error: 'vae.pth: no such file. Check the path.',
    });
  });
});

it('stops a run whose points cannot be kept, says so once, and keeps trying to write it down', async () => {
  const id = create();
  const free = fillDisk(temporary.store);
  const bounds = Array.from({ length: 2000 }, () => sampleResult().bounds).flat();
  child(0).tell({ type: 'point', number: 0, point: { temperatures: 8, seconds: 1, bounds } });
  child(0).tell({ type: 'point', number: 0, point: { temperatures: 8, seconds: 1, bounds } });
  expect(lives).toEqual([]);
  expect(child(0).killed).toBe(true);
  expect(notices).toEqual([
    { level: 'error', text: expect.stringMatching(/was stopped\. .* on a full disk/) as string },
  ]);
  free();
  await soon(() => expect(status(id)).toBe('interrupted'));
  expect(getRow(temporary.store, id).error).toMatch(/full disk.*Resume it to go on\.$/);
});

it('tells at once that a run could not be taken up again', () => {
  create();
  child(0).tell({ type: 'log', number: null, text: 'Started on cpu.' });
  child(0).tell({ type: 'log', number: null, text: 'No snapshot could be written: the disk is full.', urgent: true });
  expect(notices).toEqual([
    {
      level: 'warning',
      text: expect.stringMatching(/^".+": No snapshot could be written: the disk is full\.$/) as string,
    },
  ]);
});

describe('starting', () => {
  it('is refused where another engine is', () => {
    expect(() => startQueue({ store: temporary.again(), spawner: fakeSpawner().spawner })).toThrow(
      /another Bracket is open on this data folder/,
    );
  });

  it('marks what a killed engine and a killed terminal were computing, and leaves a living terminal alone', async () => {
    await queue.close();
    const { store } = temporary;
    const lock = takeLock(store, 'terminal-2');
    for (const id of ['a', 'b', 'c']) insertRun(store, { id, spec: glyphsSpec(), directory: '/' });
    setStatus(store, 'a', 'running', { owner: engineOwner });
    setStatus(store, 'b', 'running', { owner: 'terminal-1' });
    setStatus(store, 'c', 'running', { owner: 'terminal-2' });
    start();
    expect(['a', 'b', 'c'].map(status)).toEqual(['interrupted', 'interrupted', 'running']);
    expect(getRow(store, 'a').error).toBe(
      'Bracket stopped while this run computed. Resume it to go on from its last snapshot.',
    );
    lock?.release();
  });

  it('goes on with what was queued', async () => {
    await queue.close();
    insertRun(temporary.store, { id: 'a', spec: glyphsSpec(), directory: '/' });
    start();
    expect(status('a')).toBe('running');
  });
});

it('tells of runs that a terminal adds', async () => {
  const ids: string[] = [];
  queue.on('changed', ({ rows }) => ids.push(...rows.map(({ id }) => id)));
  const other = temporary.again();
  other.write(() => {
    insertRun(other, { id: 'a', spec: glyphsSpec(), directory: '/' });
    claimRun(other, 'a', 'terminal-1', ['queued']);
  });
  await soon(() => expect(ids).toContain('a'));
  expect(children).toHaveLength(0);
});

import { existsSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addLog,
  addPoint,
  annotateRun,
  changedSince,
  claimRun,
  endRun,
  findRow,
  findRunIds,
  getRow,
  getRun,
  insertRun,
  lastRunOfRecipe,
  listRuns,
  NotFoundError,
  purgeRuns,
  removeRuns,
  restoreRuns,
  setImages,
  setProgress,
  setStatus,
  StoreError,
} from '../../../src/main/store';
import type { Bound } from '../../../src/shared/result';
import { glyphsSpec } from '../../support/glyphs';
import { rareEventResult } from '../../support/fake/rareEvent';
import { sampleResult } from '../../support/sampleResult';
import { fillDisk, temporaryStore, type TemporaryStore } from '../../support/stores';

let temporary: TemporaryStore;
beforeEach(() => {
  temporary = temporaryStore();
});
afterEach(() => temporary.remove());

const insert = (id: string, more: Readonly<Record<string, unknown>> = {}, directory = '/models') =>
  insertRun(temporary.store, { id, spec: glyphsSpec(more), directory });

const bound = (side: Bound['side'], value: number | null, estimator = 'im-ais'): Bound => ({
  quantity: 'mi',
  estimator,
  side,
  value,
  ci95: 0.5,
  n: 3,
});

describe('pictures of a model that is being trained', () => {
  const grid = { rows: 1, columns: 1, height: 1, width: 1, channels: 1, pixels: 'AA==' };
  const images = (iteration: number) => [{ name: 'samples' as const, ...grid, iteration }];

  it('are the last ones, until a result has its own', () => {
    const { store } = temporary;
    insert('a');
    expect(getRun(store, 'a')).not.toHaveProperty('images');
    setImages(store, 'a', images(10));
    setImages(store, 'a', images(20));
    expect(getRun(store, 'a').images).toEqual(images(20));
    endRun(store, 'a', { ...sampleResult(), images: images(30) });
    expect(getRun(store, 'a')).not.toHaveProperty('images');
    expect(getRun(store, 'a').result?.images).toEqual(images(30));
  });

  it('stay where a run ends without any, and go with their run', () => {
    const { store } = temporary;
    insert('a');
    setImages(store, 'a', images(10));
    endRun(store, 'a', { ...sampleResult(), status: 'cancelled' });
    expect(getRun(store, 'a').images).toEqual(images(10));
    removeRuns(store, ['a']);
    purgeRuns(store, Date.now() + 366 * 86_400_000);
    expect(store.sql('SELECT count(*) AS count FROM run_images').get()).toEqual({ count: 0 });
  });
});

describe('a run', () => {
  it('is described by its run file before it has computed anything', () => {
    expect(insert('a')).toMatchObject({
      id: 'a',
      name: 'Mutual information of glyphs-vae',
      status: 'queued',
      model: 'glyphs-vae.safetensors',
      data: '3 simulated data',
      temperatures: 32,
      chains: 2,
      seed: 7,
      quantity: 'mi',
      lower: null,
      gap: null,
      progress: 0,
      tags: [],
    });
  });

  it('shares its family with runs that differ in seed and name alone', () => {
    const { family } = insert('a');
    expect(insert('b', { seed: 8, name: 'other' }).family).toBe(family);
    expect(insert('c', { data: { simulate: 4 } }).family).not.toBe(family);
    expect(insert('d', {}, '/others').family).not.toBe(family);
  });

  it('keeps points, once each, and shows the bracket of the last', () => {
    insert('a');
    const first = { temperatures: 8, seconds: 1, bounds: [bound('lower', 1), bound('upper', 0.1 + 0.2)] };
    const second = {
      temperatures: 32,
      seconds: 2,
      bounds: [bound('lower', 2), bound('lower', 3, 'cr-ais'), bound('upper', 5), bound('upper', null, 'iwae')],
    };
    expect(addPoint(temporary.store, 'a', 0, first)).toBe(true);
    expect(addPoint(temporary.store, 'a', 1, second)).toBe(true);
    expect(addPoint(temporary.store, 'a', 0, { ...first, seconds: 9 })).toBe(false);
    expect(getRun(temporary.store, 'a').points).toEqual([first, second]);
    expect(getRow(temporary.store, 'a')).toMatchObject({
      lower: { estimator: 'cr-ais', value: 3 },
      upper: { estimator: 'im-ais', value: 5 },
      gap: 2,
      temperatures: 32,
    });
  });

  it('keeps lines of the computation once and lines about the run as often as they come', () => {
    insert('a');
    addLog(temporary.store, 'a', 'doubling', 0);
    addLog(temporary.store, 'a', 'paused');
    addLog(temporary.store, 'a', 'doubling', 0);
    addLog(temporary.store, 'a', 'paused');
    expect(getRun(temporary.store, 'a').log.map(({ text }) => text)).toEqual(['doubling', 'paused', 'paused']);
  });

  it('keeps its result and shows what is in it', () => {
    insert('a');
    const result = sampleResult({ run: 'a', metrics: { ...sampleResult().metrics, truth: 24.85 } });
    endRun(temporary.store, 'a', result);
    expect(getRun(temporary.store, 'a').result).toEqual(result);
    expect(getRow(temporary.store, 'a')).toMatchObject({
      status: 'done',
      progress: 1,
      lower: { estimator: 'cr-ais', value: 24.8412, ci95: 2.04 },
      gap: 0.0149,
      gapCi95: 0.0062,
      truth: 24.85,
      seconds: 200.4,
    });
  });

  it('shows what it estimated where it has no bounds', () => {
    insert('a');
    endRun(temporary.store, 'a', { ...rareEventResult(), run: 'a' });
    expect(getRow(temporary.store, 'a')).toMatchObject({ lower: null, estimate: { value: 3.3572e-4, ci95: 2.43e-6 } });
  });

  it('is had by one of two that want it', () => {
    insert('a');
    expect(claimRun(temporary.store, 'a', 'one', ['queued'])).toBe(true);
    expect(claimRun(temporary.again(), 'a', 'two', ['queued'])).toBe(false);
  });

  it('is found by the beginning of its id', () => {
    insert('abc1');
    insert('abd2');
    expect(findRunIds(temporary.store, 'abc')).toEqual(['abc1']);
    expect(findRunIds(temporary.store, 'AB').sort()).toEqual(['abc1', 'abd2']);
    expect(findRunIds(temporary.store, '%')).toEqual([]);
  });

  it('takes notes, a name and tags', () => {
    insert('a');
    annotateRun(temporary.store, 'a', { name: 'Best', tags: ['x', 'y', 'x'] });
    expect(annotateRun(temporary.store, 'a', { notes: 'π ≈ 3' })).toMatchObject({
      name: 'Best',
      notes: 'π ≈ 3',
      tags: ['x', 'y'],
    });
    expect(listRuns(temporary.store)[0]?.tags).toEqual(['x', 'y']);
    expect(() => annotateRun(temporary.store, 'b', { name: 'x' })).toThrow(NotFoundError);
  });

  it('is known as the last of its recipe', () => {
    insertRun(temporary.store, { id: 'a', spec: glyphsSpec(), directory: '/', recipe: 'demo' });
    insertRun(temporary.store, { id: 'b', spec: glyphsSpec(), directory: '/', recipe: 'demo' });
    expect(lastRunOfRecipe(temporary.store, 'demo')).toBe('b');
    expect(lastRunOfRecipe(temporary.store, 'other')).toBeNull();
  });
});

describe('deleted runs', () => {
  it('are gone from lists and come back as they were', () => {
    const before = insert('a');
    removeRuns(temporary.store, ['a']);
    expect(listRuns(temporary.store)).toEqual([]);
    expect(findRow(temporary.store, 'a')).toBeUndefined();
    expect(setStatus(temporary.store, 'a', 'running')).toBe(false);
    restoreRuns(temporary.store, ['a']);
    expect(listRuns(temporary.store)).toEqual([before]);
  });

  it('are forgotten after thirty days, with everything about them', () => {
    const { store } = temporary;
    insert('a');
    insert('b');
    addPoint(store, 'a', 0, { temperatures: 1, seconds: 1, bounds: [] });
    for (const id of ['a', 'b']) writeFileSync(store.snapshot(id), 'x');
    removeRuns(store, ['a']);
    const day = 24 * 3600 * 1000;
    purgeRuns(store, Date.now() + 29 * day);
    expect(existsSync(store.snapshot('a'))).toBe(true);
    purgeRuns(store, Date.now() + 31 * day);
    expect(existsSync(store.snapshot('a'))).toBe(false);
    expect(existsSync(store.snapshot('b'))).toBe(true);
    restoreRuns(store, ['a']);
    expect(listRuns(store).map(({ id }) => id)).toEqual(['b']);
    expect(getRun(store, 'b').points).toEqual([]);
  });
});

it('tells another process what has changed', () => {
  const other = temporary.again();
  const version = other.foreignVersion();
  const since = Date.now();
  insert('a');
  insert('b');
  removeRuns(temporary.store, ['b']);
  expect(other.foreignVersion()).not.toBe(version);
  const { rows, removed } = changedSince(other, since);
  expect([rows.map(({ id }) => id), removed]).toEqual([['a'], ['b']]);
});

it('lists two thousand runs', () => {
  temporary.store.write(() => {
    for (let count = 0; count < 2000; count++) insert(`run-${count}`, { seed: count });
  });
  setProgress(temporary.store, 'run-0', { progress: 0.5, stage: 'x', seconds: 1 });
  const runs = listRuns(temporary.store);
  expect(runs).toHaveLength(2000);
  expect(runs[0]?.id).toBe('run-1999');
});

it('keeps all of a change or nothing when the disk is full, and says so', () => {
  const { store } = temporary;
  insert('a');
  const free = fillDisk(store);
  const big = sampleResult({ warnings: ['x'.repeat(1_000_000)] });
  const attempt = () =>
    store.write(() => {
      addLog(store, 'a', 'about to end');
      endRun(store, 'a', big);
    });
  expect(attempt).toThrow(StoreError);
  expect(attempt).toThrow(
    `The data folder ${store.folder} is on a full disk, so nothing more can be kept. Free some space and try again.`,
  );
  expect(getRun(store, 'a')).toMatchObject({ result: null, log: [], row: { status: 'queued' } });
  free();
  attempt();
  expect(getRun(store, 'a')).toMatchObject({ row: { status: 'done' }, log: [{ text: 'about to end' }] });
});

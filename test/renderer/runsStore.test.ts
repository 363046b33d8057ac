import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnection, type ReconnectingClient } from '../../src/shared/rpc';
import { useNotices } from '../../src/renderer/stores/notices';
import { useRuns } from '../../src/renderer/stores/runs';
import { fakeEngine } from '../support/fakeEngine';
import { eventually } from '../support/eventually';

const held = vi.hoisted((): { engine: unknown } => ({ engine: undefined }));
vi.mock('../../src/renderer/engine', () => ({
  get engine() {
    return held.engine;
  },
}));

let client: ReconnectingClient;

async function loaded(): Promise<ReturnType<typeof useRuns>> {
  const runs = useRuns();
  runs.ensure();
  await eventually(() => expect(runs.loadState).toBe('ready'));
  return runs;
}

describe('the store of runs', () => {
  beforeEach(() => {
    client = createConnection(async () => fakeEngine({ runs: 20 }));
    held.engine = client;
    setActivePinia(createPinia());
  });
  afterEach(() => client.close());

  it('holds all runs, newest first, and counts the active ones', async () => {
    const runs = await loaded();
    expect(runs.rows).toHaveLength(20);
    expect(runs.rows[0]?.status).toBe('running');
    expect([runs.running, runs.queued]).toEqual([1, 1]);
  });

  it('follows a run that computes', async () => {
    const runs = await loaded();
    const id = runs.rows[0]?.id ?? '';
    await eventually(() => expect(runs.live.get(id)?.progress).toBeGreaterThan(0.12));
  });

  it('takes runs away at once and puts them back on request', async () => {
    const runs = await loaded();
    const ids = runs.rows.slice(3, 5).map(({ id }) => id);
    const removal = runs.remove(ids);
    expect(runs.rows).toHaveLength(18);
    await removal;
    const [notice] = useNotices().list;
    expect(notice?.text).toBe('Deleted 2 runs.');
    notice?.action?.run();
    await eventually(() => expect(runs.rows).toHaveLength(20));
  });

  it('shows a change at once, and takes it back with a sentence when the engine refuses', async () => {
    const runs = await loaded();
    const { id, name } = runs.rows[3] ?? { id: '', name: '' };
    const fine = runs.annotate(id, { name: 'Renamed', tags: ['mine'] });
    expect(runs.byId.get(id)).toMatchObject({ name: 'Renamed', tags: ['mine'] });
    await fine;
    expect(runs.tags).toContain('mine');
    await runs.annotate(id, { name: 'x'.repeat(201) });
    expect(runs.byId.get(id)?.name).toBe('Renamed');
    expect(useNotices().list.at(-1)).toMatchObject({ level: 'error' });
    expect(name).not.toBe('Renamed');
  });
});

it('keeps the last pictures of a run that trains, through updates without any and through a pause', () => {
  const told = new Map<string, (payload: unknown) => void>();
  const on = (name: string, take: (payload: unknown) => void) => told.set(name, take);
  held.engine = { on, onState: () => undefined };
  setActivePinia(createPinia());
  const runs = useRuns();
  const images = [{ name: 'samples', pixels: 'AA==', iteration: 20 }];
  const update = { id: 'a', status: 'running', progress: 0.1, stage: 'vae', seconds: 1, eta: null };
  told.get('runs.live')?.([{ ...update, images }, update]);
  expect(runs.live.get('a')).not.toHaveProperty('images');
  expect(runs.images.get('a')).toEqual(images);
  told.get('runs.changed')?.({ rows: [{ id: 'a', status: 'paused', created: 0, tags: [] }], removed: [] });
  expect(runs.live.has('a')).toBe(false);
  expect(runs.images.get('a')).toEqual(images);
  told.get('runs.changed')?.({ rows: [], removed: ['a'] });
  expect(runs.images.has('a')).toBe(false);
});

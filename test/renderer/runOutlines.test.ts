import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { computed, effectScope, type EffectScope } from 'vue';
import { createConnection, type ReconnectingClient } from '../../src/shared/rpc';
import { useRunOutlines } from '../../src/renderer/pages/compare/useRunOutlines';
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
let scope: EffectScope;
/** How many ids each call for runs named; a call for one run counts as 1. */
let asked: number[];

beforeEach(() => {
  client = createConnection(async () => fakeEngine({ runs: 450 }));
  asked = [];
  const call = client.call.bind(client) as (method: string, params: never, options: never) => Promise<unknown>;
  held.engine = {
    ...client,
    call: (method: string, params: never, options: never) => {
      if (method.startsWith('runs.get')) asked.push((params as { ids?: string[] }).ids?.length ?? 1);
      return call(method, params, options);
    },
  };
  setActivePinia(createPinia());
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  client.close();
});

async function compared(count: number): Promise<ReturnType<typeof useRunOutlines>> {
  const runs = useRuns();
  runs.ensure();
  await eventually(() => expect(runs.loadState).toBe('ready'));
  // The newest run computes, and is read again as it moves.
  const ids = runs.rows.slice(1, 1 + count).map(({ id }) => id);
  const rows = computed(() => ids.flatMap((id) => runs.byId.get(id) ?? []));
  return scope.run(() => useRunOutlines(rows)) as ReturnType<typeof useRunOutlines>;
}

it('a hundred runs are one call', async () => {
  const { outlines } = await compared(100);
  await eventually(() => expect(outlines.value.size).toBe(100));
  expect(asked).toEqual([100]);
});

it('more than one call may name are read in pieces', async () => {
  const { outlines } = await compared(420);
  await eventually(() => expect(outlines.value.size).toBe(420));
  expect(asked).toEqual([200, 200, 20]);
});

it('a run whose row has changed is read again, alone', async () => {
  const { outlines } = await compared(3);
  await eventually(() => expect(outlines.value.size).toBe(3));
  const runs = useRuns();
  const id = runs.rows[1]?.id ?? '';
  await runs.annotate(id, { notes: 'Its numbers are what they were.' });
  expect(asked).toEqual([3]);
  await runs.cancel(id);
  await eventually(() => expect(asked).toEqual([3, 1]));
});

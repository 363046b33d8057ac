import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createConnection, serveCalls, type Connection, type ConnectionState } from '../../../src/shared/rpc';
import type { ClientTransport } from '../../../src/shared/rpc';
import { ConnectionRefused } from '../../../src/shared/rpc/connection';
import { fakeHandlers } from '../../support/fakeHandlers';
import { pairedTransports } from '../../support/pairedTransports';
import { eventually } from '../../support/eventually';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** An engine that can be gone for a while. */
function engine() {
  const connections: Connection[] = [];
  const state = { up: true, opened: 0, connections };
  return {
    state,
    open: async (): Promise<ClientTransport> => {
      state.opened += 1;
      if (!state.up) throw new Error('Nobody answers.');
      const [window, end] = pairedTransports<never, never>();
      connections.push(serveCalls(end, { handlers: fakeHandlers({ 'runs.cancel': () => null }) }));
      return window;
    },
  };
}

it('connects, and again after a loss; listeners stay', async () => {
  const { open, state } = engine();
  const client = createConnection(open);
  const states: ConnectionState['status'][] = [];
  client.onState(({ status }) => states.push(status));
  const notices: string[] = [];
  client.on('notice', ({ text }) => notices.push(text));
  await client.call('runs.cancel', { id: 'x' });
  expect(client.state).toEqual({ status: 'connected' });

  state.connections[0]?.close('The engine was killed.');
  await eventually(() =>
    expect(client.state).toEqual({ status: 'connecting', attempt: 1, reason: 'The engine was killed.' }),
  );
  const waiting = client.call('runs.cancel', { id: 'x' });
  await vi.advanceTimersByTimeAsync(300);
  await waiting;
  state.connections[1]?.send('notice', { level: 'info', text: 'back' });
  await eventually(() => expect(notices).toEqual(['back']));
  expect(states).toEqual(['connected', 'connecting', 'connected']);
  client.close();
});

it('tries less and less often while nobody answers, and lets calls go after a while', async () => {
  const { open, state } = engine();
  state.up = false;
  const client = createConnection(open);
  const call = client.call('runs.cancel', { id: 'x' }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(16_000);
  expect(await call).toMatchObject({ code: 'unavailable', message: 'The engine cannot be reached. Nobody answers.' });
  expect(state.opened).toBeGreaterThan(4);
  expect(state.opened).toBeLessThan(10);
  state.up = true;
  await vi.advanceTimersByTimeAsync(5000);
  await client.call('runs.cancel', { id: 'x' });
  client.close();
});

it('does not try again where that is no use', async () => {
  let opened = 0;
  const client = createConnection(() => {
    opened += 1;
    return Promise.reject(new ConnectionRefused('The token is stale.'));
  });
  await expect(client.call('runs.cancel', { id: 'x' })).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The engine cannot be reached. The token is stale.',
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened).toBe(1);
  expect(client.state).toEqual({ status: 'refused', reason: 'The token is stale.' });
});

it('closed, stays closed', async () => {
  const { open, state } = engine();
  const client = createConnection(open);
  await client.call('runs.cancel', { id: 'x' });
  client.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.opened).toBe(1);
  await expect(client.call('runs.cancel', { id: 'x' })).rejects.toMatchObject({ code: 'unavailable' });
});

import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { InputError } from '../../../src/shared/errors';
import type { DatasetEntry } from '../../../src/shared/library';
import {
  createClient,
  type RpcError,
  serveCalls,
  type Client,
  type Connection,
  type Handlers,
} from '../../../src/shared/rpc';
import type { ServerOptions } from '../../../src/shared/rpc/server';
import type { RunRow } from '../../../src/shared/runRecord';
import { fakeHandlers } from '../../support/fakeHandlers';
import { pairedTransports } from '../../support/pairedTransports';
import { eventually } from '../../support/eventually';

function connected(
  given: Partial<Handlers>,
  options: Partial<ServerOptions> = {},
): { client: Client; connection: Connection; raw: (message: unknown) => void; closed: Promise<string> } {
  const [window, engine] = pairedTransports<never, never>();
  const connection = serveCalls(engine, { handlers: fakeHandlers(given), ...options });
  const closed = new Promise<string>((resolve) => window.onClose(resolve));
  return { client: createClient(window), connection, raw: (message) => window.send(message as never), closed };
}

const rejection = (promise: Promise<unknown>): Promise<RpcError> =>
  promise.then(
    () => Promise.reject(new Error('it was expected to fail')),
    (error: unknown) => error as RpcError,
  );

describe('calls', () => {
  it('reach their handler with their parameters and bring back what it returns', async () => {
    const { client } = connected({ 'runs.create': ({ tags }) => ({ id: String(tags?.[0]) }) });
    await expect(client.call('runs.create', { spec: {}, tags: ['a'] })).resolves.toEqual({ id: 'a' });
  });

  it('have the types of the map', () => {
    const { client } = connected({ 'runs.list': () => [] });
    const rows = client.call('runs.list', {});
    const entry = client.call('datasets.import', { path: 'x' });
    expectTypeOf(rows).resolves.toEqualTypeOf<readonly RunRow[]>();
    expectTypeOf(entry).resolves.toEqualTypeOf<DatasetEntry>();
    void entry.catch(() => undefined);
    // @ts-expect-error there is no such call
    void client.call('runs.sell', {}).catch(() => undefined);
    // @ts-expect-error an id is a text
    void client.call('runs.get', { id: 7 }).catch(() => undefined);
  });

  it('settle out of order', async () => {
    let release = (): void => undefined;
    const { client } = connected({
      'runs.list': () => new Promise((resolve) => (release = () => resolve([]))),
      'runs.cancel': () => null,
    });
    const slow = client.call('runs.list', {});
    await client.call('runs.cancel', { id: 'x' });
    release();
    await expect(slow).resolves.toEqual([]);
  });
});

describe('parameters', () => {
  const { client } = connected({ 'settings.set': () => ({ theme: 'dark', device: 'cpu', parallelRuns: 1 }) });

  it.each([
    [{ parallelRuns: 9 }, 'parallelRuns is 9. It must be at most 8.'],
    [{ theme: 'drak' }, 'theme is "drak". Did you mean "dark"?'],
    [{ colour: 1 }, 'colour is not a field.'],
    [null, 'settings.set is null. It must be an object.'],
  ])('are checked: %j', async (params, message) => {
    const error = await rejection(client.call('settings.set', params as never));
    expect(error.code).toBe('bad-input');
    expect(error.message).toContain(message);
  });

  it.each(['runs.sell', '__proto__', 'constructor', 'toString'])(
    'of "%s", which is no call, are refused',
    async (name) => {
      const error = await rejection(client.call(name as never, {} as never));
      expect(error).toMatchObject({ code: 'bad-input', message: `There is no call named "${name}". Reload the page.` });
    },
  );
});

describe('errors', () => {
  it('of input keep their sentence, and where it belongs', async () => {
    const { client } = connected({
      'runs.get': () => {
        throw new InputError('ais.chains', 'is 0', 'It must be at least 1.');
      },
    });
    expect(await rejection(client.call('runs.get', { id: 'x' }))).toMatchObject({
      name: 'RpcError',
      code: 'bad-input',
      message: 'ais.chains: is 0. It must be at least 1.',
      details: { where: 'ais.chains', fix: 'It must be at least 1.' },
    });
  });

  it('that nobody expected become a sentence with details but without a stack', async () => {
    const onError = vi.fn();
    const { client } = connected(
      {
        'runs.list': () => {
          throw new TypeError('undefined is not a function');
        },
      },
      { onError },
    );
    const error = await rejection(client.call('runs.list', {}));
    expect(error).toMatchObject({ code: 'internal', details: { cause: 'TypeError: undefined is not a function' } });
    expect(error.message).not.toContain('undefined');
    expect(JSON.stringify(error.details)).not.toContain('.ts');
    expect(onError).toHaveBeenCalledWith('runs.list', expect.any(TypeError));
  });

  it('have their stack where someone debugs', async () => {
    const { client } = connected({ 'runs.list': () => Promise.reject(new Error('x')) }, { debug: true });
    expect(JSON.stringify((await rejection(client.call('runs.list', {}))).details)).toContain('calls.test.ts');
  });

  it('say what to do about a full disk', async () => {
    const full = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
    const { client } = connected({ 'runs.list': () => Promise.reject(full) });
    expect((await rejection(client.call('runs.list', {}))).message).toContain('Free some space');
  });
});

describe('cancelling', () => {
  it('rejects at once and tells the handler', async () => {
    let seen: AbortSignal | undefined;
    const { client } = connected({
      'runs.list': (_params, { signal }) => {
        seen = signal;
        return new Promise(() => undefined);
      },
    });
    const controller = new AbortController();
    const call = client.call('runs.list', {}, { signal: controller.signal });
    await eventually(() => expect(seen).toBeDefined());
    controller.abort();
    expect(await rejection(call)).toMatchObject({ code: 'cancelled' });
    await eventually(() => expect(seen?.aborted).toBe(true));
  });

  it('before a call makes none', async () => {
    const handler = vi.fn();
    const { client } = connected({ 'runs.list': handler, 'runs.cancel': () => null });
    expect(await rejection(client.call('runs.list', {}, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'cancelled',
    });
    await client.call('runs.cancel', { id: 'x' });
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('a connection that closes', () => {
  it('rejects what is under way and what comes later, and stops the handlers', async () => {
    let seen: AbortSignal | undefined;
    const { client, connection } = connected({
      'runs.list': (_params, { signal }) => {
        seen = signal;
        return new Promise(() => undefined);
      },
    });
    const call = client.call('runs.list', {});
    await eventually(() => expect(seen).toBeDefined());
    connection.close('The engine has ended.');
    const error = await rejection(call);
    expect(error).toMatchObject({
      code: 'unavailable',
      message: 'The engine cannot be reached. The engine has ended.',
    });
    expect(await rejection(client.call('runs.list', {}))).toMatchObject({ code: 'unavailable' });
    expect(seen?.aborted).toBe(true);
  });

  it.each([
    ['text', 'hello'],
    ['an unknown type', { type: 'shout', id: 1 }],
    ['an id that is no number', { type: 'call', id: 'a', method: 'runs.list', params: {} }],
    ['fields beside', { type: 'cancel', id: 1, more: true }],
  ])('is what a message that is %s gets', async (_name, message) => {
    const { raw, closed } = connected({});
    raw(message);
    expect(await closed).toBe('The message was none of this protocol.');
  });

  it('is what a number used twice gets', async () => {
    const { raw, closed } = connected({ 'runs.list': () => new Promise(() => undefined) });
    for (let time = 0; time < 2; time += 1) raw({ type: 'call', id: 5, method: 'runs.list', params: {} });
    expect(await closed).toBe('Two calls came with one number.');
  });
});

it('more calls than any window makes are refused', async () => {
  const { client } = connected({ 'runs.list': () => new Promise(() => undefined) });
  for (let count = 0; count < 256; count += 1) void client.call('runs.list', {}).catch(() => undefined);
  expect(await rejection(client.call('runs.list', {}))).toMatchObject({ code: 'conflict' });
});

import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { createClient, portTransport, serveCalls, type PortLike } from '../../../src/shared/rpc';
import { fakeHandlers } from '../../support/fakeHandlers';

it('works over a MessagePort, with numbers that JSON does not have', async () => {
  const { port1, port2 } = new MessageChannel();
  serveCalls(portTransport(port1 as unknown as PortLike), {
    handlers: fakeHandlers({
      'models.samples': ({ count }) => ({
        ...{ count, height: 1, width: 1, channels: 1, low: 0, high: 1 },
        values: [Number.NaN],
      }),
    }),
  });
  const client = createClient(portTransport(port2 as unknown as PortLike));
  const grid = await client.call('models.samples', { sha256: 'a'.repeat(64), count: 1, seed: 0 });
  expect(grid.values).toEqual([Number.NaN]);
  const lost = client.call('runs.list', {}).catch((error: unknown) => error);
  port1.close();
  expect(await lost).toMatchObject({ code: expect.stringMatching(/unavailable|internal/) as string });
  await expect(client.call('runs.list', {})).rejects.toMatchObject({ code: 'unavailable' });
});

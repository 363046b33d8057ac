import { Closing } from '../../src/shared/rpc/closing';
import type { Transport } from '../../src/shared/rpc';

/** Two ends of a connection in one process. What is sent is copied as JSON and arrives in a later turn, as over a socket. */
export function pairedTransports<A, B>(): [Transport<A, B>, Transport<B, A>] {
  const closings = [new Closing(), new Closing()] as const;
  const listeners: [(message: unknown) => void, (message: unknown) => void] = [() => undefined, () => undefined];
  const end = (own: 0 | 1): Transport<never, never> => {
    const other = own === 0 ? 1 : 0;
    return {
      send(message) {
        if (closings[own].happened) return;
        const copy = JSON.parse(JSON.stringify(message)) as unknown;
        setImmediate(() => {
          if (!closings[other].happened) listeners[other](copy);
        });
      },
      onMessage: (listener) => (listeners[own] = listener as (message: unknown) => void),
      onClose: (listener) => closings[own].on(listener),
      close(reason = 'closed') {
        closings[own].happen(reason);
        setImmediate(() => closings[other].happen(reason));
      },
    };
  };
  return [end(0), end(1)] as unknown as [Transport<A, B>, Transport<B, A>];
}

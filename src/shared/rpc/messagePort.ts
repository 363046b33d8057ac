import { Closing } from './closing';
import type { Transport } from './messages';

/** What the MessagePort of a page, of a worker and of Node have in common. */
export interface PortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: { readonly data?: unknown }) => void): void;
  start?(): void;
  close(): void;
}

/** A connection over a MessagePort; messages are copied by structured cloning. */
export function portTransport<Out, In>(port: PortLike): Transport<Out, In> {
  const closing = new Closing();
  port.addEventListener('close', () => closing.happen('The other end is gone.'));
  return {
    send(message) {
      if (!closing.happened) port.postMessage(message);
    },
    onMessage(listener) {
      port.addEventListener('message', ({ data }) => {
        if (!closing.happened) listener(data as In);
      });
      port.start?.();
    },
    onClose: (listener) => closing.on(listener),
    close(reason = 'The connection was closed.') {
      if (closing.happened) return;
      port.close();
      closing.happen(reason);
    },
  };
}

import type { MessagePortMain } from 'electron';
import type { PortLike } from '../../shared/rpc';

/** Electron's ports outside of pages speak like Node's event emitters; the transport expects those of pages. */
export function portLike(port: MessagePortMain): PortLike {
  return {
    postMessage: (message) => port.postMessage(message),
    addEventListener(type, listener) {
      if (type === 'message') port.on('message', ({ data }: { data: unknown }) => listener({ data }));
      else port.on('close', () => listener({}));
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}

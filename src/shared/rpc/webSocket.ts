import { Closing } from './closing';
import type { Transport } from './messages';

/** What the WebSocket of a browser and that of `ws` have in common. */
export interface SocketLike {
  readonly bufferedAmount: number;
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

/** The path of the WebSocket on the headless host. */
export const rpcPath = '/rpc';
/** The protocol that a window names; the token travels beside it, where it is in no address and in no log. */
export const rpcProtocol = 'bracket.1';
export const tokenProtocol = (token: string): string => `token.${token}`;

const openState = 1;

/** A connection over an open WebSocket; messages are JSON. */
export function socketTransport<Out, In>(socket: SocketLike): Transport<Out, In> {
  const closing = new Closing();
  socket.addEventListener('close', ({ reason }) => closing.happen(reason || 'The other end is gone.'));
  // An error is always followed by a close, which says the same.
  socket.addEventListener('error', () => undefined);
  return {
    send(message) {
      if (!closing.happened && socket.readyState === openState) socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      socket.addEventListener('message', ({ data }) => {
        if (closing.happened) return;
        const message = parse(data);
        if (message === undefined) this.close('The message was no JSON.');
        else listener(message as In);
      });
    },
    onClose: (listener) => closing.on(listener),
    close(reason = 'The connection was closed.') {
      if (closing.happened) return;
      // A reason has at most 123 bytes on the wire.
      socket.close(1000, reason.slice(0, 100));
      closing.happen(reason);
    },
    backlog: () => socket.bufferedAmount,
  };
}

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

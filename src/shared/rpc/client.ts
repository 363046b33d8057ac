import { errorFrom, RpcError } from './errors';
import type { ClientMessage, EventName, Events, ServerMessage, Transport } from './messages';
import type { MethodName, Params, Returns } from './methods';

export interface CallOptions {
  /** Aborting it rejects the call at once and tells the engine to stop working on it. */
  readonly signal?: AbortSignal | undefined;
}

/** The window's end: every call of the map, and every event. */
export interface Client {
  /** @throws RpcError */
  call<M extends MethodName>(method: M, params: Params<M>, options?: CallOptions): Promise<Returns<M>>;
  /** @returns a function that takes the listener away again */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  close(): void;
}

export type ClientTransport = Transport<ClientMessage, ServerMessage>;

interface Pending {
  resolve(value: unknown): void;
  reject(error: RpcError): void;
}

/** A client over one connection. When that closes, calls under way and later ones are rejected with `unavailable`. */
export function createClient(transport: ClientTransport): Client {
  const pending = new Map<number, Pending>();
  const listeners = new Listeners();
  let nextId = 1;
  let closed: string | undefined;

  transport.onMessage((message) => {
    if (message.type === 'event') {
      listeners.emit(message.name, message.payload);
      return;
    }
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (message.type === 'result') call?.resolve(message.value);
    else call?.reject(errorFrom(message.error));
  });
  transport.onClose((reason) => {
    closed = reason;
    const calls = [...pending.values()];
    pending.clear();
    for (const call of calls) call.reject(gone(reason));
  });

  return {
    call<M extends MethodName>(method: M, params: Params<M>, { signal }: CallOptions = {}): Promise<Returns<M>> {
      if (closed !== undefined) return Promise.reject(gone(closed));
      if (signal?.aborted === true) return Promise.reject(cancelled());
      const id = nextId++;
      return new Promise<Returns<M>>((resolve, reject) => {
        const onAbort = (): void => {
          if (!pending.delete(id)) return;
          transport.send({ type: 'cancel', id });
          reject(cancelled());
        };
        const settled = (): void => signal?.removeEventListener('abort', onAbort);
        signal?.addEventListener('abort', onAbort, { once: true });
        pending.set(id, {
          resolve: (value) => (settled(), resolve(value as Returns<M>)),
          reject: (error) => (settled(), reject(error)),
        });
        transport.send({ type: 'call', id, method, params });
      });
    },
    on: (event, listener) => listeners.add(event, listener),
    close: () => transport.close('The connection was closed.'),
  };
}

/** Listeners by event. One that throws does not keep the others from being called. */
export class Listeners {
  private readonly byName = new Map<EventName, Set<(payload: never) => void>>();

  add<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void {
    const set = this.byName.get(event) ?? new Set();
    this.byName.set(event, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  emit(event: EventName, payload: unknown): void {
    for (const listener of [...(this.byName.get(event) ?? [])]) {
      try {
        (listener as (payload: unknown) => void)(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function gone(reason: string): RpcError {
  return new RpcError('unavailable', `The engine cannot be reached. ${reason}`.trim());
}

function cancelled(): RpcError {
  return new RpcError('cancelled', 'The call was cancelled.');
}

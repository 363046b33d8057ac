import { createClient, Listeners, type CallOptions, type Client, type ClientTransport } from './client';
import { RpcError } from './errors';
import type { EventName, Events } from './messages';
import type { MethodName, Params, Returns } from './methods';

/**
 * `connecting`: for the first time, or again after a loss. `refused`: trying again is no use, for example with a token of a
 * server that has ended; `reason` says what to do.
 */
export type ConnectionState =
  | { readonly status: 'connecting'; readonly attempt: number; readonly reason: string | null }
  | { readonly status: 'connected' }
  | { readonly status: 'refused'; readonly reason: string };

export interface ReconnectingClient extends Client {
  readonly state: ConnectionState;
  /** Called with each new state. After a loss everything that was read before may be stale. */
  onState(listener: (state: ConnectionState) => void): () => void;
}

/** Thrown by an opener to say that trying again is no use. */
export class ConnectionRefused extends Error {
  override readonly name = 'ConnectionRefused';
}

const longestWait = 5000;
/** A call made while the engine starts again waits this long for it. */
const patience = 15_000;

/**
 * A client that opens its connection again when that is lost. Calls that were under way are rejected with `unavailable`, because
 * nobody knows whether the engine had done them; listeners stay.
 * @param open makes one connection; called again, later and later, until it succeeds
 */
export function createConnection(open: () => Promise<ClientTransport>): ReconnectingClient {
  const listeners = new Listeners();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = { status: 'connecting', attempt: 1, reason: null };
  let client: Client | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const setState = (next: ConnectionState): void => {
    state = next;
    for (const listener of [...stateListeners]) listener(next);
  };

  async function connect(attempt: number): Promise<void> {
    try {
      const transport = await open();
      if (closed) return transport.close();
      client = createClient(transport);
      for (const name of eventNames) client.on(name, (payload) => listeners.emit(name, payload));
      transport.onClose((reason) => {
        client = undefined;
        if (!closed) later(1, reason);
      });
      if (client !== undefined) setState({ status: 'connected' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (closed) return;
      if (error instanceof ConnectionRefused) setState({ status: 'refused', reason });
      else later(attempt + 1, reason);
    }
  }

  function later(attempt: number, reason: string): void {
    setState({ status: 'connecting', attempt, reason });
    const wait = Math.min(longestWait, 250 * 2 ** (attempt - 1));
    timer = setTimeout(() => void connect(attempt), wait);
  }

  /** The client once there is one. */
  function ready(signal: AbortSignal | undefined): Promise<Client> {
    if (client !== undefined) return Promise.resolve(client);
    return new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        clearTimeout(limit);
        stateListeners.delete(check);
        signal?.removeEventListener('abort', onAbort);
        act();
      };
      const check = (): void => {
        const now = client;
        if (now !== undefined) end(() => resolve(now));
        else if (closed || state.status === 'refused') end(() => reject(unavailable(closed ? null : state)));
      };
      const onAbort = (): void => end(() => reject(new RpcError('cancelled', 'The call was cancelled.')));
      const limit = setTimeout(() => end(() => reject(unavailable(state))), patience);
      stateListeners.add(check);
      signal?.addEventListener('abort', onAbort, { once: true });
      check();
    });
  }

  void connect(1);
  return {
    get state() {
      return state;
    },
    async call<M extends MethodName>(method: M, params: Params<M>, options: CallOptions = {}): Promise<Returns<M>> {
      return (await ready(options.signal)).call(method, params, options);
    },
    on: <E extends EventName>(event: E, listener: (payload: Events[E]) => void) => listeners.add(event, listener),
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      client?.close();
      for (const listener of [...stateListeners]) listener(state);
    },
  };
}

const eventNames: readonly EventName[] = [
  'runs.changed',
  'runs.live',
  'models.changed',
  'datasets.changed',
  'settings.changed',
  'system.changed',
  'notice',
];

function unavailable(state: ConnectionState | null): RpcError {
  const reason = state !== null && 'reason' in state ? (state.reason ?? '') : '';
  return new RpcError('unavailable', `The engine cannot be reached. ${reason}`.trim());
}

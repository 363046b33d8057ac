import { z } from 'zod';
import { explain, hint } from '../runFile/explain';
import { errorShape, RpcError } from './errors';
import type { ClientMessage, EventName, Events, ServerMessage, Transport } from './messages';
import { methods, type MethodName, type Parsed, type Returns } from './methods';
import { Outbox } from './outbox';

export interface CallContext {
  /** Aborted when the caller takes the call back or its window is gone. */
  readonly signal: AbortSignal;
}

/** One function for each method of the map; parameters arrive checked, with their defaults. */
export type Handlers = {
  readonly [M in MethodName]: (params: Parsed<M>, call: CallContext) => Promise<Returns<M>> | Returns<M>;
};

export type ServerTransport = Transport<ServerMessage, unknown>;

export interface ServerOptions {
  readonly handlers: Handlers;
  /** Send stacks of unexpected errors. */
  readonly debug?: boolean;
  /** Told of unexpected errors, so that they are seen somewhere. */
  readonly onError?: (method: string, error: unknown) => void;
}

/** The engine's end of one connection. */
export interface Connection {
  send<E extends EventName>(name: E, payload: Events[E]): void;
  close(reason?: string): void;
}

/** Calls that one window may have under way at a time; more is a mistake in it or an attack. */
const mostCalls = 256;

const idSchema = z.int().min(0);
const messageSchema: z.ZodType<ClientMessage> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: idSchema, method: z.string().max(100), params: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), id: idSchema }),
]);

/** Answers the calls that come over one connection, until that closes. */
export function serveCalls(transport: ServerTransport, options: ServerOptions): Connection {
  const calls = new Map<number, AbortController>();
  const outbox = new Outbox({
    send: (name, payload) => transport.send({ type: 'event', name, payload }),
    backlog: transport.backlog?.bind(transport),
  });
  let open = true;
  transport.onClose(() => {
    open = false;
    outbox.close();
    for (const call of calls.values()) call.abort();
    calls.clear();
  });
  transport.onMessage((received) => {
    const parsed = messageSchema.safeParse(received);
    if (!parsed.success) {
      transport.close('The message was none of this protocol.');
      return;
    }
    const message = parsed.data;
    if (message.type === 'cancel') {
      calls.get(message.id)?.abort();
      return;
    }
    void answer(message.id, message.method, message.params);
  });

  async function answer(id: number, method: string, params: unknown): Promise<void> {
    if (calls.has(id)) return transport.close('Two calls came with one number.');
    const controller = new AbortController();
    const { signal } = controller;
    let reply: ServerMessage;
    try {
      if (calls.size >= mostCalls)
        throw new RpcError('conflict', 'Too many calls are under way. Wait for some to end.');
      calls.set(id, controller);
      const value = await dispatch(options.handlers, method, params, { signal });
      reply = { type: 'result', id, value: value ?? null };
    } catch (error) {
      const shape = errorShape(error, options.debug);
      if (shape.code === 'internal') options.onError?.(method, error);
      reply = { type: 'error', id, error: shape };
    } finally {
      if (calls.get(id) === controller) calls.delete(id);
    }
    // Nobody waits for the answer to a call that was taken back.
    if (open && !signal.aborted) transport.send(reply);
  }

  return {
    send: (name, payload) => {
      if (open) outbox.push(name, payload);
    },
    close: (reason) => transport.close(reason),
  };
}

/** Checks the parameters of a call and hands it to its handler. */
async function dispatch(handlers: Handlers, method: string, params: unknown, call: CallContext): Promise<unknown> {
  if (!isMethod(method)) throw new RpcError('bad-input', `There is no call named "${method}". Reload the page.`);
  const parsed = methods[method].params.safeParse(params, { error: hint });
  if (!parsed.success) {
    const { path, what, fix } = explain(parsed.error.issues, params);
    throw new RpcError('bad-input', `${path === '' ? method : path} ${what}. ${fix}`, { method, path });
  }
  const handler = handlers[method] as (params: unknown, call: CallContext) => unknown;
  return handler(parsed.data, call);
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}

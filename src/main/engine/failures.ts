import { RpcError, type CallContext, type Handlers } from '../../shared/rpc';
import { ConflictError, NotFoundError } from '../store';

type AnyHandler = (params: never, call: CallContext) => unknown;

/** Gives errors of the store the code that windows act on. */
export function withCodes(handlers: Handlers): Handlers {
  const wrapped = Object.entries(handlers).map(([name, handler]: [string, AnyHandler]) => [
    name,
    async (params: never, call: CallContext) => {
      try {
        return await handler(params, call);
      } catch (error) {
        if (error instanceof NotFoundError) throw new RpcError('not-found', error.message);
        if (error instanceof ConflictError) throw new RpcError('conflict', error.message);
        throw error;
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Handlers;
}

export { createClient, type CallOptions, type Client, type ClientTransport } from './client';
export { createConnection, type ConnectionState, type ReconnectingClient } from './connection';
export { errorShape, RpcError } from './errors';
export type { EventName, Events, RpcErrorCode, RpcErrorShape, Transport } from './messages';
export { portTransport, type PortLike } from './messagePort';
export {
  methods,
  mostOutlines,
  type Estimate,
  type MethodName,
  type Params,
  type PublishedNumber,
  type RecipeEntry,
  type Returns,
  type Settings,
  type SpecProblem,
  type SystemInfo,
} from './methods';
export { serveCalls, type CallContext, type Connection, type Handlers, type ServerTransport } from './server';
export { rpcPath, rpcProtocol, socketTransport, tokenProtocol, type SocketLike } from './webSocket';

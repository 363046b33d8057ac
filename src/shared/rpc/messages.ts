import type { RunLive, RunRow } from '../runRecord';
import type { DatasetEntry, ModelEntry } from '../library';
import type { Settings, SystemInfo } from './methods';

/** What the engine tells every window without being asked. At most ten messages a second of each kind. */
export interface Events {
  /** Rows that were added or changed, and ids that are gone. */
  'runs.changed': { readonly rows: readonly RunRow[]; readonly removed: readonly string[] };
  /** In order; a run occurs more than once when several of its points fell into one message. */
  'runs.live': readonly RunLive[];
  /** The whole library. */
  'models.changed': readonly ModelEntry[];
  'datasets.changed': readonly DatasetEntry[];
  'settings.changed': Settings;
  'system.changed': SystemInfo;
  /** Something that a person should know: the disk is full, the engine was started again. */
  notice: { readonly level: 'info' | 'warning' | 'error'; readonly text: string };
}
export type EventName = keyof Events;

/** `unavailable`: the engine cannot be reached or is being started again; the same call may work in a moment. */
export type RpcErrorCode = 'bad-input' | 'not-found' | 'conflict' | 'cancelled' | 'unavailable' | 'internal';

/** How an error crosses: a code to act on, a sentence to show, details to copy. */
export interface RpcErrorShape {
  readonly code: RpcErrorCode;
  readonly message: string;
  readonly details?: unknown;
}

export type ClientMessage =
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number };

export type ServerMessage =
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: RpcErrorShape }
  | { readonly type: 'event'; readonly name: EventName; readonly payload: unknown };

/** One end of a MessagePort or a WebSocket. */
export interface Transport<Out, In> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  /** Called once, also when this end closes. A listener that comes late is called as well. */
  onClose(listener: (reason: string) => void): void;
  close(reason?: string): void;
  /** Bytes accepted but not yet on their way, where that is known. */
  backlog?(): number;
}

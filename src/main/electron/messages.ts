/** What goes between the shell and its window; everything else goes between the window and the engine, past the shell. */
export const channels = {
  /** Window to shell: asks for a port of the engine. */
  connect: 'bracket.connect',
  /** Shell to window: the port. */
  port: 'bracket.port',
  /** Shell to window: a {@link ShellCommand}. */
  command: 'bracket.command',
} as const;

/** Shell to engine process. A port of a window comes with `connect`. */
export type ToEngine = { readonly type: 'connect' } | { readonly type: 'close' };

/** Engine process to shell. */
export type FromEngine =
  | { readonly type: 'ready' }
  /** The engine cannot work, and says in a sentence why; it ends after that. */
  | { readonly type: 'failed'; readonly message: string };

/** What the engine process is started with. */
export interface EngineArguments {
  /** Shown in every window that connects: that the engine was started again. */
  readonly notice: string | null;
}

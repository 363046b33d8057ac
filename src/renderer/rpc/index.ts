import { createConnection, type ReconnectingClient } from '../../shared/rpc';
import type { ShellApi } from '../../shared/shell';
import { openSocket } from './browser';
import { openPort } from './desktop';

export { sendFile, type SendOptions } from './sendFile';

/** The desktop shell, where there is one. */
export const shell: ShellApi | undefined = (globalThis as { bracket?: ShellApi }).bracket;

/** Connects this window to the engine: through the desktop shell, else to the host that served the page. */
export function connectToEngine(): ReconnectingClient {
  return createConnection(() => (shell === undefined ? openSocket() : openPort(shell)));
}

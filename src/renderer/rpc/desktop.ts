import { portTransport, type ClientTransport } from '../../shared/rpc';
import { portMark, type ShellApi } from '../../shared/shell';

/** The engine is started by the shell and may take this long the first time. */
const patience = 20_000;

/** Asks the desktop shell for a port of the engine. */
export function openPort(shell: ShellApi): Promise<ClientTransport> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(limit);
      removeEventListener('message', onMessage);
    };
    const onMessage = ({ source, data, ports: [port] }: MessageEvent<unknown>): void => {
      if (source !== window || data !== portMark || port === undefined) return;
      end();
      resolve(portTransport(port));
    };
    const limit = setTimeout(() => {
      end();
      reject(new Error('The engine does not start.'));
    }, patience);
    addEventListener('message', onMessage);
    shell.connect();
  });
}

import { fork } from 'node:child_process';
import type { FromRun, RunChild, Spawner } from './types';

/**
 * Forks run processes with Node.
 * @param entry the built `runProcess.js`
 */
export function nodeSpawner(entry: string): Spawner {
  return (): RunChild => {
    // Structured cloning, so that NaN and typed arrays arrive as they left.
    const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    return {
      pid: child.pid,
      send(message) {
        // A child that is gone already says so by its exit.
        if (child.connected) child.send(message, () => undefined);
      },
      onMessage(listener) {
        child.on('message', (message) => listener(message as FromRun));
      },
      onExit(listener) {
        let told = false;
        const tell = (code: number | null, signal: string | null): void => {
          if (!told) listener(code, signal);
          told = true;
        };
        child.once('exit', tell);
        child.once('error', () => tell(null, null));
      },
      kill() {
        child.kill('SIGKILL');
      },
    };
  };
}

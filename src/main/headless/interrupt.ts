import type { EventEmitter } from 'node:events';

/**
 * Turns the first Ctrl-C into a request to stop. The second finds no handler any more, so the system ends the process at once, even
 * while it computes. A termination request (SIGTERM) asks to stop as often as it comes.
 * @param process where the signals arrive
 */
export function onInterrupt(process: EventEmitter, stop: () => void): { release(): void } {
  process.once('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    release() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

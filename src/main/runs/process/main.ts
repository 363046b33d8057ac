import { createRequire } from 'node:module';
import { InputError } from '../../../shared/errors';
import type { Execution } from '../execute';
import type { RunOrder } from '../types';
import { parentPort } from './port';

// tfjs asks for `require` when it finds itself in Node, and modules have none.
globalThis.require = createRequire(import.meta.url);

// A terminal sends Ctrl-C to every process in it; what that means is for the parent to say.
process.on('SIGINT', () => undefined);

const port = parentPort();
let execution: Execution | undefined;
let pausing = false;

port.onMessage((message) => {
  if (message.type === 'start') void compute(message.order);
  else {
    pausing = true;
    execution?.pause();
  }
});

async function compute(order: RunOrder): Promise<void> {
  try {
    // Loaded once there is something to compute, so that no message is missed meanwhile.
    const { execute } = await import('../execute');
    execution = execute({ order, tell: (message) => port.send(message) });
    if (pausing) execution.pause();
    await execution.ending;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const message = error instanceof InputError ? text : `The run stopped with an unexpected error: ${text}`;
    port.send({ type: 'refused', message });
  }
  port.flush(() => process.exit(0));
}

import { createRequire } from 'node:module';
import { errorShape } from '../../shared/rpc/errors';
import type { FromTask, ToTask } from './types';

// tfjs asks for `require` when it finds itself in Node, and modules have none.
globalThis.require = createRequire(import.meta.url);

// A terminal sends Ctrl-C to every process in it; what that means is for the parent to say.
process.on('SIGINT', () => undefined);

const tell = (message: FromTask): void => {
  process.send?.(message);
};

let last: Promise<void> = Promise.resolve();

process.on('message', (message) => {
  const { id, task, params } = message as ToTask;
  last = last.then(async () => {
    try {
      const { doTask } = await import('./doTask');
      tell({ id, result: await doTask(task, params as never) });
    } catch (error) {
      tell({ id, error: errorShape(error, process.env['BRACKET_DEBUG'] !== undefined) });
    }
  });
});
// Whoever asked is gone, so nobody will ask again.
process.on('disconnect', () => process.exit());

import { doTask } from '../../src/main/tasks/doTask';
import type { TaskDoer } from '../../src/main/tasks/types';
import { errorShape } from '../../src/shared/rpc';
import { errorFrom } from '../../src/shared/rpc/errors';

/** Does tasks in this process; errors arrive as they would from another. */
export const tasksHere: TaskDoer = {
  async run(task, params) {
    try {
      return structuredClone(await doTask(task, params));
    } catch (error) {
      throw errorFrom(structuredClone(errorShape(error)));
    }
  },
  close: () => undefined,
};

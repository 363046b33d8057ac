import type { FromRun, RunChild, Spawner, ToRun } from '../../src/main/runs';

/** A run process that does what a test says. */
export interface FakeChild {
  readonly told: ToRun[];
  tell(message: FromRun): void;
  exit(code: number | null, signal?: string | null): void;
  readonly killed: boolean;
}

/** Starts such processes. A killed one exits a moment later, one that is asked to pause does so unless `stubborn`. */
export function fakeSpawner(stubborn = false): { readonly spawner: Spawner; readonly children: FakeChild[] } {
  const children: FakeChild[] = [];
  const spawner: Spawner = (): RunChild => {
    let message: (message: FromRun) => void = () => undefined;
    let exited: (code: number | null, signal: string | null) => void = () => undefined;
    let killed = false;
    let gone = false;
    const told: ToRun[] = [];
    const exit = (code: number | null, signal: string | null = null): void => {
      if (!gone) exited(code, signal);
      gone = true;
    };
    children.push({
      told,
      tell: (from) => message(from),
      exit,
      get killed() {
        return killed;
      },
    });
    return {
      pid: children.length,
      send(to) {
        told.push(to);
        if (to.type !== 'pause' || stubborn) return;
        setTimeout(() => {
          message({ type: 'paused', seconds: 3 });
          exit(0);
        });
      },
      onMessage: (listener) => {
        message = listener;
      },
      onExit: (listener) => {
        exited = listener;
      },
      kill() {
        killed = true;
        setTimeout(() => exit(null, 'SIGKILL'));
      },
    };
  };
  return { spawner, children };
}

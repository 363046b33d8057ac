import type { FromRun, RunOrder, Spawner, ToRun } from '../../src/main/runs/types';
import type { Result } from '../../src/shared/result';
import { sampleResult } from './sampleResult';

/** Run processes that compute nothing: they end at once with a made-up result, or wait until they are paused. */
export function quickRuns({ wait = false }: { wait?: boolean } = {}): Spawner {
  return () => {
    let tell: (message: FromRun) => void = () => undefined;
    let exit: (code: number | null, signal: string | null) => void = () => undefined;
    const end = (message: FromRun): void => {
      setImmediate(() => {
        tell(message);
        exit(0, null);
      });
    };
    const start = ({ run, spec }: RunOrder): void => {
      tell({ type: 'progress', stage: 'forward chains', progress: 0.5, seconds: 1 });
      tell({ type: 'point', number: 0, point: { temperatures: 8, seconds: 1, bounds: sampleResult().bounds } });
      const result: Result = sampleResult({ run, kind: spec.kind, spec: spec as unknown as Record<string, unknown> });
      if (!wait) end({ type: 'ended', result });
    };
    return {
      pid: 1,
      send(message: ToRun) {
        setImmediate(() => {
          if (message.type === 'start') start(message.order);
          else end({ type: 'paused', seconds: 1 });
        });
      },
      onMessage: (listener) => (tell = listener),
      onExit: (listener) => (exit = listener),
      kill: () => setImmediate(() => exit(null, 'SIGKILL')),
    };
  };
}

import type { Connection } from '../../../src/shared/rpc';
import type { RunRow } from '../../../src/shared/runRecord';
import { fakePoints } from './detail';
import type { FakeRun } from './runs';

const step = 250;
const duration = 60_000;

/** Moves the made-up runs that are running, starts queued ones, and tells the window. */
export class FakeProgress {
  private readonly runs: Map<string, FakeRun>;
  private readonly connection: () => Connection;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(runs: Map<string, FakeRun>, connection: () => Connection) {
    this.runs = runs;
    this.connection = connection;
    this.timer = setInterval(() => this.tick(), step);
    // A test that is over should not wait for it.
    if (typeof this.timer === 'object') this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Changes a run and tells the window. */
  change(run: FakeRun, change: Partial<RunRow>): void {
    run.row = { ...run.row, ...change };
    this.connection().send('runs.changed', { rows: [run.row], removed: [] });
  }

  private tick(): void {
    const all = [...this.runs.values()];
    const running = all.filter(({ row }) => row.status === 'running');
    if (running.length === 0) {
      const next = all.findLast(({ row }) => row.status === 'queued');
      if (next !== undefined) this.change(next, { status: 'running', stage: 'pilot run' });
      return;
    }
    for (const run of running) this.advance(run);
  }

  private advance(run: FakeRun): void {
    const progress = Math.min(1, run.row.progress + step / duration);
    const before = fakePoints(run.row, run.row.progress).length;
    const points = fakePoints(run.row, progress);
    const point = points.length > before ? points.at(-1) : undefined;
    const seconds = run.row.seconds + step / 1000;
    run.row = {
      ...run.row,
      progress,
      seconds,
      stage: progress < 0.1 ? 'pilot run' : `reverse chains, round ${points.length}`,
    };
    this.connection().send('runs.live', [
      {
        id: run.row.id,
        status: 'running',
        progress,
        stage: run.row.stage,
        seconds,
        eta: ((1 - progress) * duration) / 1000,
        ...(point === undefined ? {} : { point }),
      },
    ]);
    if (point !== undefined) {
      const [lower, upper] = point.bounds;
      const side = (bound: typeof lower) =>
        bound === undefined || bound.value === null
          ? null
          : { estimator: bound.estimator, value: bound.value, ci95: bound.ci95 };
      const gap = (upper?.value ?? 0) - (lower?.value ?? 0);
      this.change(run, { lower: side(lower), upper: side(upper), gap, gapCi95: gap * 0.2 });
    }
    if (progress >= 1) this.change(run, { status: 'done', stage: 'done', ended: Date.now() });
  }
}

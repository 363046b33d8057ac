import { fork, type ChildProcess } from 'node:child_process';
import { RunError } from '../../shared/errors';
import { errorFrom, RpcError } from '../../shared/rpc/errors';
import type { FromTask, TaskDoer, TaskName, TaskOptions, Tasks, ToTask } from './types';

interface Job {
  readonly message: ToTask;
  readonly signal: AbortSignal | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A process that has nothing to do keeps its libraries and models loaded for this long, milliseconds. */
const keptWarm = 60_000;
/** No task is meant to take longer. */
const longest = 300_000;
/** How long a task that nobody wants any more may go on before its process is killed, which costs the next one a start. */
const grace = 1000;

/** Does tasks one after another in a process of its own, which is started when there is one and ends when there are none. */
export class TaskRunner implements TaskDoer {
  private readonly entry: string;
  private readonly waiting: Job[] = [];
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private child: ChildProcess | undefined;
  private current: Job | undefined;
  private nextId = 1;
  private closed = false;
  private idle: ReturnType<typeof setTimeout> | undefined;

  /** @param entry the built `taskProcess.js` */
  constructor(entry: string) {
    this.entry = entry;
  }

  /**
   * @throws RpcError as the task threw it; RunError with a sentence when its process died or took too long
   */
  run<T extends TaskName>(
    task: T,
    params: Tasks[T]['params'],
    { signal }: TaskOptions = {},
  ): Promise<Tasks[T]['result']> {
    if (signal?.aborted === true || this.closed) return Promise.reject(cancelled());
    return new Promise((resolve, reject) => {
      const job: Job = {
        message: { id: this.nextId++, task, params },
        signal,
        resolve: (value) => resolve(value as Tasks[T]['result']),
        reject,
      };
      signal?.addEventListener('abort', () => this.abort(job), { once: true });
      this.waiting.push(job);
      this.next();
    });
  }

  close(): void {
    this.closed = true;
    for (const job of this.waiting.splice(0)) job.reject(cancelled());
    this.current?.reject(cancelled());
    this.done();
    this.stop();
  }

  private next(): void {
    if (this.current !== undefined || this.closed) return;
    const job = this.waiting.shift();
    clearTimeout(this.idle);
    if (job === undefined) {
      this.idle = setTimeout(() => this.stop(), keptWarm);
      this.idle.unref();
      return;
    }
    this.current = job;
    this.after(longest, () => this.fail(job, new RunError('This took more than five minutes and was stopped.')));
    this.process().send(job.message, (error) => {
      if (error !== null) this.fail(job, new RunError(`The helper process does not answer (${error.message}).`));
    });
  }

  private process(): ChildProcess {
    if (this.child !== undefined) return this.child;
    const child = fork(this.entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.child = child;
    child.on('message', (message) => this.answered(message as FromTask));
    const ended = (why: string): void => {
      if (this.child !== child) return;
      this.child = undefined;
      if (this.current !== undefined) this.fail(this.current, new RunError(why));
    };
    child.once('exit', (code, signal) =>
      ended(
        signal === 'SIGKILL'
          ? 'The helper process was killed by the system, probably because the memory is full. Close other programs, or use less.'
          : `The helper process ended unexpectedly (${signal ?? `code ${code}`}). Try again.`,
      ),
    );
    child.once('error', (error) => ended(`The helper process cannot be started (${error.message}).`));
    return child;
  }

  private answered(message: FromTask): void {
    const job = this.current;
    if (job?.message.id !== message.id) return;
    this.done();
    if ('error' in message) job.reject(errorFrom(message.error));
    else job.resolve(message.result);
    this.next();
  }

  /** Gives up on the task under way together with its process. */
  private fail(job: Job, error: unknown): void {
    if (this.current !== job) return;
    this.done();
    this.stop();
    job.reject(error);
    this.next();
  }

  private abort(job: Job): void {
    const index = this.waiting.indexOf(job);
    if (index >= 0) this.waiting.splice(index, 1);
    else if (this.current === job) this.after(grace, () => this.fail(job, cancelled()));
    job.reject(cancelled());
  }

  private done(): void {
    this.current = undefined;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private stop(): void {
    const child = this.child;
    this.child = undefined;
    clearTimeout(this.idle);
    child?.kill('SIGKILL');
  }

  /** Only while there is a task: a timer keeps this process alive. */
  private after(milliseconds: number, act: () => void): void {
    this.timers.add(setTimeout(act, milliseconds));
  }
}

function cancelled(): RpcError {
  return new RpcError('cancelled', 'The call was cancelled.');
}

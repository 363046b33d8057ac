import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parentPort, type ForkedProcess } from '../../../src/main/runs/process/port';
import type { FromRun, ToRun } from '../../../src/main/runs/types';

/** A forked process whose messages leave when a test says so. */
function forkedProcess(): {
  forked: ForkedProcess & EventEmitter;
  sent: unknown[];
  leave: () => void;
  codes: number[];
} {
  const sent: unknown[] = [];
  const leaving: (() => void)[] = [];
  const codes: number[] = [];
  const forked = Object.assign(new EventEmitter(), {
    send(message: unknown, _handle: undefined, _options: undefined, done: (error: Error | null) => void) {
      sent.push(message);
      leaving.push(() => done(null));
      return true;
    },
    exit: (code: number) => void codes.push(code),
  });
  return { forked, sent, leave: () => leaving.shift()?.(), codes };
}

const log = (text: string): FromRun => ({ type: 'log', number: null, text });

describe('the port of a run process', () => {
  it('hears its parent and tells it things', () => {
    const { forked, sent } = forkedProcess();
    const port = parentPort(forked);
    const heard: ToRun[] = [];
    port.onMessage((message) => heard.push(message));
    forked.emit('message', { type: 'pause' });
    expect(heard).toEqual([{ type: 'pause' }]);
    port.send(log('a'));
    expect(sent).toEqual([log('a')]);
  });

  it('is done when the last message has left, and not before', () => {
    const { forked, leave } = forkedProcess();
    const port = parentPort(forked);
    let done = 0;
    port.send(log('a'));
    port.send(log('b'));
    port.flush(() => (done += 1));
    leave();
    expect(done).toBe(0);
    leave();
    expect(done).toBe(1);
  });

  it('is done at once when nothing waits', () => {
    const { forked, leave } = forkedProcess();
    const port = parentPort(forked);
    port.send(log('a'));
    leave();
    let done = 0;
    port.flush(() => (done += 1));
    expect(done).toBe(1);
  });

  it('ends its process when the parent is gone', () => {
    const { forked, codes } = forkedProcess();
    parentPort(forked);
    forked.emit('disconnect');
    expect(codes).toEqual([1]);
  });

  it('is not there for a process that was started by hand', () => {
    const alone = Object.assign(new EventEmitter(), { exit: () => undefined });
    expect(() => parentPort(alone)).toThrow('started by Bracket itself');
  });
});

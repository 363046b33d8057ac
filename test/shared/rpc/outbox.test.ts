import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Outbox } from '../../../src/shared/rpc/outbox';
import type { RunLive, RunPoint, RunRow } from '../../../src/shared/runRecord';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const row = (id: string, change: Partial<RunRow> = {}): RunRow =>
  ({ id, status: 'running', progress: 0, ...change }) as RunRow;
const live = (id: string, progress: number, point?: RunPoint): RunLive => ({
  ...{ id, status: 'running', progress, stage: '', seconds: 0, eta: null },
  ...(point && { point }),
});
const point = (temperatures: number): RunPoint => ({ temperatures, seconds: 0, bounds: [] });

function outbox(backlog?: () => number) {
  const sent: { name: string; payload: unknown }[] = [];
  return { sent, box: new Outbox({ send: (name, payload) => sent.push({ name, payload }), backlog }) };
}

it('sends the first at once, and at most ten of a kind in a second', () => {
  const { sent, box } = outbox();
  for (let step = 0; step < 1000; step += 1) {
    box.push('runs.live', [live('a', step / 1000)]);
    vi.advanceTimersByTime(1);
  }
  expect(sent.length).toBeGreaterThanOrEqual(9);
  expect(sent.length).toBeLessThanOrEqual(11);
  vi.advanceTimersByTime(200);
  expect(sent.at(-1)?.payload).toEqual([live('a', 0.999)]);
});

it('keeps kinds apart', () => {
  const { sent, box } = outbox();
  box.push('runs.live', [live('a', 0)]);
  box.push('notice', { level: 'info', text: 'x' });
  expect(sent.map(({ name }) => name)).toEqual(['runs.live', 'notice']);
});

it('keeps the latest row of each run, and the last word on whether it is there', () => {
  const { sent, box } = outbox();
  box.push('runs.changed', { rows: [row('a')], removed: [] });
  box.push('runs.changed', { rows: [row('a', { progress: 0.5 }), row('b')], removed: [] });
  box.push('runs.changed', { rows: [row('a', { progress: 0.7 })], removed: ['b', 'c'] });
  box.push('runs.changed', { rows: [row('c')], removed: [] });
  vi.advanceTimersByTime(100);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.payload).toEqual({ rows: [row('a', { progress: 0.7 }), row('c')], removed: ['b'] });
});

it('loses no point of a plot while it waits', () => {
  const { sent, box } = outbox();
  box.push('runs.live', [live('a', 0)]);
  box.push('runs.live', [live('a', 0.1, point(10))]);
  box.push('runs.live', [live('a', 0.2)]);
  box.push('runs.live', [live('a', 0.3, point(40)), live('b', 0.1)]);
  box.push('runs.live', [live('a', 0.4), live('b', 0.2)]);
  vi.advanceTimersByTime(100);
  expect(sent[1]?.payload).toEqual([
    live('a', 0.1, point(10)),
    live('a', 0.3, point(40)),
    live('a', 0.4),
    live('b', 0.2),
  ]);
});

it('does not let an update that was overtaken bring a run back to life', () => {
  const { sent, box } = outbox();
  box.push('runs.live', [live('a', 0.8)]);
  box.push('runs.live', [live('a', 0.9, point(10)), live('b', 0.1)]);
  box.push('runs.changed', { rows: [row('a', { status: 'done', progress: 1 })], removed: [] });
  vi.advanceTimersByTime(100);
  expect(sent.at(-1)?.payload).toEqual([{ ...live('a', 1, point(10)), status: 'done' }, live('b', 0.1)]);
  box.push('runs.live', [live('a', 0.95)]);
  vi.advanceTimersByTime(200);
  expect(sent).toHaveLength(3);
  box.push('runs.changed', { rows: [row('a')], removed: [] });
  box.push('runs.live', [live('a', 0.2)]);
  vi.advanceTimersByTime(200);
  expect(sent.at(-1)?.payload).toEqual([live('a', 0.2)]);
});

it('holds back while the window does not keep up, and then sends the sum', () => {
  let waiting = 2 ** 21;
  const { sent, box } = outbox(() => waiting);
  for (let step = 0; step < 50; step += 1) {
    box.push('runs.changed', { rows: [row('a', { progress: step })], removed: [] });
    vi.advanceTimersByTime(100);
  }
  expect(sent).toEqual([]);
  waiting = 0;
  vi.advanceTimersByTime(100);
  expect(sent).toEqual([{ name: 'runs.changed', payload: { rows: [row('a', { progress: 49 })], removed: [] } }]);
});

it('shows each notice, but not the same one again and again', () => {
  const { sent, box } = outbox();
  box.push('notice', { level: 'info', text: 'first' });
  for (let time = 0; time < 50; time += 1) box.push('notice', { level: 'error', text: 'the disk is full' });
  box.push('notice', { level: 'info', text: 'last' });
  vi.advanceTimersByTime(1000);
  expect(sent.map(({ payload }) => (payload as { text: string }).text)).toEqual(['first', 'the disk is full', 'last']);
});

it('sends nothing once it is closed', () => {
  const { sent, box } = outbox();
  box.push('runs.live', [live('a', 0)]);
  box.push('runs.live', [live('a', 1)]);
  box.close();
  vi.advanceTimersByTime(1000);
  expect(sent).toHaveLength(1);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { TaskRunner } from '../../../src/main/tasks/runner';

// Does what its parameters say, and tells which process it is.
const program = `
process.on('message', ({ id, params }) => {
  if (params === 'crash') process.exit(3);
  if (params === 'killed') process.kill(process.pid, 'SIGKILL');
  if (params === 'hang') return;
  if (params === 'refuse') process.send({ id, error: { code: 'bad-input', message: 'no' } });
  else setTimeout(() => process.send({ id, result: [process.pid, params, new Float32Array([NaN])] }), 20);
});
`;

let folder: string;
let entry: string;
const runners: TaskRunner[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-tasks-'));
  entry = join(folder, 'task.cjs');
  writeFileSync(entry, program);
});
afterEach(() => {
  for (const runner of runners.splice(0)) runner.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Answer = [pid: number, params: string, numbers: Float32Array];

function runner(): (params: string, signal?: AbortSignal) => Promise<Answer> {
  const made = new TaskRunner(entry);
  runners.push(made);
  return (params, signal) => made.run('readModel', params as never, { signal }) as unknown as Promise<Answer>;
}

it('does tasks one after another in one process', async () => {
  const run = runner();
  const answers = await Promise.all(['a', 'b', 'c'].map((params) => run(params)));
  expect(answers.map(([, params]) => params)).toEqual(['a', 'b', 'c']);
  expect(new Set(answers.map(([pid]) => pid)).size).toBe(1);
  expect(answers[0]?.[2]).toEqual(new Float32Array([Number.NaN]));
});

it('hands on what a task refuses', async () => {
  await expect(runner()('refuse')).rejects.toMatchObject({ name: 'RpcError', code: 'bad-input', message: 'no' });
});

it.each([
  ['crash', /ended unexpectedly \(code 3\)/],
  ['killed', /probably because the memory is full/],
])('a task that makes its process %s fails alone', async (params, sentence) => {
  const run = runner();
  const first = run(params);
  const second = run('next');
  await expect(first).rejects.toThrow(sentence);
  expect((await second)[1]).toBe('next');
});

it('a task that is not wanted any more is given up, with its process if need be', async () => {
  const run = runner();
  const [pid] = await run('a');
  const controller = new AbortController();
  const hanging = run('hang', controller.signal);
  const waiting = run('b', controller.signal);
  const next = run('c');
  controller.abort();
  await expect(hanging).rejects.toMatchObject({ code: 'cancelled' });
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  const [other, params] = await next;
  expect(params).toBe('c');
  expect(other).not.toBe(pid);
});

it('one that ends by itself soon after keeps the process warm', async () => {
  const run = runner();
  const [pid] = await run('a');
  const controller = new AbortController();
  const quick = run('b', controller.signal);
  controller.abort();
  await expect(quick).rejects.toMatchObject({ code: 'cancelled' });
  expect((await run('c'))[0]).toBe(pid);
});

it('closed, it does nothing more', async () => {
  const run = runner();
  const hanging = run('hang');
  runners[0]?.close();
  await expect(hanging).rejects.toMatchObject({ code: 'cancelled' });
  await expect(run('a')).rejects.toMatchObject({ code: 'cancelled' });
});

import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../../../src/main/runs/execute';
import type { FromRun, RunEnding } from '../../../src/main/runs';
import type { RunEvent } from '../../../src/main/experiments';
import type { Result } from '../../../src/shared/result';
import { glyphsDirectory, glyphsSpec, timeless } from '../../support/glyphs';

const spec = glyphsSpec();
let folder: string;
let whole: Result;
const events: RunEvent[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-resume-'));
  const { ending } = await attempt('whole', { onEvent: (event) => events.push(event) });
  whole = resultOf(ending);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Attempt {
  readonly ending: RunEnding;
  readonly messages: FromRun[];
}

async function attempt(
  run: string,
  options: { resume?: boolean; pauseAt?: number; onEvent?: (event: RunEvent) => void; directory?: string } = {},
): Promise<Attempt> {
  const messages: FromRun[] = [];
  let count = 0;
  const execution = execute({
    order: {
      run,
      spec,
      directory: options.directory ?? glyphsDirectory,
      snapshot: join(folder, `${run}.snap`),
      artifacts: join(folder, 'artifacts'),
      resume: options.resume ?? false,
      snapshotSeconds: 3600,
    },
    tell: (message) => messages.push(message),
    onEvent: (event) => {
      options.onEvent?.(event);
      if (++count === options.pauseAt) execution.pause();
    },
  });
  return { ending: await execution.ending, messages };
}

function resultOf(ending: RunEnding): Result {
  if (ending.type !== 'ended') throw new Error(`ended as ${JSON.stringify(ending)}`);
  return ending.result;
}

/** The number of the event in the middle of a stage. */
function middleOf(stage: RegExp): number {
  const found = events.flatMap((event, index) => (stage.test(event.stage) ? [index + 1] : []));
  return found[Math.floor(found.length / 2)] ?? 0;
}

describe('a run that is paused', () => {
  it.each([
    ['loading', /loading/],
    ['importance sampling', /importance/],
    ['the pilot', /tuning/],
    ['a round of the ladder', /forward chains, 8 /],
    ['forward chains', /forward chains, 32 /],
    ['reverse chains', /reverse chains, 32 /],
    ['coupled chains', /coupled chains, 32 /],
  ])('goes on from within %s with the same bits', async (where, stage) => {
    const pauseAt = middleOf(stage);
    expect(pauseAt).toBeGreaterThan(0);
    const first = await attempt(where, { pauseAt });
    expect(first.ending.type).toBe('paused');
    const second = await attempt(where, { resume: true });
    expect(timeless(resultOf(second.ending))).toEqual(timeless(whole));
    expect(log(second)[0]).toMatch(/^Goes on from its snapshot after /);
  });

  it('may be paused many times, and knows how long it has computed in all', async () => {
    let seconds = 0;
    for (let turn = 1; ; turn++) {
      const { ending, messages } = await attempt('often', { resume: turn > 1, pauseAt: 120 });
      const last = messages.findLast((message) => message.type === 'progress');
      expect(last?.seconds).toBeGreaterThan(seconds);
      seconds = last?.seconds ?? 0;
      if (ending.type === 'paused') continue;
      expect(timeless(resultOf(ending))).toEqual(timeless(whole));
      expect(turn).toBeGreaterThan(3);
      return;
    }
  });

  it('passes its early rounds again under the same numbers', async () => {
    const first = await attempt('numbers', { pauseAt: middleOf(/reverse chains, 32 /) });
    const second = await attempt('numbers', { resume: true });
    const points = ({ messages }: Attempt) =>
      messages.flatMap((message) =>
        message.type === 'point' ? [[message.number, message.point.temperatures, message.point.bounds]] : [],
      );
    expect(points(first)).toHaveLength(1);
    expect(points(second)).toHaveLength(2);
    expect(points(second)[0]).toEqual(points(first)[0]);
  });
});

describe('a snapshot that cannot be used', () => {
  it.each([
    ['is torn', (path: string) => truncateSync(path, 200), 'is damaged'],
    ['is empty', (path: string) => truncateSync(path, 0), 'is not complete'],
    ['has a wrong bit', (path: string) => flip(path, -9), 'is damaged'],
    ['is from another version', (path: string) => flip(path, 8), 'is from another version of Bracket'],
  ])('is left when it %s, and the run starts over', async (what, harm, said) => {
    const path = join(folder, `${what}.snap`);
    await attempt(what, { pauseAt: middleOf(/forward chains, 32 /) });
    harm(path);
    const second = await attempt(what, { resume: true });
    expect(log(second)[0]).toBe(`The snapshot ${said}: starts over, and ends with the same numbers.`);
    expect(timeless(resultOf(second.ending))).toEqual(timeless(whole));
  });

  it('is refused when a file is not what it was', async () => {
    const directory = mkdtempSync(join(folder, 'model-'));
    const file = join(directory, 'glyphs-vae.safetensors');
    writeFileSync(file, readFileSync(join(glyphsDirectory, 'glyphs-vae.safetensors')));
    await attempt('changed', { pauseAt: middleOf(/forward chains, 32 /), directory });
    flip(file, -1);
    await expect(attempt('changed', { resume: true, directory })).rejects.toThrow(
      `${file}: is not the file that this run began with. Put that file back, or start a new run.`,
    );
  });
});

it('goes on computing when a pause cannot be kept, and says so once', async () => {
  const messages: FromRun[] = [];
  let count = 0;
  const execution = execute({
    order: {
      run: 'nowhere',
      spec,
      directory: glyphsDirectory,
      snapshot: join(folder, 'no', 'such', 'folder.snap'),
      artifacts: join(folder, 'artifacts'),
      resume: false,
      snapshotSeconds: 0,
    },
    tell: (message) => messages.push(message),
    onEvent: () => {
      if (++count === 100) execution.pause();
    },
  });
  expect(timeless(resultOf(await execution.ending))).toEqual(timeless(whole));
  const lines = messages.filter((message) => message.type === 'log' && message.text.startsWith('No '));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    text: expect.stringContaining('No snapshot could be written: its folder is gone.') as string,
  });
});

function log({ messages }: Attempt): string[] {
  return messages.flatMap((message) => (message.type === 'log' ? [message.text] : []));
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

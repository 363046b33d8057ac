import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { execute } from '../../../src/main/runs/execute';
import { getRun, listRuns, openStore, type Store } from '../../../src/main/store';
import { plainJson } from '../../../src/shared/plainJson';
import { buildRuns, type BuiltRuns } from '../../support/builtRuns';
import { glyphsDirectory, glyphsSpec, timeless } from '../../support/glyphs';
import { random } from '../../support/random';
import type { Shown } from '../../support/smallEngine';

// Long enough that twenty kills hit every part of it.
const spec = glyphsSpec({ ais: { chains: 4, temperatures: 160, leapfrog: 4, ladder: true, coupledUpper: true } });
const kills = 20;

let built: BuiltRuns;
let folder: string;
let store: Store;
const engines: Engine[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-kill-'));
  store = openStore(folder);
  built = await buildRuns();
});
afterAll(() => {
  for (const engine of engines) engine.process.kill('SIGKILL');
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Engine {
  readonly process: ChildProcess;
  readonly shown: Shown[];
  readonly ready: Promise<void>;
  readonly gone: Promise<void>;
}

function startEngine(): Engine {
  const process_ = spawn(
    process.execPath,
    [built.engine, folder, built.runProcess, JSON.stringify(spec), glyphsDirectory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const shown: Shown[] = [];
  const lines = createInterface({ input: process_.stdout });
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      shown.push(JSON.parse(line) as Shown);
      resolve();
    });
  });
  const gone = new Promise<void>((resolve) => lines.on('close', resolve));
  const engine = { process: process_, shown, ready, gone };
  engines.push(engine);
  return engine;
}

it(
  'loses nothing that was shown when the engine is killed at any moment, and ends with the same bits',
  { timeout: 180_000 },
  async () => {
    const { uniform } = random(3);
    for (let count = 0; count < kills; count++) {
      const engine = startEngine();
      await engine.ready;
      await sleep(1500 * uniform());
      engine.process.kill('SIGKILL');
      await engine.gone;
      engine.shown.forEach(expectKept);
    }
    // The last engine is left alone until everything is done.
    const last = startEngine();
    await last.ready;
    while (listRuns(store).some(({ status }) => status !== 'done')) await sleep(100);

    const whole = await uninterrupted();
    const runs = listRuns(store);
    expect(runs.length).toBeGreaterThan(0);
    let interruptions = 0;
    for (const { id } of runs) {
      const { result, points, log } = getRun(store, id);
      expect(JSON.parse(JSON.stringify(result && timeless(result)))).toEqual(whole);
      expect(points.map(({ temperatures }) => temperatures)).toEqual([10, 40, 160]);
      interruptions += log.filter(({ text }) => text.startsWith('Interrupted')).length;
    }
    expect(interruptions).toBeGreaterThan(kills / 2);

    const second = startEngine();
    await second.gone;
    expect(second.shown).toEqual([
      {
        type: 'refused',
        message: `${folder}: another Bracket is open on this data folder. Use that one or close it, or set BRACKET_HOME to another folder.`,
      },
    ]);
    last.process.kill('SIGTERM');
    await last.gone;
  },
);

/** What a window showed is in the store, which may know more. */
function expectKept(shown: Shown): void {
  if (shown.type === 'ready' || shown.type === 'refused') return;
  const { row, points, result } = getRun(store, shown.id);
  if (shown.type === 'point') expect(points).toContainEqual(shown.point);
  else if (shown.status === 'done') expect([row.status, result?.status]).toEqual(['done', 'done']);
  else if (shown.lower !== null) expect(row.lower).not.toBeNull();
}

async function uninterrupted(): Promise<unknown> {
  const { ending } = execute({
    order: {
      run: 'whole',
      spec,
      directory: glyphsDirectory,
      snapshot: join(folder, 'whole.snap'),
      artifacts: join(folder, 'artifacts'),
      resume: false,
      snapshotSeconds: 3600,
    },
    tell: () => undefined,
  });
  const ended = await ending;
  if (ended.type !== 'ended') throw new Error(ended.type);
  return JSON.parse(JSON.stringify(timeless(ended.result), plainJson)) as unknown;
}

import Sqlite from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolder, listRuns, openStore } from '../../../src/main/store';
import { currentVersion } from '../../../src/main/store/migrations';
import { firstSchema } from '../../../src/main/store/migrations/0001';
import { learningCurves } from '../../../src/main/store/migrations/0002';
import type { RunRow } from '../../../src/shared/runRecord';
import { rareEventResult } from '../../support/fake/rareEvent';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-open-'));
  file = join(folder, 'bracket.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function refusal(): string {
  try {
    openStore(folder).close();
    return 'was opened';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the data folder', () => {
  it.each([
    ['linux', { HOME: '/home/me' }, '/home/me/.local/share/bracket'],
    ['linux', { HOME: '/home/me', XDG_DATA_HOME: '/data' }, '/data/bracket'],
    ['linux', { HOME: '/home/me', XDG_DATA_HOME: 'data' }, '/home/me/.local/share/bracket'],
    ['linux', { HOME: '/home/me', BRACKET_HOME: '/elsewhere' }, '/elsewhere'],
    ['darwin', { HOME: '/Users/me' }, '/Users/me/Library/Application Support/bracket'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/bracket'],
  ] as const)('on %s with %j', (platform, env, expected) => {
    expect(dataFolder(env, platform)).toBe(expected);
  });
});

describe('opening a store', () => {
  it('makes the folder and what is above it', () => {
    const store = openStore(join(folder, 'a', 'b'));
    expect(listRuns(store)).toEqual([]);
    store.close();
  });

  it('opens what is there, also twice at once', () => {
    const [first, second] = [openStore(folder), openStore(folder)];
    expect(listRuns(second)).toEqual([]);
    first.close();
    second.close();
  });

  it('tells of older runs without bounds what they estimated', () => {
    const database = new Sqlite(file);
    database.exec(firstSchema + learningCurves);
    database.pragma('user_version = 2');
    const add = (id: string, kind: RunRow['kind'], quantity: string, result: unknown): void => {
      database
        .prepare(
          `INSERT INTO runs (id, name, kind, status, model, data, device, seed, temperatures, chains, quantity, family, created, updated, directory, spec)
           VALUES (@id, @id, @kind, 'done', '', '', 'cpu', 0, 1, 1, @quantity, '', 0, 0, '/', '{}')`,
        )
        .run({ id, kind, quantity });
      database
        .prepare('INSERT INTO run_results (run, result) VALUES (?, ?)')
        .run(id, result === null ? null : JSON.stringify(result));
    };
    const covered = (value: number | null) => ({ coverage: [{ card: { metrics: { coverage: { value } } } }] });
    add('event', 'importance-flow', 'log-probability', rareEventResult());
    add('waiting', 'importance-flow', 'log-probability', null);
    add('never hit', 'importance-flow', 'log-probability', { metrics: { probability: { value: 0, hits: 0 } } });
    add('covered', 'coverage', 'log-px', covered(0.351));
    add('too few', 'coverage', 'log-px', covered(null));
    add('bounded', 'evidence', 'log-px', { bounds: [] });
    database.close();
    const store = openStore(folder);
    const rows = Object.fromEntries(listRuns(store).map(({ id, quantity, estimate }) => [id, { quantity, estimate }]));
    expect(rows).toEqual({
      event: { quantity: 'log-probability', estimate: { value: 3.3572e-4, ci95: 2.43e-6 } },
      waiting: { quantity: 'log-probability', estimate: null },
      'never hit': { quantity: 'log-probability', estimate: null },
      covered: { quantity: 'coverage', estimate: { value: 0.351, ci95: null } },
      'too few': { quantity: 'coverage', estimate: null },
      bounded: { quantity: 'log-px', estimate: null },
    });
    store.close();
  });

  it('refuses a database from a newer version and leaves it alone', () => {
    openStore(folder).close();
    const database = new Sqlite(file);
    database.pragma('user_version = 99');
    database.close();
    expect(refusal()).toBe(
      `${file}: was written by a newer version of Bracket (schema 99, this one knows ${currentVersion}). Install that version, or set BRACKET_HOME to another folder.`,
    );
  });

  it('refuses what is no database and leaves it alone', () => {
    const text = 'This is a letter and no database. '.repeat(100);
    writeFileSync(file, text);
    expect(refusal()).toBe(
      `The data folder ${folder} holds a bracket.db that is no database. Move that file away to start with an empty history; it is left as it is.`,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('refuses a damaged database and leaves it alone', () => {
    openStore(folder).close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096);
    writeFileSync(file, bytes);
    expect(refusal()).toMatch(/holds a damaged bracket\.db\. Move that file away/);
    expect(readFileSync(file).subarray(4096)).toEqual(bytes.subarray(4096));
  });

  it('says in a sentence that the folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    folder = join(folder, 'file', 'below');
    expect(refusal()).toBe(`The data folder ${folder} cannot be made there. Set BRACKET_HOME to another folder.`);
    folder = join(folder, '..', '..');
  });
});

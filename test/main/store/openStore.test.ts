import Sqlite from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolder, listRuns, openStore } from '../../../src/main/store';
import { currentVersion } from '../../../src/main/store/migrations';

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

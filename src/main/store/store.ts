import Sqlite from 'better-sqlite3';
import type { Database, Statement } from 'better-sqlite3';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from './dataFolder';
import { storeFailure } from './failures';
import { migrate } from './migrations';

/** How long one process waits for another's write, milliseconds. */
const patience = 5000;

/**
 * The data folder of one user: a database and the files beside it. Several processes may have it open at once (a window's engine
 * and runs in terminals); each query is a function of a store in a file of its own.
 */
export class Store {
  readonly folder: string;
  private readonly database: Database;
  private readonly statements = new Map<string, Statement>();

  /** Use {@link openStore}. */
  constructor(folder: string, database: Database) {
    this.folder = folder;
    this.database = database;
  }

  get artifacts(): string {
    return join(this.folder, 'artifacts');
  }

  get locks(): string {
    return join(this.folder, 'locks');
  }

  /** Where a run keeps what it needs to go on. */
  snapshot(run: string): string {
    return join(this.folder, 'snapshots', `${run}.snap`);
  }

  /** A statement, prepared once. */
  sql<Row = unknown>(text: string): Statement<unknown[], Row> {
    let statement = this.statements.get(text);
    if (statement === undefined) this.statements.set(text, (statement = this.database.prepare(text)));
    return statement as Statement<unknown[], Row>;
  }

  /** Everything in `change` or nothing. @throws StoreError with a sentence */
  write<T>(change: () => T): T {
    try {
      return this.database.inTransaction ? change() : this.database.transaction(change).immediate();
    } catch (error) {
      throw storeFailure(error, this.folder);
    }
  }

  /** @throws StoreError with a sentence */
  read<T>(query: () => T): T {
    try {
      return query();
    } catch (error) {
      throw storeFailure(error, this.folder);
    }
  }

  /** A number that differs from the last time when another process has written. */
  foreignVersion(): number {
    return this.read(() => Number(this.database.pragma('data_version', { simple: true })));
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }
}

/**
 * Opens the data folder, made if it is not there.
 * @throws InputError for a database from a newer version; StoreError with a sentence when it cannot be opened or is damaged
 */
export function openStore(folder: string = dataFolder()): Store {
  let database: Database | undefined;
  try {
    for (const part of ['.', 'artifacts', 'snapshots', 'locks']) makeFolder(join(folder, part));
    const path = join(folder, 'bracket.db');
    database = new Sqlite(path, { timeout: patience });
    database.pragma('journal_mode = WAL');
    // What was shown outlives a power cut too; runs write about once a second.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    migrate(database, path);
    // Reads a page of the table, so that damage is found here and not in the middle of a run.
    database.prepare('SELECT count(*) FROM runs').get();
    return new Store(folder, database);
  } catch (error) {
    database?.close();
    throw storeFailure(error, folder);
  }
}

/** Makes a folder and those above it, for this user alone: what a researcher evaluates is nobody else's business. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  // Step by step: Node's own recursive call never ends where a folder can have no folders in it.
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have come first.
    if (!existsSync(path)) throw error;
  }
}

import Sqlite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConflictError, storeFailure } from './failures';
import type { Store } from './store';

/** The name under which an engine holds a data folder; a terminal's run holds a name of its own. */
export const engineOwner = 'engine';

/** Held until it is released or the process ends, however it ends: the system lets go of it. */
export interface Lock {
  readonly owner: string;
  release(): void;
}

/**
 * Takes a lock by holding a transaction open on a database of its own: SQLite knows how to lock a file on every system, and the
 * system releases the lock of a killed process.
 * @returns undefined when another process, or another engine in this one, holds it
 */
export function takeLock(store: Store, owner: string): Lock | undefined {
  const path = fileOf(store, owner);
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw storeFailure(error, store.folder);
  }
  const held = database;
  return {
    owner,
    release() {
      if (!held.open) return;
      held.close();
      // The engine's is kept: between closing and removing another engine might have taken it.
      if (owner !== engineOwner) rmSync(path, { force: true });
    },
  };
}

/** @throws ConflictError when another engine works on this data folder */
export function takeEngineLock(store: Store): Lock {
  const lock = takeLock(store, engineOwner);
  if (lock !== undefined) return lock;
  throw new ConflictError(
    store.folder,
    'another Bracket is open on this data folder',
    'Use that one or close it, or set BRACKET_HOME to another folder.',
  );
}

/** Whether the process that took the lock is still there. */
export function isHeld(store: Store, owner: string): boolean {
  const lock = takeLock(store, owner);
  lock?.release();
  return lock === undefined;
}

/** Removes the lock files of processes that have gone. */
export function tidyLocks(store: Store): void {
  for (const file of readdirSync(store.locks)) {
    const owner = file.replace(/\.lock(-journal)?$/, '');
    if (owner !== engineOwner && !isHeld(store, owner)) rmSync(join(store.locks, file), { force: true });
  }
}

function fileOf(store: Store, owner: string): string {
  return join(store.locks, `${owner}.lock`);
}

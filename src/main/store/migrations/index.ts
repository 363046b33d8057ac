import type { Database } from 'better-sqlite3';
import { InputError } from '../../../shared/errors';
import { firstSchema } from './0001';
import { learningCurves } from './0002';
import { estimates } from './0003';
import { images } from './0004';

/** In order, never changed once released: the number of a database's last one is its `user_version`. */
const migrations: readonly string[] = [firstSchema, learningCurves, estimates, images];

/** The `user_version` of a database that this program writes. */
export const currentVersion = migrations.length;

/**
 * Brings a database up to date, all or nothing.
 * @throws InputError when it was written by a newer program, whose tables this one does not know
 */
export function migrate(database: Database, path: string): void {
  if (versionOf(database) === currentVersion) return;
  database
    .transaction(() => {
      // Read again: another process may have come first.
      const version = versionOf(database);
      if (version > currentVersion) {
        throw new InputError(
          path,
          `was written by a newer version of Bracket (schema ${version}, this one knows ${currentVersion})`,
          'Install that version, or set BRACKET_HOME to another folder.',
        );
      }
      for (const script of migrations.slice(version)) database.exec(script);
      database.pragma(`user_version = ${currentVersion}`);
    })
    .immediate();
}

function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

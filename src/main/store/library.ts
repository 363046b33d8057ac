import { artifactAt, findArtifact, getArtifact, referToArtifact, type Artifact } from './artifacts';
import { NotFoundError } from './failures';
import type { Store } from './store';

/** What the artifact of an entry says by itself. */
type FromArtifact = Pick<Artifact, 'sha256' | 'bytes' | 'path'> & { readonly created: number };

/** A library of files with what was found in them: the models, the data sets. */
export interface Library<Entry extends FromArtifact> {
  /** The newest first. */
  list(store: Store): Entry[];
  find(store: Store, sha256: string): Entry | undefined;
  /** @throws NotFoundError */
  get(store: Store, sha256: string): Entry;
  /** Adds an entry or replaces it; its file must be kept already. @throws NotFoundError when it is not */
  put(store: Store, sha256: string, entry: Omit<Entry, keyof FromArtifact>): Entry;
  /** Takes an entry out; its file stays while runs refer to it. */
  remove(store: Store, sha256: string): void;
}

export function library<Entry extends FromArtifact>(table: 'models' | 'datasets', what: string): Library<Entry> {
  interface Raw {
    readonly sha256: string;
    readonly created: number;
    readonly entry: string;
  }
  const full = (store: Store, { sha256, created, entry }: Raw): Entry => {
    const { bytes, path } = getArtifact(store, sha256);
    return { ...(JSON.parse(entry) as Omit<Entry, keyof FromArtifact>), sha256, bytes, path, created } as Entry;
  };
  const find = (store: Store, sha256: string): Entry | undefined =>
    store.read(() => {
      const raw = store.sql<Raw>(`SELECT sha256, created, entry FROM ${table} WHERE sha256 = ?`).get(sha256);
      return raw === undefined ? undefined : full(store, raw);
    });
  const get = (store: Store, sha256: string): Entry => {
    const entry = find(store, sha256);
    if (entry !== undefined) return entry;
    throw new NotFoundError(`${what} ${sha256.slice(0, 12)}`, 'is not in the library', 'Import it again.');
  };
  return {
    find,
    get,
    list: (store) =>
      store.read(() =>
        store
          .sql<Raw>(`SELECT sha256, created, entry FROM ${table} ORDER BY created DESC, rowid DESC`)
          .all()
          .map((raw) => full(store, raw)),
      ),
    put: (store, sha256, entry) =>
      store.write(() => {
        getArtifact(store, sha256);
        store
          .sql(
            `INSERT INTO ${table} (sha256, created, entry) VALUES (?, ?, ?)
               ON CONFLICT (sha256) DO UPDATE SET entry = excluded.entry`,
          )
          .run(sha256, Date.now(), JSON.stringify(entry));
        return get(store, sha256);
      }),
    remove: (store, sha256) => {
      store.write(() => store.sql(`DELETE FROM ${table} WHERE sha256 = ?`).run(sha256));
    },
  };
}

/** Has a run hold on to the kept files that its run file names, so that removing a model cannot break it. */
export function referToInputs(store: Store, run: string, paths: readonly string[]): void {
  for (const path of paths) {
    const artifact = artifactAt(store, path);
    if (artifact !== undefined && findArtifact(store, artifact.sha256) !== undefined) {
      referToArtifact(store, run, `input ${artifact.name}`, artifact.sha256);
    }
  }
}

import type { Settings } from '../../shared/rpc/methods';
import type { Store } from './store';

const defaults: Settings = { theme: 'system', device: 'cpu', parallelRuns: 1 };

export function getSettings(store: Store): Settings {
  const rows = store.read(() => store.sql<{ name: string; value: string }>('SELECT name, value FROM settings').all());
  const known = rows.filter(({ name }) => name in defaults);
  return { ...defaults, ...Object.fromEntries(known.map(({ name, value }) => [name, JSON.parse(value) as unknown])) };
}

/** Changes what is given; undefined leaves a setting as it is. */
export function changeSettings(
  store: Store,
  change: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
): Settings {
  return store.write(() => {
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined) continue;
      store.sql('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(name, JSON.stringify(value));
    }
    return getSettings(store);
  });
}

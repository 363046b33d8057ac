import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PackageRoot {
  readonly directory: string;
  readonly version: string;
}

let found: PackageRoot | undefined;

/**
 * The folder of this package: the nearest one above this file whose package.json is named bracket. The same from the built program
 * and from the sources.
 */
export function packageRoot(): PackageRoot {
  if (found !== undefined) return found;
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(directory, 'package.json');
    if (existsSync(file)) {
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (manifest.name === 'bracket') return (found = { directory, version: manifest.version ?? '0.0.0' });
    }
    const parent = dirname(directory);
    if (parent === directory) throw new Error('The package.json of bracket is missing: install it again.');
    directory = parent;
  }
}

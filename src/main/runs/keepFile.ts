import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Result } from '../../shared/result';
import type { KeptFile } from '../experiments';
import { writeDurably } from '../files/durable';

/**
 * Puts a file that a run leaves under the hash of its bytes, where the store keeps all files; the store hears of it with the
 * result.
 * @param folder the store's folder of kept files
 */
export function keepFile(folder: string, { name, bytes }: KeptFile): Result['artifacts'][number] {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(folder, sha256.slice(0, 2), sha256, name);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeDurably(path, [bytes]);
  }
  return { name, path, sha256 };
}

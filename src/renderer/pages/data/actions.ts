import type { ImageGrid } from '../../../shared/library';
import { engine } from '../../engine';

export async function removeDataset(sha256: string): Promise<void> {
  await engine.call('datasets.remove', { sha256 });
}

/** The first few data. */
export function preview(sha256: string, signal: AbortSignal): Promise<ImageGrid> {
  return engine.call('datasets.preview', { sha256, offset: 0, count: 6 }, { signal });
}

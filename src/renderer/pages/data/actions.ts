import { engine } from '../../engine';

export async function removeDataset(sha256: string): Promise<void> {
  await engine.call('datasets.remove', { sha256 });
}

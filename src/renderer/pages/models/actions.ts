import type { Params } from '../../../shared/rpc';
import type { ModelEntry } from '../../../shared/library';
import { engine } from '../../engine';

export async function removeModel(sha256: string): Promise<void> {
  await engine.call('models.remove', { sha256 });
}

/** Keeps what a person says about a model. The list follows by itself. */
export function updateModel(params: Params<'models.update'>): Promise<ModelEntry> {
  return engine.call('models.update', params);
}

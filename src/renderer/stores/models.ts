import { defineStore } from 'pinia';
import type { ModelEntry } from '../../shared/library';
import type { Params } from '../../shared/rpc';
import { engine } from '../engine';
import { useLibrary } from './library';

/** The library of models. */
export const useModels = defineStore('models', () => ({
  ...useLibrary<ModelEntry>({
    read: () => engine.call('models.list', {}),
    follow: (take) => engine.on('models.changed', take),
    remove: (sha256) => engine.call('models.remove', { sha256 }),
  }),
  /** Keeps what a person says about a model: its name, its layers, its likelihood. */
  update: (params: Params<'models.update'>): Promise<ModelEntry> => engine.call('models.update', params),
}));

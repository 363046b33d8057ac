import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { ModelEntry } from '../../shared/library';
import { engine } from '../engine';
import { useLoading } from './loading';

/** The library of models. */
export const useModels = defineStore('models', () => {
  const list = shallowRef<readonly ModelEntry[]>([]);
  const loading = useLoading(async () => {
    list.value = await engine.call('models.list', {});
  });
  engine.on('models.changed', (models) => {
    list.value = models;
  });
  return { list, loadState: loading.state, loadError: loading.error, ensure: loading.ensure, reload: loading.reload };
});

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { DatasetEntry } from '../../shared/library';
import { engine } from '../engine';
import { useLoading } from './loading';

/** The library of data sets. */
export const useDatasets = defineStore('datasets', () => {
  const list = shallowRef<readonly DatasetEntry[]>([]);
  const loading = useLoading(async () => {
    list.value = await engine.call('datasets.list', {});
  });
  engine.on('datasets.changed', (datasets) => {
    list.value = datasets;
  });
  return { list, loadState: loading.state, loadError: loading.error, ensure: loading.ensure, reload: loading.reload };
});

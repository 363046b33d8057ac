import { defineStore } from 'pinia';
import type { DatasetEntry } from '../../shared/library';
import { engine } from '../engine';
import { useLibrary } from './library';

/** The library of data sets. */
export const useDatasets = defineStore('datasets', () =>
  useLibrary<DatasetEntry>({
    read: () => engine.call('datasets.list', {}),
    follow: (take) => engine.on('datasets.changed', take),
    remove: (sha256) => engine.call('datasets.remove', { sha256 }),
  }),
);

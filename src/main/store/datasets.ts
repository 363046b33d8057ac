import type { DatasetEntry } from '../../shared/library';
import { library } from './library';

/** The data sets that a person keeps, by the hash of their files. */
export const datasets = library<DatasetEntry>('datasets', 'data set');

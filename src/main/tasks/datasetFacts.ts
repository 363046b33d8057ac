import type { ImageGrid } from '../../shared/library';
import { readDataset } from '../datasets';
import { gridOf, rangeOf, shownRange } from './images';
import type { DatasetFacts, Tasks } from './types';

export async function datasetFacts({ path, array }: Tasks['readDataset']['params']): Promise<DatasetFacts> {
  const { name, format, count, shape, values, sha256 } = readDataset(path, { array });
  const mark = name.indexOf('#');
  const chosen = array ?? (format.startsWith('npz') && mark >= 0 ? name.slice(mark + 1) : null);
  return { format, count, shape: [...shape], range: rangeOf(values), array: chosen, sha256 };
}

export async function preview(params: Tasks['preview']['params']): Promise<ImageGrid> {
  const { path, array, offset, count, range } = params;
  const { values, count: found, shape } = readDataset(path, { array, offset, limit: count });
  return gridOf(values, found, shape, shownRange(range));
}

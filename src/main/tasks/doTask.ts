import type { TaskName, Tasks } from './types';

type Doers = { readonly [T in TaskName]: (params: Tasks[T]['params']) => Promise<Tasks[T]['result']> };

/** Each brings in what it needs only when it is asked for: drawing a figure should not wait for a tensor library. */
const doers: Doers = {
  devices: async () => (await import('./devices')).devices(),
  readModel: async (params) => (await import('./modelFacts')).modelFacts(params),
  samples: async (params) => (await import('./drawings')).samples(params),
  traversal: async (params) => (await import('./drawings')).traversal(params),
  readDataset: async (params) => (await import('./datasetFacts')).datasetFacts(params),
  preview: async (params) => (await import('./datasetFacts')).preview(params),
  estimate: async (params) => (await import('./estimate')).estimate(params),
  figure: async (params) => (await import('../figures')).drawFigure(params),
};

export function doTask<T extends TaskName>(task: T, params: Tasks[T]['params']): Promise<Tasks[T]['result']> {
  return doers[task](params);
}

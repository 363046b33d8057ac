import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../resources/packageRoot';
import { datasets, listRuns, models } from '../store';
import type { EngineContext } from './context';
import { importDataset } from './datasets';
import { importModel } from './models';

const modelFile = /\.(safetensors|pth?|npz)$/i;
const dataFile = /\.(idx\d?-ubyte|npy|csv|bin)(\.gz)?$/i;

/** Puts the models and data that come with the program into a library that has never been used, so that there is something to run. */
export async function addExamples(context: EngineContext): Promise<void> {
  const { store, events } = context;
  const folder = path.join(packageRoot().directory, 'resources', 'examples');
  const used = models.list(store).length > 0 || datasets.list(store).length > 0 || listRuns(store).length > 0;
  if (used || !existsSync(folder)) return;
  for (const file of readdirSync(folder).sort()) {
    const source = { path: path.join(folder, file) };
    if (modelFile.test(file)) await importModel(context, source);
    else if (dataFile.test(file)) await importDataset(context, source, undefined);
  }
  events.emit('models.changed', models.list(store));
  events.emit('datasets.changed', datasets.list(store));
}

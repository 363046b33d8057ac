import { afterAll, expect, it } from 'vitest';
import { drive } from '../../../src/main/runs/driver';
import { keepFile } from '../../../src/main/runs/keepFile';
import { Recorder } from '../../../src/main/runs/recorder';
import { insertRun, models } from '../../../src/main/store';
import { modelFacts } from '../../../src/main/tasks/modelFacts';
import { parseRunFile } from '../../../src/shared/runFile';
import { workbench } from '../../support/runs';
import { temporaryStore } from '../../support/stores';
import { smallVae, stripes } from '../../support/vaeRuns';

const bench = workbench();
bench.file('stripes.npy', stripes(200));
const temporary = temporaryStore();
const { store } = temporary;
afterAll(() => temporary.remove());

it('puts the model that a run has trained into the library, as if it had been imported', async () => {
  const spec = parseRunFile({ ...smallVae, name: 'Stripes' }, 'run.json');
  const { directory } = bench;
  insertRun(store, { id: 'one', spec, directory });
  const result = await drive(spec, { directory, run: 'one', keep: (file) => keepFile(store.artifacts, file) });
  new Recorder(store, 'one').record({ type: 'ended', result });
  const [entry, ...rest] = models.list(store);
  expect(rest).toEqual([]);
  expect(entry).toMatchObject({ name: 'Stripes', sha256: result.artifacts[0]?.sha256, latent: 2, problem: null });
  const read = await modelFacts({ path: entry?.path ?? '', decoder: null, likelihood: null });
  for (const key of ['format', 'decoder', 'likelihood', 'latent', 'outputShape', 'chain'] as const) {
    expect(entry?.[key], key).toEqual(read[key]);
  }
  const inOrder = (tensors: typeof read.tensors) => [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(inOrder(entry?.tensors ?? [])).toEqual(inOrder(read.tensors));
  // Told twice, it is there once.
  new Recorder(store, 'one').record({ type: 'ended', result });
  expect(models.list(store)).toHaveLength(1);
});

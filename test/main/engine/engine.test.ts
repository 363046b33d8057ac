import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../../../src/main/engine';
import { getRow, openStore } from '../../../src/main/store';
import { packageRoot } from '../../../src/main/resources/packageRoot';
import { createClient, type Client, type EventName } from '../../../src/shared/rpc';
import type { RunRow } from '../../../src/shared/runRecord';
import { quickRuns } from '../../support/quickRuns';
import { pairedTransports } from '../../support/pairedTransports';
import { tasksHere } from '../../support/tasksHere';
import { ofModel } from '../../support/modelRun';

const examples = path.join(packageRoot().directory, 'resources', 'examples');
const glyphs = path.join(examples, 'glyphs-vae.safetensors');

let home: string;
let engine: Engine;
let client: Client;
const events: { name: EventName; payload: unknown }[] = [];

function connect(to: Engine): Client {
  const [window, end] = pairedTransports<never, never>();
  to.connect(end);
  return createClient(window);
}

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'bracket-engine-'));
  engine = createEngine({ home, host: 'browser', spawner: quickRuns(), tasks: tasksHere, examples: false });
  client = connect(engine);
  for (const name of ['runs.changed', 'models.changed', 'datasets.changed', 'settings.changed'] as const)
    client.on(name, (payload) => events.push({ name, payload }));
});
afterAll(async () => {
  await engine.close();
  rmSync(home, { recursive: true, force: true });
});

const upload = (content: string | Uint8Array): Promise<string> => engine.uploads.receive(Readable.from([content]));

describe('models', () => {
  it('are read, understood, and kept by the hash of their file', async () => {
    const model = await client.call('models.import', { path: glyphs });
    expect(model).toMatchObject({
      name: 'glyphs-vae',
      format: 'safetensors',
      latent: 8,
      outputShape: [256],
      confirmed: false,
      problem: null,
      likelihood: { type: 'bernoulli' },
    });
    expect(model.chain.map(({ shape }) => shape)).toEqual([[8], [128], [128], [128], [128], [256]]);
    expect(model.path).toContain(model.sha256);
    expect(existsSync(model.path)).toBe(true);
    expect(engine.artifact(model.sha256)).toBe(model.path);
    expect(await client.call('models.list', {})).toEqual([model]);
    await expect.poll(() => events.some(({ name }) => name === 'models.changed')).toBe(true);
  });

  it('draw samples and traversals', async () => {
    const [model] = await client.call('models.list', {});
    const { sha256 } = model ?? { sha256: '' };
    const grid = await client.call('models.samples', { sha256, count: 40, seed: 1 });
    expect(grid).toMatchObject({ count: 40, height: 16, width: 16, channels: 1, low: 0, high: 1 });
    expect(grid.values).toHaveLength(40 * 256);
    expect(grid.values.every((value) => value >= 0 && value <= 1)).toBe(true);
    const again = await client.call('models.samples', { sha256, count: 8, seed: 1 });
    expect(again.values).toEqual(grid.values.slice(0, 8 * 256));
    const traversal = await client.call('models.traversal', { sha256, dimensions: 32, steps: 5 });
    expect(traversal.count).toBe(8 * 5);
    // The middle of each row is the same picture: every latent at 0.
    expect(traversal.values.slice(2 * 256, 3 * 256)).toEqual(traversal.values.slice(7 * 256, 8 * 256));
  });

  it('keep what a person corrects, and refuse layers that do not fit', async () => {
    const [model] = await client.call('models.list', {});
    const { sha256, decoder } = model ?? { sha256: '', decoder: null };
    const relu = (decoder ?? []).map((layer) => (layer === 'tanh' ? ('relu' as const) : layer));
    const updated = await client.call('models.update', { sha256, name: 'Letters', decoder: relu });
    expect(updated).toMatchObject({ name: 'Letters', decoder: relu, confirmed: true });
    await expect(client.call('models.update', { sha256, decoder: [{ linear: 'decoder.fc9' }] })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('decoder.fc9') as string,
    });
    // Imported again, it is still what the person said.
    expect(await client.call('models.import', { path: glyphs })).toEqual(updated);
    await client.call('models.update', { sha256, decoder: [...(decoder ?? [])] });
  });

  it('that were sent and are none are named as the person knows them', async () => {
    const id = await upload('this is no checkpoint');
    const failed = client.call('models.import', { upload: id, name: 'thesis.pth' });
    await expect(failed).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^thesis\.pth: /) as string,
    });
    await expect(client.call('models.import', { upload: id, name: 'thesis.pth' })).rejects.toMatchObject({
      message: 'upload: the file that was sent is no longer here. Send it again.',
    });
  });

  it('that are not there are not found', async () => {
    await expect(client.call('models.remove', { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('data sets', () => {
  it('are read and previewed', async () => {
    const id = await upload(`a,b\n${Array.from({ length: 50 }, (_, row) => `${row},${2 * row}`).join('\n')}\n`);
    const dataset = await client.call('datasets.import', { upload: id, name: 'table of mine.csv' });
    expect(dataset).toMatchObject({ name: 'table of mine', format: 'csv', count: 50, shape: [2], range: [0, 98] });
    const { sha256 } = dataset;
    expect(await client.call('datasets.preview', { sha256, offset: 1, count: 2 })).toMatchObject({
      ...{ count: 2, height: 1, width: 2 },
      values: [1, 2, 2, 4],
    });
    await client.call('datasets.remove', { sha256 });
    expect(await client.call('datasets.list', {})).toEqual([]);
  });
});

describe('runs', () => {
  it('start from a recipe, end, and are remembered with it', async () => {
    const recipes = await client.call('recipes.list', {});
    const demo = recipes.find(({ name }) => name === 'demo');
    expect(demo).toMatchObject({ title: expect.any(String) as string, lastRun: null });
    const { run, directory } = demo ?? { run: undefined, directory: '' };
    const { id } = await client.call('runs.create', { spec: run, directory, recipe: 'demo', tags: ['first'] });
    await expect.poll(async () => (await client.call('runs.get', { id })).row.status).toBe('done');
    const detail = await client.call('runs.get', { id });
    expect(detail.row).toMatchObject({
      tags: ['first'],
      lower: { estimator: 'cr-ais' },
      upper: { estimator: 'im-ais' },
    });
    expect(detail.result?.bounds).toHaveLength(4);
    const rows = (): RunRow[] =>
      events.flatMap(({ name, payload }) => (name === 'runs.changed' ? (payload as { rows: RunRow[] }).rows : []));
    await expect.poll(() => rows().at(-1)?.status).toBe('done');
    const after = await client.call('recipes.list', {});
    expect(after.find(({ name }) => name === 'demo')?.lastRun).toBe(id);
  });

  it('may name a model of the library', async () => {
    const [model] = await client.call('models.list', {});
    const spec = { kind: 'evidence', model: { checkpoint: model?.path }, data: { simulate: 2 } };
    const { id } = await client.call('runs.create', { spec });
    const detail = await client.call('runs.get', { id });
    expect(detail.row.model).toBe('glyphs-vae.safetensors');
    // What a person has confirmed need not be said again.
    expect(ofModel(detail.spec).model).toEqual({
      checkpoint: model?.path,
      decoder: model?.decoder,
      likelihood: model?.likelihood,
    });
  });

  it('are checked field by field', async () => {
    const spec = { kind: 'evidence', model: { checkpoint: 'x.pth' }, data: { simulate: 0 }, ais: { chains: 'many' } };
    const { problems } = await client.call('runs.check', { spec });
    expect(problems.map((problem) => problem.path).sort()).toEqual(['ais.chains', 'data.simulate']);
    await expect(client.call('runs.create', { spec })).rejects.toMatchObject({ code: 'bad-input' });
    const sound = { ...spec, data: { simulate: 1 }, ais: {} };
    expect(await client.call('runs.check', { spec: sound })).toEqual({ problems: [] });
  });

  it('name a file that is there', async () => {
    const spec = { kind: 'evidence', model: { checkpoint: 'gone.pth' }, data: { simulate: 1 } };
    await expect(client.call('runs.create', { spec, directory: examples })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('gone.pth, which is not there') as string,
      details: { path: 'model.checkpoint' },
    });
  });

  it('cost about what is measured', async () => {
    const spec = {
      kind: 'mutual-information',
      model: { checkpoint: glyphs },
      data: { simulate: 4 },
      ais: { chains: 4, temperatures: 100, stepSize: 0.1 },
    };
    const small = await client.call('runs.estimate', { spec });
    expect(small).toMatchObject({ rows: 16, gradientEvaluations: 2 * (1 + 99 * 10) });
    expect(small.gradientSeconds).toBeGreaterThan(0);
    expect(small.seconds).toBeGreaterThan(0);
    expect(small.bytes).toBeGreaterThan(2 ** 20);
    const large = await client.call('runs.estimate', { spec: { ...spec, ais: { ...spec.ais, temperatures: 10_000 } } });
    expect(large.seconds).toBeGreaterThan(5 * small.seconds);
  });

  it('come several at once for a comparison, without those that are gone', async () => {
    const ids = (await client.call('runs.list', {})).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1);
    const asked = [ids[1] ?? '', 'nobody', ids[0] ?? ''];
    const outlines = await client.call('runs.getMany', { ids: asked });
    expect(outlines.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    for (const { id, spec, points } of outlines)
      expect(await client.call('runs.get', { id })).toMatchObject({ spec, points });
    await client.call('runs.remove', { ids: [ids[0] ?? ''] });
    expect(await client.call('runs.getMany', { ids: asked })).toEqual([outlines[0]]);
    await client.call('runs.restore', { ids: [ids[0] ?? ''] });
    const many = Array.from({ length: 201 }, (_, index) => `run-${index}`);
    await expect(client.call('runs.getMany', { ids: many })).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('can be annotated, deleted and had back', async () => {
    const [row] = await client.call('runs.list', {});
    const id = row?.id ?? '';
    expect(await client.call('runs.annotate', { id, name: 'Mine', notes: 'n' })).toMatchObject({ name: 'Mine' });
    const before = (await client.call('runs.list', {})).length;
    await client.call('runs.remove', { ids: [id] });
    await expect(client.call('runs.get', { id })).rejects.toMatchObject({ code: 'not-found' });
    await client.call('runs.restore', { ids: [id] });
    expect(await client.call('runs.list', {})).toHaveLength(before);
    await expect(client.call('runs.pause', { id })).rejects.toMatchObject({ code: 'conflict' });
  });
});

it('what a browser may name on this machine is the data folder and the resources', async () => {
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'bracket-private-'));
  const table = path.join(elsewhere, 'salaries.csv');
  writeFileSync(table, 'a\n1\n2\n');
  try {
    await expect(client.call('datasets.import', { path: table })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('salaries.csv lies outside') as string,
    });
    const spec = { kind: 'evidence', model: { checkpoint: glyphs }, data: { file: table } };
    await expect(client.call('runs.create', { spec })).rejects.toMatchObject({ details: { path: 'data.file' } });
    const missing = client.call('datasets.import', { path: path.join(elsewhere, 'missing.csv') });
    await expect(missing).rejects.toMatchObject({ message: expect.stringContaining('lies outside') as string });
    const sneaky = path.join(home, 'artifacts', '..', '..', path.basename(elsewhere), 'salaries.csv');
    await expect(client.call('datasets.import', { path: sneaky })).rejects.toMatchObject({ code: 'bad-input' });
    const database = client.call('datasets.import', { path: path.join(home, 'bracket.db') });
    await expect(database).rejects.toMatchObject({ message: expect.stringContaining('lies outside') as string });
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

it('the desktop names what it likes, and a server what it was given', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bracket-given-'));
  const table = path.join(folder, 'data.csv');
  writeFileSync(table, 'a\n1\n2\n');
  const options = { spawner: quickRuns(), tasks: tasksHere, examples: false };
  for (const more of [{ host: 'electron' as const }, { host: 'browser' as const, folders: [folder] }]) {
    const other = createEngine({ ...options, ...more, home: path.join(folder, more.host) });
    expect(await connect(other).call('datasets.import', { path: table })).toMatchObject({ count: 2 });
    await other.close();
  }
  rmSync(folder, { recursive: true });
});

it('settings are kept and told', async () => {
  expect(await client.call('settings.get', {})).toMatchObject({ theme: 'system' });
  await client.call('settings.set', { theme: 'dark' });
  expect(await client.call('settings.get', {})).toMatchObject({ theme: 'dark' });
  await expect.poll(() => events.some(({ name }) => name === 'settings.changed')).toBe(true);
});

it('says what it is, and finds its devices meanwhile', async () => {
  expect(await client.call('system.info', {})).toMatchObject({ host: 'browser', home, version: packageRoot().version });
  await expect
    .poll(async () => (await client.call('system.info', {})).devices.map(({ name }) => name), { timeout: 20_000 })
    .toContain('cpu');
  const { runtime, devices } = await client.call('system.info', {});
  expect(runtime).toMatch(/^ONNX Runtime \d+\.\d+\.\d+$/);
  expect(devices.find(({ name }) => name === 'cpu')?.detail).toContain(runtime);
});

it('a second engine on the same folder is refused with a sentence', () => {
  expect(() => createEngine({ home, host: 'browser', spawner: quickRuns(), tasks: tasksHere })).toThrow(
    /another Bracket is open on this data folder/,
  );
});

it('an empty library gets the examples, a used one does not', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bracket-first-'));
  const first = createEngine({ home: folder, host: 'browser', spawner: quickRuns(), tasks: tasksHere });
  const names = async (of: Engine): Promise<string[]> =>
    (await connect(of).call('models.list', {})).map(({ name }) => name).sort();
  await expect.poll(() => names(first)).toEqual(['glyphs-vae', 'linear-gaussian']);
  const window = connect(first);
  for (const { name, sha256 } of await window.call('models.list', {}))
    if (name !== 'glyphs-vae') await window.call('models.remove', { sha256 });
  await first.close();
  const second = createEngine({ home: folder, host: 'browser', spawner: quickRuns(), tasks: tasksHere });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await names(second)).toEqual(['glyphs-vae']);
  await second.close();
  rmSync(folder, { recursive: true });
});

it('closed while a run computes, it pauses the run', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bracket-closing-'));
  const options = { home: folder, host: 'browser' as const, tasks: tasksHere, examples: false };
  const first = createEngine({ ...options, spawner: quickRuns({ wait: true }) });
  const spec = { kind: 'evidence', model: { checkpoint: glyphs }, data: { simulate: 2 } };
  const { id } = await connect(first).call('runs.create', { spec });
  await expect.poll(async () => (await connect(first).call('runs.get', { id })).points).toHaveLength(1);
  await first.close();
  const store = openStore(folder);
  expect(getRow(store, id).status).toBe('paused');
  store.close();
  rmSync(folder, { recursive: true });
});

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  changeSettings,
  cleanArtifacts,
  ConflictError,
  engineOwner,
  forgetRun,
  getSettings,
  insertRun,
  isHeld,
  keepArtifact,
  models,
  NotFoundError,
  takeEngineLock,
  takeLock,
  tidyLocks,
} from '../../../src/main/store';
import type { ModelEntry } from '../../../src/shared/library';
import { glyphsSpec } from '../../support/glyphs';
import { temporaryStore, type TemporaryStore } from '../../support/stores';

let temporary: TemporaryStore;
beforeEach(() => {
  temporary = temporaryStore();
});
afterEach(() => temporary.remove());

const bytes = (text: string) => new TextEncoder().encode(text);
const model: Omit<ModelEntry, 'sha256' | 'bytes' | 'path' | 'created'> = {
  name: 'vae',
  format: 'safetensors',
  tensors: [{ name: 'fc1.weight', shape: [2, 3], dtype: 'float32' }],
  decoder: null,
  likelihood: null,
  confirmed: false,
  latent: null,
  outputShape: null,
  chain: [],
  notes: [],
  problem: null,
};

describe('kept files', () => {
  it('lie under the hash of their bytes, once', async () => {
    const { store } = temporary;
    const first = await keepArtifact(store, bytes('hello'), '../über/vae 1.pth');
    expect(first).toMatchObject({
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      bytes: 5,
      name: 'vae 1.pth',
    });
    expect(first.path).toBe(join(store.artifacts, '2c', first.sha256, 'vae 1.pth'));
    expect(readFileSync(first.path, 'utf8')).toBe('hello');
    const file = join(temporary.folder, 'copy.pth');
    writeFileSync(file, 'hello');
    expect(await keepArtifact(store, file, 'copy.pth')).toEqual(first);
    expect(readdirSync(store.artifacts)).toEqual(['2c']);
  });

  it('say which file cannot be read', async () => {
    await expect(keepArtifact(temporary.store, '/no/such/file', 'file')).rejects.toThrow(
      /^\/no\/such\/file: cannot be/,
    );
  });

  it('are kept again when they were taken away by hand', async () => {
    const first = await keepArtifact(temporary.store, bytes('hello'), 'a');
    rmSync(dirname(first.path), { recursive: true });
    const second = await keepArtifact(temporary.store, bytes('hello'), 'a');
    expect(existsSync(second.path)).toBe(true);
  });

  it('stay while a model or a run needs them', async () => {
    const { store } = temporary;
    const { sha256, path } = await keepArtifact(store, bytes('weights'), 'vae.pth');
    const clean = () => cleanArtifacts(store, { youngest: -1000 });
    models.put(store, sha256, model);
    clean();
    expect(existsSync(path)).toBe(true);
    const spec = glyphsSpec();
    insertRun(store, { id: 'a', spec: { ...spec, model: { ...spec.model, checkpoint: path } }, directory: '/' });
    models.remove(store, sha256);
    clean();
    expect(existsSync(path)).toBe(true);
    forgetRun(store, 'a');
    clean();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(store.artifacts, sha256.slice(0, 2)))).toEqual([]);
  });

  it('that nothing knows are removed once they are old enough', async () => {
    const { store } = temporary;
    writeFileSync(join(store.artifacts, 'half.tmp'), 'x');
    const { path } = await keepArtifact(store, bytes('young'), 'a');
    cleanArtifacts(store);
    expect([existsSync(path), existsSync(join(store.artifacts, 'half.tmp'))]).toEqual([true, true]);
    cleanArtifacts(store, { youngest: -1000 });
    expect([existsSync(path), existsSync(join(store.artifacts, 'half.tmp'))]).toEqual([false, false]);
  });
});

describe('the library', () => {
  it('keeps entries beside their files', async () => {
    const { store } = temporary;
    const { sha256, path } = await keepArtifact(store, bytes('weights'), 'vae.pth');
    const entry = models.put(store, sha256, model);
    expect(entry).toMatchObject({ ...model, sha256, path, bytes: 7 });
    expect(models.put(store, sha256, { ...model, name: 'renamed' })).toEqual({ ...entry, name: 'renamed' });
    expect(models.list(store).map(({ name }) => name)).toEqual(['renamed']);
    expect(basename(entry.path)).toBe('vae.pth');
    models.remove(store, sha256);
    expect(() => models.get(store, sha256)).toThrow(NotFoundError);
  });

  it('has no entry without a file', () => {
    expect(() => models.put(temporary.store, 'ab'.repeat(32), model)).toThrow(NotFoundError);
  });
});

describe('locks', () => {
  it('let one engine work on a folder', () => {
    const lock = takeEngineLock(temporary.store);
    expect(() => takeEngineLock(temporary.again())).toThrow(ConflictError);
    expect(isHeld(temporary.store, engineOwner)).toBe(true);
    lock.release();
    takeEngineLock(temporary.again()).release();
  });

  it('of those that have gone are tidied away', () => {
    const { store } = temporary;
    const lock = takeLock(store, 'terminal-1');
    writeFileSync(join(store.locks, 'terminal-2.lock'), '');
    tidyLocks(store);
    expect(readdirSync(store.locks).filter((file) => file.endsWith('.lock'))).toEqual(['terminal-1.lock']);
    lock?.release();
    expect(isHeld(store, 'terminal-1')).toBe(false);
    expect(readdirSync(store.locks)).toEqual([]);
  });
});

it('settings have defaults and change one by one', () => {
  const { store } = temporary;
  expect(getSettings(store)).toEqual({ theme: 'system', device: 'cpu', parallelRuns: 1 });
  changeSettings(store, { theme: 'dark', device: undefined });
  expect(changeSettings(store, { parallelRuns: 2 })).toEqual({ theme: 'dark', device: 'cpu', parallelRuns: 2 });
});

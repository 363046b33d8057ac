import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeDurably } from '../../../src/main/files/durable';
import { annotateRun, insertRun, keepArtifact, listRuns, openStore, StoreError } from '../../../src/main/store';
import { glyphsSpec } from '../../support/glyphs';
import { canFillDisk, disk } from '../../support/fullDisk';
import { asOtherUser } from '../../support/otherUser';
import { makeReadOnly, temporaryStore, type TemporaryStore } from '../../support/stores';

vi.mock('node:fs', async (original) => (await import('../../support/fullDisk')).withFullDisk(original as never));

let temporary: TemporaryStore;
beforeEach(() => {
  temporary = temporaryStore();
});
afterEach(() => {
  disk.full = false;
  temporary.remove();
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function sentence(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'nothing went wrong';
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return (error as Error).message;
  }
}

describe.skipIf(!canFillDisk)('on a full disk', () => {
  it('a file is not kept, nothing is left of it, and a sentence says what to do', async () => {
    const { store, folder } = temporary;
    const before = await keepArtifact(store, bytes('first'), 'a.pth');
    disk.full = true;
    expect(await sentence(() => keepArtifact(store, bytes('second'), 'b.pth'))).toBe(
      `The data folder ${folder} is on a full disk, so nothing more can be kept. Free some space and try again.`,
    );
    expect(readdirSync(store.artifacts)).toEqual([before.sha256.slice(0, 2)]);
    disk.full = false;
    expect(readFileSync((await keepArtifact(store, bytes('second'), 'b.pth')).path, 'utf8')).toBe('second');
  });

  it('a file that is written anew stays as it was', () => {
    const path = join(temporary.folder, 'run.snap');
    writeDurably(path, [bytes('one')]);
    const there = readdirSync(temporary.folder);
    disk.full = true;
    expect(() => writeDurably(path, [bytes('two')])).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(temporary.folder)).toEqual(there);
  });
});

describe('a data folder that may not be written', () => {
  const spec = glyphsSpec();

  it('is refused when it is opened, with a sentence', async () => {
    const folder = join(temporary.folder, 'locked');
    mkdirSync(folder, { mode: 0o555 });
    const refusal = `The data folder ${folder} may not be written. Change its permissions, or set BRACKET_HOME to another folder.`;
    chmodSync(temporary.folder, 0o755);
    expect(await asOtherUser(() => sentence(() => openStore(folder)))).toBe(refusal);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused when it has been written by another user before', async () => {
    const { store, folder } = temporary;
    insertRun(store, { id: 'a', spec, directory: '/' });
    store.close();
    for (const part of ['.', 'artifacts', 'snapshots', 'locks']) chmodSync(join(folder, part), 0o555);
    chmodSync(join(folder, 'bracket.db'), 0o444);
    expect(await asOtherUser(() => sentence(() => openStore(folder)))).toBe(
      `The data folder ${folder} is read-only. Change its permissions, or set BRACKET_HOME to another folder.`,
    );
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'bracket.db'), 0o644);
    expect(listRuns(temporary.again()).map(({ id }) => id)).toEqual(['a']);
  });

  it('that came to be so while it was open keeps what it has, and says so', async () => {
    const { store, folder } = temporary;
    const { notes } = insertRun(store, { id: 'a', spec, directory: '/' });
    const free = makeReadOnly(store);
    expect(await sentence(() => annotateRun(store, 'a', { notes: 'later' }))).toBe(
      `The data folder ${folder} is read-only. Change its permissions, or set BRACKET_HOME to another folder.`,
    );
    expect(listRuns(store)[0]?.notes).toBe(notes);
    free();
    expect(annotateRun(store, 'a', { notes: 'later' }).notes).toBe('later');
  });

  it('takes no file, and nothing is left of it', async () => {
    const { store, folder } = temporary;
    const file = join(folder, 'vae.pth');
    writeFileSync(file, 'weights');
    chmodSync(folder, 0o755);
    chmodSync(store.artifacts, 0o555);
    expect(await asOtherUser(() => sentence(() => keepArtifact(store, file, 'vae.pth')))).toBe(
      `The data folder ${folder} may not be written. Change its permissions, or set BRACKET_HOME to another folder.`,
    );
    chmodSync(store.artifacts, 0o755);
    expect(readdirSync(store.artifacts)).toEqual([]);
  });
});

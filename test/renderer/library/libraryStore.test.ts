import { expect, it, vi } from 'vitest';
import { useLibrary, type LibraryEntry } from '../../../src/renderer/stores/library';
import { eventually } from '../../support/eventually';

vi.mock('../../../src/renderer/engine', () => ({ engine: { onState: () => () => undefined } }));

const entry = (sha256: string, created: number): LibraryEntry => ({ sha256, name: sha256, created });
const [old, young] = [entry('old', 1), entry('young', 2)];

it('reads when it is first asked for, and lists the newest first', async () => {
  const read = vi.fn(() => Promise.resolve([old, young]));
  const library = useLibrary({ read, follow: () => undefined, remove: () => Promise.resolve() });
  expect(read).not.toHaveBeenCalled();
  library.ensure();
  library.ensure();
  await eventually(() => expect(library.loadState.value).toBe('ready'));
  expect(read).toHaveBeenCalledTimes(1);
  expect(library.newestFirst.value).toEqual([young, old]);
  expect(library.list.value).toEqual([old, young]);
  expect(library.find('old')).toBe(old);
  expect(library.find('gone')).toBeNull();
});

it('follows what the engine tells, also after a removal', async () => {
  let told: (entries: readonly LibraryEntry[]) => void = () => undefined;
  const remove = vi.fn(() => Promise.resolve());
  const library = useLibrary<LibraryEntry>({
    read: () => Promise.resolve([]),
    follow: (take) => (told = take),
    remove,
  });
  told([old, young]);
  await library.remove('old');
  expect(remove).toHaveBeenCalledWith('old');
  // The engine decides what is there.
  expect(library.find('old')).toBe(old);
  told([young]);
  expect(library.find('old')).toBeNull();
});

it('says why it could not be read', async () => {
  const wrong = new Error('The disk is gone.');
  const library = useLibrary({
    read: () => Promise.reject(wrong),
    follow: () => undefined,
    remove: () => Promise.resolve(),
  });
  library.ensure();
  await eventually(() => expect(library.loadState.value).toBe('failed'));
  expect(library.loadError.value).toBe(wrong);
});

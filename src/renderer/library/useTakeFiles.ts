import { useRoute, useRouter } from 'vue-router';
import { formatList } from '../../shared/format';
import { kindOfFile, type FileKind } from './fileKinds';
import { useImports, type Imported } from './imports';
import { useNotices } from '../stores/notices';
import { useDraft } from '../stores/draft';

/** Takes files wherever they come from: into the library and to their page, or, for a run file, to the page for a new run. */
export function useTakeFiles(): {
  takeFiles: (files: readonly File[], kind?: 'model' | 'data') => Promise<void>;
  takePaths: (paths: readonly string[]) => Promise<void>;
} {
  const router = useRouter();
  const route = useRoute();
  const imports = useImports();
  const notices = useNotices();
  const draft = useDraft();
  const here = (): 'model' | 'data' | null =>
    route.meta.place === 'models' ? 'model' : route.meta.place === 'data' ? 'data' : null;

  async function show(imported: readonly (Imported | null)[], started: string): Promise<void> {
    const added = imported.filter((item): item is Imported => item !== null);
    const [only] = added;
    if (only === undefined) return;
    const page = only.kind === 'model' ? 'models' : 'data';
    // A person who has gone elsewhere meanwhile is told, not fetched.
    if (imported.length === 1 && route.fullPath === started) await router.push(`/${page}/${only.entry.sha256}`);
    else
      notices.show(
        `${formatList(added.map(({ entry }) => entry.name))} ${added.length === 1 ? 'is' : 'are'} in the library.`,
      );
  }

  /** The page on which files on their way are listed. */
  async function goTo(kind: 'model' | 'data'): Promise<string> {
    if (here() !== kind) await router.push(kind === 'model' ? '/models' : '/data');
    return route.fullPath;
  }

  async function takeFiles(files: readonly File[], kind?: 'model' | 'data'): Promise<void> {
    const sorted = files.map((file) => ({ file, kind: kind ?? kindOfFile(file.name, here()) }));
    const run = sorted.find((each) => each.kind === 'run');
    if (run !== undefined) {
      draft.replace({ text: await run.file.text(), origin: run.file.name });
      await router.push('/runs/new');
    }
    const library = sorted.filter(
      (each): each is { file: File; kind: Exclude<FileKind, 'run'> } => each.kind !== 'run',
    );
    const [first] = library;
    if (first === undefined) return;
    const started = await goTo(first.kind);
    await show(await Promise.all(library.map((each) => imports.add(each.file, each.kind))), started);
  }

  async function takePaths(paths: readonly string[]): Promise<void> {
    const library = paths.flatMap((path) => {
      const kind = kindOfFile(path, here());
      return kind === 'run' ? [] : [{ path, kind }];
    });
    const [first] = library;
    if (first === undefined) return;
    const started = await goTo(first.kind);
    await show(await Promise.all(library.map(({ path, kind }) => imports.addPath(path, kind))), started);
  }

  return { takeFiles, takePaths };
}

import { ref, watch, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { beginning, draftKinds, fileName, isDrawable, misfit, withFile, type DraftKind } from '../../../shared/forms';
import type { ModelEntry } from '../../../shared/library';
import { presetsFor, type Preset } from '../../../shared/presets';
import { engine } from '../../engine';
import { runOf } from '../../stores/recipes';
import { useModels } from '../../stores/models';
import { useRuns } from '../../stores/runs';
import { useSettings } from '../../stores/settings';
import { useDraft } from '../../stores/draft';
import { begun } from './begin';

/**
 * Begins the draft as the address asks: `?from=` a run, `?recipe=` a recipe, `?model=` or `?data=` an entry of the
 * library, `?kind=` a kind of run, with that entry where both are given. The question then
 * leaves the address, so that a reload keeps what was changed since. Without a question an empty draft begins with the model that was run last, or the newest.
 */
export function usePrefill(): { busy: Ref<boolean>; error: Ref<unknown> } {
  const route = useRoute();
  const router = useRouter();
  const draft = useDraft();
  const models = useModels();
  const runs = useRuns();
  const settings = useSettings();
  const busy = ref(false);
  const error = ref<unknown>();
  models.ensure();

  const asked = (key: string): string | null => {
    const value = route.query[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };

  function begin(model: ModelEntry | null): void {
    const [quick] = presetsFor(model?.outputShape ?? null);
    const spec = beginning(model, quick as Preset, settings.current.device);
    draft.replace({ spec, origin: null });
  }

  /** Models that can be run, newest first. */
  async function usable(): Promise<readonly ModelEntry[]> {
    const list = await engine.call('models.list', {});
    return list.filter(isDrawable).sort((a, b) => b.created - a.created);
  }

  /** A data set with the newest model that it fits. */
  async function beginWith(sha256: string): Promise<void> {
    const dataset = (await engine.call('datasets.list', {})).find((entry) => entry.sha256 === sha256);
    if (dataset === undefined) return;
    begin((await usable()).find((model) => misfit(model, dataset) === null) ?? null);
    draft.write(withFile(draft.spec, dataset.path, dataset.array));
  }

  /** Of the whole library, or of the one entry that the address names. */
  async function beginKind(kind: DraftKind, model: string | null, data: string | null): Promise<void> {
    const of = <Entry extends { sha256: string; created: number }>(list: readonly Entry[], only: string | null) =>
      list.filter((each) => only === null || each.sha256 === only).sort((a, b) => b.created - a.created);
    const library = {
      models: of(await engine.call('models.list', {}), model),
      datasets: of(await engine.call('datasets.list', {}), data),
    };
    draft.replace({ spec: begun(kind, library, settings.current.device), origin: null });
  }

  async function fill(): Promise<void> {
    const [from, recipe, sha256, data] = [asked('from'), asked('recipe'), asked('model'), asked('data')];
    const kind = draftKinds.find(({ value }) => value === asked('kind'))?.value;
    if (from !== null) {
      const { row, spec, directory } = await runs.get(from);
      draft.replace({ spec, directory, origin: row.name });
    } else if (recipe !== null) {
      const found = (await engine.call('recipes.list', {})).find(({ name }) => name === recipe);
      if (found !== undefined)
        draft.replace({
          spec: runOf(found, asked('scale') ?? undefined),
          directory: found.directory,
          recipe: found.name,
          origin: found.title,
        });
    } else if (kind !== undefined) {
      await beginKind(kind, sha256, data);
    } else if (sha256 !== null) {
      begin((await engine.call('models.list', {})).find((model) => model.sha256 === sha256) ?? null);
    } else if (data !== null) {
      await beginWith(data);
    } else if (draft.empty) {
      const list = await usable();
      const last = runs.rows[0]?.model;
      begin(list.find(({ path }) => fileName(path) === last) ?? list[0] ?? null);
    }
    if ([from, recipe, sha256, data, kind ?? null].some((each) => each !== null))
      await router.replace({ path: route.path });
  }

  watch(
    () => route.query,
    async () => {
      if (route.name !== 'new-run') return;
      busy.value = true;
      error.value = undefined;
      try {
        await fill();
      } catch (caught) {
        error.value = caught;
      } finally {
        busy.value = false;
      }
    },
    { immediate: true },
  );

  return { busy, error };
}

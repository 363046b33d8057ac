import { computed, type ComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import { formatInterval } from '../../shared/format';
import { formatLabel } from '../../shared/forms';
import { modelLabel, quantityLabel } from '../../shared/labels';
import { statusLabels } from '../../shared/statusLabels';
import type { RunRow } from '../../shared/runRecord';
import { useStartRecipe } from '../composables/useStartRecipe';
import { useDatasets } from '../stores/datasets';
import { useModels } from '../stores/models';
import { useRecipes } from '../stores/recipes';
import { useRuns } from '../stores/runs';
import { useSettings } from '../stores/settings';
import type { Command } from './commands';
import { shortcutsOpen } from './palette';
import { places } from './places';

/** Everything that the palette reaches: actions, pages, runs, models, data and recipes. */
export function useCommands(): ComputedRef<readonly Command[]> {
  const router = useRouter();
  const [runs, models, datasets, recipes, settings] = [
    useRuns(),
    useModels(),
    useDatasets(),
    useRecipes(),
    useSettings(),
  ];
  const { start } = useStartRecipe();
  const go =
    (to: string): (() => void) =>
    () =>
      void router.push(to);

  const actions = computed<Command[]>(() => {
    const current =
      typeof router.currentRoute.value.params['id'] === 'string' ? router.currentRoute.value.params['id'] : '';
    const run = runs.byId.get(current);
    return [
      { id: 'new', group: 'Actions', label: 'New run', icon: 'plus', shortcut: 'N', run: go('/runs/new') },
      ...(run === undefined ? [] : ofRun(run)),
      {
        id: 'import-model',
        group: 'Actions',
        label: 'Import a model',
        words: 'checkpoint open add',
        icon: 'upload',
        run: go('/models'),
      },
      {
        id: 'import-data',
        group: 'Actions',
        label: 'Import data',
        words: 'dataset open add',
        icon: 'upload',
        run: go('/data'),
      },
      ...(['system', 'light', 'dark'] as const)
        .filter((theme) => theme !== settings.current.theme)
        .map((theme) => ({
          id: `theme-${theme}`,
          group: 'Actions' as const,
          label: theme === 'system' ? 'Theme as the system' : `${theme === 'dark' ? 'Dark' : 'Light'} theme`,
          icon: 'settings' as const,
          run: () => void settings.change({ theme }),
        })),
      {
        id: 'shortcuts',
        group: 'Actions',
        label: 'Keyboard shortcuts',
        icon: 'keyboard',
        shortcut: '?',
        run: () => (shortcutsOpen.value = true),
      },
    ];
  });

  function ofRun({ id, name, status }: RunRow): Command[] {
    const command = (key: string, label: string, icon: Command['icon'], act: () => void): Command => ({
      id: key,
      group: 'Actions',
      label,
      note: name,
      icon,
      run: act,
    });
    return [
      ...(status === 'running' || status === 'queued'
        ? [
            command('pause', 'Pause this run', 'pause', () => void runs.pause(id)),
            command('cancel', 'Cancel this run', 'stop', () => void runs.cancel(id)),
          ]
        : []),
      ...(status === 'paused' || status === 'interrupted'
        ? [command('resume', 'Resume this run', 'play', () => void runs.resume(id))]
        : []),
      command('again', 'Run again with changes', 'again', go(`/runs/new?from=${encodeURIComponent(id)}`)),
      command('delete', 'Delete this run', 'trash', () => {
        void runs.remove([id]);
        void router.push('/runs');
      }),
    ];
  }

  const pages: readonly Command[] = places.map(({ place, label, icon, key, to }) => ({
    id: `page-${place}`,
    group: 'Pages',
    label,
    icon,
    shortcut: `G+${key}`,
    run: go(to),
  }));

  const found = computed<Command[]>(() => [
    ...runs.rows.map((row) => ({
      id: `run-${row.id}`,
      group: 'Runs' as const,
      label: row.name,
      note: noteOf(row),
      icon: 'runs' as const,
      words: `${row.model} ${row.tags.join(' ')} ${row.device} ${row.id}`,
      run: go(`/runs/${encodeURIComponent(row.id)}`),
    })),
    ...models.list.map(({ sha256, name, format }) => ({
      id: `model-${sha256}`,
      group: 'Models' as const,
      label: name,
      note: formatLabel(format),
      icon: 'models' as const,
      run: go(`/models/${sha256}`),
    })),
    ...datasets.list.map(({ sha256, name, format }) => ({
      id: `data-${sha256}`,
      group: 'Data' as const,
      label: name,
      note: formatLabel(format),
      icon: 'data' as const,
      run: go(`/data/${sha256}`),
    })),
    ...recipes.list.map((recipe) => ({
      id: `recipe-${recipe.name}`,
      group: 'Recipes' as const,
      label: `Run ${recipe.title}`,
      icon: 'recipes' as const,
      words: recipe.description,
      run: () => void start(recipe),
    })),
  ]);

  return computed(() => [...actions.value, ...pages, ...found.value]);
}

function noteOf(row: RunRow): string {
  const { lower, upper } = row;
  const model = modelLabel(row.model);
  if (lower === null || upper === null) return `${model}, ${statusLabels[row.status].toLowerCase()}`;
  const [low, high] = [formatInterval(lower.value, lower.ci95).value, formatInterval(upper.value, upper.ci95).value];
  return `${model}, ${quantityLabel(row.quantity)} ${low} to ${high}`;
}

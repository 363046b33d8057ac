import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { RecipeEntry } from '../../shared/rpc';
import { engine } from '../engine';
import { useLoading } from './loading';
import { useRuns } from './runs';

/** The shelf of recipes: run files with a title. */
export const useRecipes = defineStore('recipes', () => {
  const list = shallowRef<readonly RecipeEntry[]>([]);
  const loading = useLoading(async () => {
    list.value = await engine.call('recipes.list', {});
  });
  /** The bundled example, with which a first start begins. */
  const example = computed(() => list.value.find(({ name }) => name === 'demo') ?? list.value[0]);

  /**
   * Starts a recipe as it is.
   * @param scale one of its own; the usual one when left out
   * @returns the run's id
   */
  async function start(recipe: RecipeEntry, scale?: string): Promise<string> {
    const spec = runOf(recipe, scale);
    const id = await useRuns().create({ spec, directory: recipe.directory, recipe: recipe.name });
    void loading.reload();
    return id;
  }

  return {
    list,
    example,
    start,
    loadState: loading.state,
    loadError: loading.error,
    ensure: loading.ensure,
    reload: loading.reload,
  };
});

/** The run file of a recipe at one of its scales. */
export function runOf({ run, scales = [] }: RecipeEntry, scale: string | undefined): RecipeEntry['run'] {
  return scales.find(({ name }) => name === scale)?.run ?? run;
}

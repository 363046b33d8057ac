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

  /** Starts a recipe as it is. @returns the run's id */
  async function start(recipe: RecipeEntry): Promise<string> {
    const id = await useRuns().create({ spec: recipe.run, directory: recipe.directory, recipe: recipe.name });
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

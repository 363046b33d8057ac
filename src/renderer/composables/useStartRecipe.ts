import type { Ref } from 'vue';
import { useRouter } from 'vue-router';
import type { RecipeEntry } from '../../shared/rpc';
import { useRecipes } from '../stores/recipes';
import { useBusy } from './useBusy';

/** Starts a recipe as it is and shows its run. */
export function useStartRecipe(): {
  busy: Ref<boolean>;
  start: (recipe: RecipeEntry, scale?: string) => Promise<void>;
} {
  const recipes = useRecipes();
  const router = useRouter();
  const { busy, during } = useBusy();
  return {
    busy,
    start: async (recipe, scale) => {
      await during(async () => router.push({ name: 'run', params: { id: await recipes.start(recipe, scale) } }));
    },
  };
}

import type { RecipeEntry } from '../../shared/rpc';
import { parseRunFile } from '../../shared/runFile';
import { readRecipe, recipeNames, recipesDirectory } from '../resources/recipes';
import { lastRunOfRecipe, type Store } from '../store';

/** The runs that come with the program. */
export function listRecipes(store: Store, directory = recipesDirectory()): RecipeEntry[] {
  return recipeNames(directory).flatMap((name) => {
    const recipe = readRecipe(directory, name);
    return {
      name,
      title: recipe.title,
      description: recipe.description,
      reference: recipe.reference ?? null,
      // A run is called like its recipe until someone says otherwise.
      run: parseRunFile({ name: recipe.title, ...recipe.run }, `recipe ${name}`),
      directory: recipe.directory,
      lastRun: lastRunOfRecipe(store, name),
    };
  });
}

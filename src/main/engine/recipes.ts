import type { RecipeEntry } from '../../shared/rpc';
import { parseRunFile } from '../../shared/runFile';
import { missingFiles, recipeRun, scalesOf } from '../resources/recipeRun';
import { readRecipe, recipeNames, recipesDirectory } from '../resources/recipes';
import { lastRunOfRecipe, type Store } from '../store';

/** The runs that come with the program. */
export function listRecipes(store: Store, directory = recipesDirectory()): RecipeEntry[] {
  return recipeNames(directory).flatMap((name) => {
    const recipe = readRecipe(directory, name);
    const where = `recipe ${name}`;
    const at = (scale?: string) => parseRunFile(recipeRun(recipe, where, scale), where);
    const run = at();
    return {
      name,
      title: recipe.title,
      description: recipe.description,
      reference: recipe.reference ?? null,
      run,
      scales: scalesOf(recipe).map((scale) => ({ name: scale, run: at(scale) })),
      published: recipe.published ?? [],
      requires: recipe.requires ?? null,
      missing: recipe.requires === undefined ? [] : missingFiles(run, recipe.directory),
      directory: recipe.directory,
      lastRun: lastRunOfRecipe(store, name),
    };
  });
}

import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../shared/errors';
import { recipeRun } from '../resources/recipeRun';
import { findRecipe, looksLikeRecipe, parseRecipe, readJson, recipesDirectory } from '../resources/recipes';

/** A run file before it is checked, and where it came from. */
export interface RunSource {
  /** Parsed JSON. */
  readonly value: unknown;
  /** The file's name, for errors. */
  readonly where: string;
  /** Relative paths in the run file start here. */
  readonly directory: string;
  /** The name of the recipe, where it is one of those that come with Bracket. */
  readonly recipe?: string;
  /** Of a recipe whose run names a file that does not come along: what to do where it is missing. */
  readonly requires?: string;
}

/**
 * Finds what `bracket run` was given: a run file, the file of a recipe, or the name of a recipe.
 * @param scale of a recipe; its usual one when left out
 * @throws InputError if there is nothing of that name, it is no JSON, or it has no such scale
 */
export function runSource(given: string, recipes = recipesDirectory(), scale?: string): RunSource {
  if (isFile(given) || looksLikePath(given)) {
    const value = readJson(given);
    const directory = dirname(resolve(given));
    if (looksLikeRecipe(value)) {
      const recipe = parseRecipe(value, given);
      return { value: recipeRun(recipe, given, scale), where: given, directory, ...requirement(recipe) };
    }
    if (scale !== undefined)
      throw new InputError(`--scale ${scale}`, `${given} is a run file, which has no scales`, 'Leave --scale out.');
    return { value, where: given, directory };
  }
  const recipe = findRecipe(recipes, given);
  const { name, directory } = recipe;
  const where = `recipe ${name}`;
  return { value: recipeRun(recipe, where, scale), where, directory, recipe: name, ...requirement(recipe) };
}

function requirement({ requires }: { requires?: string | undefined }): Pick<RunSource, 'requires'> {
  return requires === undefined ? {} : { requires };
}

function isFile(path: string): boolean {
  // Anything that exists and is no folder: readJson says what is wrong with a pipe or a device.
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}

function looksLikePath(given: string): boolean {
  return /[\\/]/.test(given) || /\.json$/i.test(given);
}

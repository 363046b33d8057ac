import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
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
}

/**
 * Finds what `bracket run` was given: a run file, the file of a recipe, or the name of a recipe.
 * @throws InputError if there is nothing of that name, or it is no JSON
 */
export function runSource(given: string, recipes = recipesDirectory()): RunSource {
  if (isFile(given) || looksLikePath(given)) {
    const value = readJson(given);
    const directory = dirname(resolve(given));
    return looksLikeRecipe(value)
      ? { value: withTitle(parseRecipe(value, given)), where: given, directory }
      : { value, where: given, directory };
  }
  const recipe = findRecipe(recipes, given);
  const { name, directory } = recipe;
  return { value: withTitle(recipe), where: `recipe ${name}`, directory, recipe: name };
}

/** A run without a name of its own is called like its recipe. */
function withTitle({ title, run }: { title: string; run: Record<string, unknown> }): unknown {
  return { name: title, ...run };
}

function isFile(path: string): boolean {
  // Anything that exists and is no folder: readJson says what is wrong with a pipe or a device.
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}

function looksLikePath(given: string): boolean {
  return /[\\/]/.test(given) || /\.json$/i.test(given);
}

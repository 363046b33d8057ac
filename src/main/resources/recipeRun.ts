import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../../shared/errors';
import { formatList } from '../../shared/format';
import { applySettings, inputFiles, type RunFile } from '../../shared/runFile';
import type { RecipeFile } from './recipes';

/** The scale that a recipe is run at unless one says otherwise, where it has one of that name. */
export const usualScale = 'laptop';

/** The scales of a recipe, the usual one first. */
export function scalesOf({ scale = {} }: Pick<RecipeFile, 'scale'>): string[] {
  return Object.keys(scale).sort((a, b) => Number(b === usualScale) - Number(a === usualScale));
}

/**
 * The run file of a recipe at one of its scales. A run without a name of its own is called like its recipe.
 * @param scale the usual one where there is one when left out
 * @param where for errors, "recipe table-1"
 * @throws InputError where it has no such scale
 */
export function recipeRun(recipe: RecipeFile, where: string, scale?: string): unknown {
  const { title, run, scale: scales = {} } = recipe;
  const named = { name: title, ...run };
  const wanted = scale ?? (Object.hasOwn(scales, usualScale) ? usualScale : undefined);
  if (wanted === undefined) return named;
  const changes = Object.hasOwn(scales, wanted) ? scales[wanted] : undefined;
  if (changes === undefined) {
    const names = scalesOf(recipe);
    throw new InputError(
      `--scale ${wanted}`,
      `${where} has no scale of that name`,
      names.length === 0 ? 'It has one size only: leave --scale out.' : `Choose ${formatList(names, 'or')}.`,
    );
  }
  const settings = Object.entries(changes).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
  return applySettings(named, settings, `scale ${wanted} of ${where}:`);
}

/** The files that a run file names and that are not there, as it names them. */
export function missingFiles(run: RunFile, directory: string): string[] {
  const named = inputFiles(run).map(({ file }) => file);
  return [...new Set(named)].filter((file) => !existsSync(resolve(directory, file)));
}

/** @throws InputError that says what to do where a file that the recipe requires is missing */
export function checkRequired(requires: string | undefined, run: RunFile, directory: string, where: string): void {
  if (requires === undefined) return;
  const missing = missingFiles(run, directory);
  if (missing.length > 0) throw new InputError(where, `needs ${formatList(missing)}, which is not there`, requires);
}

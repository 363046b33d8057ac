import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../shared/errors';
import { formatList } from '../../shared/format';
import { nearest } from '../../shared/nearest';
import { readFileBounded } from '../files/read';
import { quantities } from '../../shared/result';
import { estimators, maximumRunFileBytes, parseJsonText } from '../../shared/runFile';
import { packageRoot } from './packageRoot';

/** Bounds of runs of a model, and those that VAEs are trained by. */
const publishedEstimators = [...estimators, 'elbo', 'ula', 'uha', 'ula-mcd', 'uha-mcd', 'dais'] as const;

const publishedSchema = z.strictObject({
  /** Rows of one label are one line: its lower and its upper number. */
  label: z.string().min(1).max(200),
  /** Which of the run's own bounds stands beside it; what is left out may be anything. */
  quantity: z.enum(quantities).optional(),
  estimator: z.enum(publishedEstimators).optional(),
  side: z.enum(['lower', 'upper', 'estimate']).optional(),
  base: z.string().max(40).optional(),
  critic: z.string().max(40).optional(),
  samples: z.int().min(1).optional(),
  /** Of the round with so many, rather than of the last. */
  temperatures: z.int().min(1).optional(),
  /** The method's name in the run's results. With the side "estimate" its log-mean-exp is meant, else its bound. */
  method: z.string().max(40).optional(),
  /** nats */
  value: z.number(),
  note: z.string().max(400).optional(),
});

const recipeSchema = z.strictObject({
  title: z.string().min(1).max(200),
  description: z.string().min(1).max(1000),
  /** The paper, table and row that the run repeats. */
  reference: z.string().max(400).optional(),
  /** What the paper found. */
  published: z.array(publishedSchema).max(400).optional(),
  /** A sentence that says which file is missing where the run names one that does not come along, and how to make it. */
  requires: z.string().min(1).max(600).optional(),
  /** Fields of the run file by path, by the name of a scale: what is changed to run it smaller or larger. */
  scale: z.record(z.string().regex(/^[a-z][\w-]{0,39}$/i), z.record(z.string(), z.unknown())).optional(),
  /** A run file; its paths are relative to the recipe's own folder. */
  run: z.record(z.string(), z.unknown()),
});

export type RecipeFile = z.infer<typeof recipeSchema>;

export interface Recipe extends RecipeFile {
  /** What `bracket run` calls it: its file name without ".json". */
  readonly name: string;
  readonly directory: string;
  readonly file: string;
}

/** Reads a recipe from parsed JSON. */
export function parseRecipe(value: unknown, file: string): RecipeFile {
  const parsed = recipeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  throw new InputError(
    file,
    `is not a recipe${field === '' ? '' : `: ${field} is wrong`} (${issue?.message ?? ''})`,
    'A recipe has "title", "description", "run" and perhaps "reference", "published", "requires" and "scale".',
  );
}

/** Whether parsed JSON is meant as a recipe rather than a run file. */
export function looksLikeRecipe(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'run' in value && !('kind' in value);
}

/** Where the recipes of this package lie. */
export function recipesDirectory(): string {
  return join(packageRoot().directory, 'resources', 'recipes');
}

/** The names of all recipes in a folder, sorted. */
export function recipeNames(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** @throws InputError if the file is missing or no recipe */
export function readRecipe(directory: string, name: string): Recipe {
  const file = join(directory, `${name}.json`);
  return { ...parseRecipe(readJson(file), file), name, directory, file };
}

/** Reads a JSON file the size of a run file. */
export function readJson(file: string): unknown {
  const bytes = readFileBounded(file, { maxBytes: maximumRunFileBytes });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InputError(file, 'is not UTF-8 text', 'Check that it is the file you mean, or save it as UTF-8.', {
      cause: error,
    });
  }
  return parseJsonText(text, file);
}

/**
 * The recipe that a name means: its own name, or a beginning that no other recipe shares.
 * @throws InputError with the names that come near
 */
export function findRecipe(directory: string, wanted: string): Recipe {
  const names = recipeNames(directory);
  const matching = names.includes(wanted) ? [wanted] : names.filter((name) => name.startsWith(wanted));
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return readRecipe(directory, only);
  if (matching.length > 1) {
    throw new InputError(
      wanted,
      `${matching.length} recipes begin like this`,
      `Say which: ${formatList(matching.slice(0, 8), 'or')}.`,
    );
  }
  const near = nearest(wanted, names);
  throw new InputError(
    wanted,
    'there is no such file or recipe',
    near.length > 0 ? `Did you mean ${formatList(near, 'or')}?` : 'Check the path, or see "bracket recipes".',
  );
}

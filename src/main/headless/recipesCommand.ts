import { oneLine } from '../../shared/errors';
import { readRecipe, recipeNames, recipesDirectory } from './recipes';
import { tableLines } from './table';
import { print, type Terminal } from './terminal';
import { wrap } from './wrap';

/** `bracket recipes`: what can be run by name. */
export function recipesCommand(terminal: Terminal, directory = recipesDirectory()): number {
  const { colours, columns } = terminal;
  const recipes = recipeNames(directory).map((name) => readRecipe(directory, name));
  if (recipes.length === 0) {
    print(terminal, 'There are no recipes here.');
    return 0;
  }
  const fixed = recipes.map(({ name, run }) => [colours.bold(oneLine(name, 40)), oneLine(String(run['kind'] ?? ''), 40)]);
  const lengths = [0, 1].map((column) =>
    Math.max(column === 0 ? 'name'.length : 'kind'.length, ...recipes.map(({ name, run }) => (column === 0 ? name : String(run['kind'] ?? '')).length)),
  );
  const room = Math.max(24, columns - lengths.reduce((total, length) => total + length + 2, 0));
  const rows = recipes.map(({ description }, index) => [...(fixed[index] ?? []), wrap(oneLine(description), room).join('\n')]);
  print(terminal, ...tableLines([{ title: 'name' }, { title: 'kind' }, { title: 'what it does' }], rows, colours.dim));
  return 0;
}

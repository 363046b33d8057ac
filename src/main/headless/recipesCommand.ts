import { oneLine } from '../../shared/errors';
import { scalesOf, usualScale } from '../resources/recipeRun';
import { readRecipe, recipeNames, recipesDirectory, type Recipe } from '../resources/recipes';
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
  const names = recipes.map(({ name }) => oneLine(name, 40));
  const kinds = recipes.map(({ run }) => (typeof run['kind'] === 'string' ? oneLine(run['kind'], 40) : ''));
  const width = (title: string, texts: readonly string[]) =>
    Math.max(title.length, ...texts.map((text) => text.length)) + 2;
  const room = Math.max(24, columns - width('name', names) - width('kind', kinds));
  const rows = recipes.map((recipe, index) => [
    colours.bold(names[index] ?? ''),
    kinds[index] ?? '',
    [wrap(oneLine(recipe.description), room), ...more(recipe).map((text) => wrap(text, room).map(colours.dim))]
      .flat()
      .join('\n'),
  ]);
  print(terminal, ...tableLines([{ title: 'name' }, { title: 'kind' }, { title: 'what it does' }], rows, colours.dim));
  return 0;
}

function more(recipe: Recipe): string[] {
  const [first, ...others] = scalesOf(recipe);
  return [
    ...(first === undefined
      ? []
      : [`Scales: ${[first === usualScale ? `${first} (unless asked)` : first, ...others].join(', ')}.`]),
    ...(recipe.requires === undefined ? [] : [oneLine(recipe.requires)]),
  ];
}

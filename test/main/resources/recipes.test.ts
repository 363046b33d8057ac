import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/main/resources/packageRoot';
import { findRecipe, readRecipe, recipeNames, recipesDirectory } from '../../../src/main/resources/recipes';
import { recipesCommand } from '../../../src/main/headless/recipesCommand';
import { runSource } from '../../../src/main/headless/runSource';
import { parseRunFile } from '../../../src/shared/runFile';
import { fakeTerminal } from '../../support/fakeTerminal';

let folder: string;
const recipe = (title: string) => ({ title, description: `What ${title} does.`, run: { kind: 'evidence' } });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bracket-recipes-'));
  for (const name of ['table-1', 'table-2', 'figure-3'])
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(recipe(name)));
  writeFileSync(join(folder, 'notes.txt'), 'no recipe');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the recipes of the package', () => {
  it('are found from the sources', () => {
    expect(existsSync(join(packageRoot().directory, 'package.json'))).toBe(true);
    expect(recipeNames(recipesDirectory())).toContain('demo');
  });

  it.each(recipeNames(recipesDirectory()))('%s is a run file', (name) => {
    const { run, directory } = readRecipe(recipesDirectory(), name);
    const spec = parseRunFile(run, name);
    expect(resolve(directory, spec.model.checkpoint)).toContain(join('resources', 'examples'));
  });
});

describe('a recipe by name', () => {
  it('is found whole, or by a beginning that is its own', () => {
    expect(findRecipe(folder, 'table-1').title).toBe('table-1');
    expect(findRecipe(folder, 'fig')).toMatchObject({ name: 'figure-3', directory: folder });
  });

  it('is refused with the names that come near', () => {
    expect(() => findRecipe(folder, 'tab')).toThrow('tab: 2 recipes begin like this. Say which: table-1 or table-2.');
    expect(() => findRecipe(folder, 'figrue-3')).toThrow(
      'figrue-3: there is no such file or recipe. Did you mean figure-3?',
    );
    expect(() => findRecipe(folder, 'zzz')).toThrow('Check the path, or see "bracket recipes".');
    expect(() => findRecipe(join(folder, 'none'), 'demo')).toThrow('there is no such file or recipe');
  });
});

describe('what bracket run is given', () => {
  it('may be a recipe', () => {
    expect(runSource('table-2', folder)).toEqual({
      value: { name: 'table-2', kind: 'evidence' },
      where: 'recipe table-2',
      directory: folder,
      recipe: 'table-2',
    });
  });

  it('may be the file of a recipe', () => {
    const file = join(folder, 'table-2.json');
    expect(runSource(file)).toEqual({ value: { name: 'table-2', kind: 'evidence' }, where: file, directory: folder });
  });

  it('may be a run file without an ending', () => {
    const file = join(folder, 'plain');
    writeFileSync(file, '{"kind": "evidence"}');
    expect(runSource(file)).toEqual({ value: { kind: 'evidence' }, where: file, directory: folder });
  });

  it('is refused when it is neither', () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{"run": {}, "title": "x"}');
    expect(() => runSource(file)).toThrow(`${basename(file)}: is not a recipe: description is wrong`);
    rmSync(file);
    expect(() => runSource('nothing.json')).toThrow('nothing.json: no such file. Check the path.');
    expect(() => runSource('figure-4', folder)).toThrow('Did you mean figure-3?');
  });
});

it('are listed', () => {
  const terminal = fakeTerminal();
  expect(recipesCommand(terminal, folder)).toBe(0);
  expect(terminal.out.lines).toEqual([
    'name      kind      what it does',
    'figure-3  evidence  What figure-3 does.',
    'table-1   evidence  What table-1 does.',
    'table-2   evidence  What table-2 does.',
  ]);
});

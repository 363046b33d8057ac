import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/main/resources/packageRoot';
import { checkRequired, missingFiles, recipeRun, scalesOf } from '../../../src/main/resources/recipeRun';
import {
  findRecipe,
  parseRecipe,
  readRecipe,
  recipeNames,
  recipesDirectory,
} from '../../../src/main/resources/recipes';
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
    const recipe = readRecipe(recipesDirectory(), name);
    for (const scale of [undefined, ...scalesOf(recipe)]) {
      const spec = parseRunFile(recipeRun(recipe, name, scale), name);
      // What does not come along, it must tell how to get.
      if (recipe.requires === undefined) expect(missingFiles(spec, recipe.directory)).toEqual([]);
    }
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

describe('a recipe with scales', () => {
  const whole = {
    ...recipe('scaled'),
    requires: 'Train it with "npm run train:models".',
    run: { kind: 'evidence', model: { checkpoint: 'a.npz' }, data: { simulate: 8 }, ais: { chains: 48, leapfrog: 20 } },
    scale: { paper: {}, laptop: { 'ais.chains': 4, estimators: ['iwae'] } },
    published: [{ label: 'VAE', estimator: 'iwae', side: 'lower', samples: 1000, value: 6.91 }],
  };
  const file = (): string => join(folder, 'scaled', 'scaled.json');
  beforeAll(() => {
    mkdirSync(join(folder, 'scaled'));
    writeFileSync(file(), JSON.stringify(whole));
  });

  it('is run at the laptop’s unless another is asked for', () => {
    const small = { name: 'scaled', ...whole.run, estimators: ['iwae'], ais: { chains: 4, leapfrog: 20 } };
    expect(runSource('scaled', join(folder, 'scaled')).value).toEqual(small);
    expect(runSource(file(), folder, 'laptop').value).toEqual(small);
    expect(runSource(file(), folder, 'paper').value).toEqual({ name: 'scaled', ...whole.run });
    expect(scalesOf(readRecipe(join(folder, 'scaled'), 'scaled'))).toEqual(['laptop', 'paper']);
  });

  it('is refused where there is none of that name, as is a run file with a scale', () => {
    expect(() => runSource(file(), folder, 'moon')).toThrow('has no scale of that name. Choose laptop or paper.');
    expect(() => runSource('table-1', folder, 'paper')).toThrow('It has one size only: leave --scale out.');
    expect(() => runSource(join(folder, 'table-1.json'), folder, 'toString')).toThrow('has no scale of that name');
    const plain = join(folder, 'plain-run');
    writeFileSync(plain, '{"kind": "evidence"}');
    expect(() => runSource(plain, folder, 'paper')).toThrow('is a run file, which has no scales. Leave --scale out.');
  });

  it('is refused with what to do where its file is missing, and runs once it is there', () => {
    const { value, where, directory, requires } = runSource('scaled', join(folder, 'scaled'));
    const spec = parseRunFile(value, where);
    expect(() => checkRequired(requires, spec, directory, where)).toThrow(
      'recipe scaled: needs a.npz, which is not there. Train it with "npm run train:models".',
    );
    const proposals = parseRunFile(
      { ...(value as object), proposals: [{ type: 'saved', name: 'q', file: 'q.safetensors' }] },
      where,
    );
    expect(missingFiles(proposals, directory)).toEqual(['a.npz', 'q.safetensors']);
    writeFileSync(join(folder, 'scaled', 'a.npz'), '');
    expect(() => checkRequired(requires, spec, directory, where)).not.toThrow();
  });

  it('says its scales and what it requires in the list', () => {
    const terminal = fakeTerminal();
    recipesCommand(terminal, join(folder, 'scaled'));
    expect(terminal.out.lines.slice(1).map((line) => line.trim())).toEqual([
      'scaled  evidence  What scaled does.',
      'Scales: laptop (unless asked), paper.',
      whole.requires,
    ]);
  });

  it('is refused with an estimator that does not exist', () => {
    const published = [{ label: 'VAE', estimator: 'iwea', value: 1 }];
    expect(() => parseRecipe({ ...whole, published }, 'x.json')).toThrow('published.0.estimator is wrong');
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

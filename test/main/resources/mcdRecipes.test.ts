import { describe, expect, it } from 'vitest';
import { recipeRun, scalesOf } from '../../../src/main/resources/recipeRun';
import { readRecipe, recipeNames, recipesDirectory } from '../../../src/main/resources/recipes';
import { drive } from '../../../src/main/runs/driver';
import { oursOf, publishedRows } from '../../../src/shared/published';
import { methodLabel } from '../../../src/shared/labels';
import { namedMethods, parseRunFile, type TargetRunSpec } from '../../../src/shared/runFile';

const names = recipeNames(recipesDirectory()).filter((name) => name.startsWith('mcd-'));
const vaes = names.filter((name) => name.startsWith('mcd-table-3-'));
const ofTargets = names.filter((name) => !vaes.includes(name));
const read = (name: string) => readRecipe(recipesDirectory(), name);

function specOf(name: string, scale: string): TargetRunSpec {
  const spec = parseRunFile(recipeRun(read(name), name, scale), name);
  if (spec.kind !== 'target') throw new Error(`${name} is no run of a target`);
  return spec;
}

describe('recipes of annealed paths', () => {
  it('are those of five tables at three dimensions, of VAEs, of flows, and of three figures', () => {
    expect(names).toHaveLength(26);
    expect(vaes.map((name) => name.replace('mcd-table-3-', ''))).toEqual(['uha', 'uha-mcd', 'ula', 'ula-mcd', 'vi']);
    expect(names).toEqual(expect.arrayContaining(['mcd-figure-1', 'mcd-figure-2', 'mcd-figure-4', 'mcd-table-7-7x7']));
  });

  it.each(vaes)('%s has a scale for a laptop and the paper’s, and names its own bound', (name) => {
    const recipe = read(name);
    expect(scalesOf(recipe)).toEqual(['laptop', 'paper']);
    for (const scale of scalesOf(recipe)) {
      const spec = parseRunFile(recipeRun(recipe, name, scale), name);
      if (spec.kind !== 'vae') throw new Error(`${name} trains no VAE`);
      expect(recipe.published?.map(({ estimator }) => estimator)).toEqual([spec.bound.type]);
      expect(spec.model).toMatchObject({ latent: 50, encoder: [200, 200], decoder: [200, 200], activation: 'tanh' });
      if (scale !== 'paper' || !('steps' in spec.bound)) continue;
      expect(spec.bound.steps).toBe(spec.bound.type.startsWith('ula') ? 64 : 32);
    }
  });

  it.each(ofTargets)('%s has a scale for a laptop and the paper’s, and names its own methods', (name) => {
    const recipe = read(name);
    expect(scalesOf(recipe)).toEqual(['laptop', 'paper']);
    expect(recipe.reference).toMatch(/^Doucet, .* 2022, .* (table|figure) \d$/);
    for (const scale of scalesOf(recipe)) {
      const methods = new Map(namedMethods(specOf(name, scale).methods).map((method) => [method.name, method]));
      for (const { method = '', label } of recipe.published ?? []) {
        const meant = methods.get(method);
        if (meant === undefined || !('steps' in meant)) throw new Error(`${name} has no ${method}`);
        expect(label).toBe(`${methodLabel(meant.type)}, K = ${meant.steps}`);
      }
    }
  });

  it('have what the paper states at its own scale', () => {
    const spec = specOf('mcd-table-5-d200', 'paper');
    expect(spec.target).toMatchObject({ type: 'gaussian', dim: 200, mean: 0 });
    expect(spec.evaluate.samples).toBe(16_384);
    expect(spec.methods.map((method) => ('steps' in method ? method.steps : 0))).toEqual([
      64, 256, 64, 256, 64, 256, 64, 256,
    ]);
    for (const method of spec.methods) {
      expect(method).toMatchObject({
        batch: 128,
        schedule: 'linear',
        stepSizes: 'network',
        maximum: 0.25,
        start: { std: 3 },
      });
    }
    expect(spec.methods[7]).toMatchObject({ type: 'uha-mcd', score: { width: 512, blocks: 3, embedding: 16 } });
  });

  it('leave what stands beside the published numbers, made tiny', async () => {
    const { methods, target, ...others } = specOf('mcd-table-2-d20', 'laptop');
    const tiny = methods.map((method) => ({
      ...{ ...method, steps: 2, batch: 4, iterations: 1 },
      ...('score' in method ? { score: { width: 4, blocks: 1 } } : {}),
    }));
    const draft = {
      ...others,
      target: { ...target, dim: 2 },
      methods: tiny,
      evaluate: { samples: 64, coverage: false },
    };
    const result = await drive(parseRunFile(draft, 'tiny'), { directory: '.' });
    const rows = publishedRows(read('mcd-table-2-d20').published ?? [], oursOf(result, []));
    expect(rows).toHaveLength(8);
    for (const { sides } of rows) expect(sides.value?.ours?.value).toEqual(expect.any(Number));
  });
});

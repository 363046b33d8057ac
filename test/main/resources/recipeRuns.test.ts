import { describe, expect, it } from 'vitest';
import { recipeRun, scalesOf } from '../../../src/main/resources/recipeRun';
import { readRecipe, recipeNames, recipesDirectory } from '../../../src/main/resources/recipes';
import { applySettings, listed, type ModelRunSpec } from '../../../src/shared/runFile';
import { modelRun } from '../../support/modelRun';
import { workbench, type Draft } from '../../support/runs';

const bench = workbench();
const recipes = recipeNames(recipesDirectory()).map((name) => readRecipe(recipesDirectory(), name));
const published = recipes.filter(({ name, published }) => name.startsWith('mi-') && published !== undefined);
const specOf = (name: string, scale: string): ModelRunSpec =>
  modelRun(recipeRun(readRecipe(recipesDirectory(), name), name, scale), name);

describe('recipes of published results', () => {
  it.each(published)('$name has a scale for a laptop and the paper’s', (recipe) => {
    expect(scalesOf(recipe)).toEqual(['laptop', 'paper']);
    expect(recipe.reference).toMatch(/^Brekelmans et al. 2022, (table|figure)/);
  });

  it.each(published)('$name names only networks of its own, at each scale', (recipe) => {
    for (const scale of scalesOf(recipe)) {
      const spec = specOf(recipe.name, scale);
      const proposals = new Set(['prior', ...spec.proposals.map(({ name }) => name)]);
      const critics = new Set(spec.critics.map(({ name }) => name));
      for (const { base, critic, estimator } of recipe.published ?? []) {
        if (base !== undefined) expect(proposals).toContain(base);
        if (critic !== undefined) expect(critics).toContain(critic);
        if (estimator !== undefined) expect(spec.estimators).toContain(estimator);
      }
    }
  });

  it('have the chains, temperatures and samples that the paper states', () => {
    expect(specOf('mi-table-1-vae10', 'paper')).toMatchObject({
      data: { simulate: 128 },
      ais: { chains: 48, temperatures: 29_999, leapfrog: 20, acceptance: 0.65, schedule: { type: 'sigmoid', rad: 10 } },
    });
    for (const name of ['linear', 'vae20', 'gan20']) {
      const { ais, data } = specOf(`mi-figure-3a-${name}`, 'paper');
      expect({ ...data, ...ais }).toMatchObject({ simulate: 100, chains: 1000, temperatures: 49_999, leapfrog: 20 });
      expect(ais).toMatchObject({ stepSize: 0.02, schedule: { type: 'linear' } });
    }
    for (const { name } of published.filter(({ name }) => name.startsWith('mi-table'))) {
      expect(listed(specOf(name, 'paper').iwae.samples)).toEqual(expect.arrayContaining([1, 1000, 1_000_000]));
    }
  });
});

/** Everything as small as it can be: one update of each network, one chain more than one. */
function tiny(spec: ModelRunSpec): unknown {
  const shrunk = { hidden: [4], iterations: 1, batch: 2, samples: 2, transitions: 1, leapfrog: 1 };
  const shrink = (networks: readonly object[]): object[] =>
    networks.map((network) =>
      Object.fromEntries(Object.entries({ ...network, ...shrunk }).filter(([key]) => key in network)),
    );
  return applySettings({ ...spec, proposals: shrink(spec.proposals), critics: shrink(spec.critics) }, [
    'data.simulate=3',
    'ais.chains=2',
    'ais.temperatures=3',
    'ais.leapfrog=1',
    'ais.subsets=[1]',
    ...(Array.isArray(spec.ais.ladder) ? ['ais.ladder=[1,2]'] : []),
    'iwae.samples=[2,3]',
    'contrastive.samples=[2,3]',
  ]);
}

describe('recipes that need no file', () => {
  const alone = published.filter(({ requires }) => requires === undefined);
  const runs = alone.flatMap((recipe) => scalesOf(recipe).map((scale) => [recipe.name, scale] as const));

  it('are those of the linear model', () => {
    expect(alone.map(({ name }) => name)).toEqual(['mi-figure-3a-linear', 'mi-figure-5-linear', 'mi-figure-7-linear']);
  });

  it.each(runs)('%s runs at the scale "%s", made tiny', async (name, scale) => {
    const result = await bench.run(tiny(specOf(name, scale)) as Draft, { directory: recipesDirectory() });
    expect(result.status).toBe('done');
    for (const wanted of readRecipe(recipesDirectory(), name).published ?? []) {
      if (wanted.estimator === undefined) continue;
      const found = result.bounds.filter(
        (bound) =>
          bound.estimator === wanted.estimator &&
          bound.quantity === wanted.quantity &&
          bound.side === wanted.side &&
          (wanted.base ?? bound.base) === bound.base &&
          (wanted.critic ?? bound.critic) === bound.critic,
      );
      expect(found, JSON.stringify(wanted)).not.toEqual([]);
    }
  });
});

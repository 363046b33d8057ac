import { describe, expect, it } from 'vitest';
import { recipeRun } from '../../../src/main/resources/recipeRun';
import { readRecipe, recipeNames, recipesDirectory } from '../../../src/main/resources/recipes';
import { parseRunFile, type TargetRunSpec } from '../../../src/shared/runFile';
import { drive } from '../../../src/main/runs/driver';
import {
  annealingBetas,
  annealingFlowPresets,
  annealingFlowSchema,
  annealingGammas,
} from '../../../src/shared/runFile/methods/annealingFlow';

const names = recipeNames(recipesDirectory()).filter((name) => name.startsWith('af-'));

function specOf(name: string, scale?: string): TargetRunSpec {
  const spec = parseRunFile(recipeRun(readRecipe(recipesDirectory(), name), name, scale), name);
  if (spec.kind !== 'target') throw new Error(`${name} is no run of a target`);
  return spec;
}

function flowOf(name: string, scale: string) {
  const [flow] = specOf(name, scale).methods;
  if (flow?.type !== 'annealing-flow') throw new Error(`${name} begins with no flow`);
  return flow;
}

describe('recipes of annealing flows', () => {
  it('set each against the same rivals on one target', () => {
    const rivals = ['hmc', 'ais', 'smc', 'parallel-tempering', 'svgd'];
    const compared = names.filter((name) => name !== 'af-divergence');
    expect(compared).toHaveLength(9);
    for (const name of compared) {
      expect(
        specOf(name, 'laptop')
          .methods.map(({ type }) => type)
          .filter((type) => type !== 'annealing-flow'),
        name,
      ).toEqual(rivals);
    }
  });

  it.each([
    ['af-circle-6', 'reference-circle-8'],
    ['af-circle-8', 'reference-circle-10'],
    ['af-circle-10', 'reference-circle-12'],
    ['af-exponential-50d', 'reference-exp-gauss'],
    ['af-funnel', 'reference-funnel'],
  ])('%s has the settings of the published program at the paper’s scale', (name, preset) => {
    const found = flowOf(name, 'paper');
    const whole = annealingFlowSchema.parse({ type: 'annealing-flow', ...annealingFlowPresets[preset]?.settings });
    // Coefficients are rounded in recipes, and blocks that are given by their temperatures have no number.
    const rest = { gamma: found.gamma, blocks: found.blocks };
    expect(found).toEqual({ ...whole, ...rest });
    const count = annealingBetas(whole).length;
    expect(annealingBetas(flowOf(name, 'paper'))).toEqual(annealingBetas(whole));
    if (whole.betas === undefined) expect(found.blocks).toBe(whole.blocks);
    const expected = annealingGammas(whole, count);
    annealingGammas(flowOf(name, 'paper'), count).forEach((value, k) =>
      expect(value).toBeCloseTo(expected[k] ?? NaN, 5),
    );
  });

  it('run, made tiny', async () => {
    const { methods, ...others } = specOf('af-circle-6-shifted', 'laptop');
    const tiny: Readonly<Record<string, object>> = {
      'annealing-flow': { blocks: 1, refinement: 0, iterations: 1, particles: 16, batch: 4 },
      hmc: { chains: 2, warmUp: 10, iterations: 10, leapfrog: 1 },
      ais: { steps: 2, particles: 2, leapfrog: 1 },
      smc: { steps: 2, particles: 2, leapfrog: 1 },
      'parallel-tempering': { temperatures: 2, replicas: 2, warmUp: 10, iterations: 10, leapfrog: 1 },
      svgd: { particles: 4, iterations: 2 },
    };
    const small = {
      ...{ ...others, evaluate: { samples: 16, coverage: false } },
      methods: methods.map((method) => ({ ...method, ...tiny[method.type] })),
    };
    const { status, metrics } = await drive(parseRunFile(small, 'tiny'), { directory: recipesDirectory() });
    expect(status).toBe('done');
    const methodsFound = ['annealing-flow', 'annealing-flow-2', 'hmc', 'ais', 'smc', 'parallel-tempering', 'svgd'];
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(methodsFound));
  });
});

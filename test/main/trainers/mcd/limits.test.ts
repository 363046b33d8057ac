import { describe, expect, it } from 'vitest';
import { buildTarget, type Target } from '../../../../src/main/targets';
import { evaluatePath, type PathEvaluation } from '../../../../src/main/trainers/mcd/evaluate';
import { coefficientsOf } from '../../../../src/main/trainers/mcd/parameters';
import { trainPath, type TrainedPath } from '../../../../src/main/trainers/mcd/train';
import { finish } from '../../../support/finish';
import { pathContext, pathSpec } from '../../../support/mcd';

// Seeds are fixed. Limits are closed forms: every state between normals is normal, and the best backward kernels are known.

async function trained(
  target: Target,
  draft: Record<string, unknown>,
  samples = 8192,
): Promise<{ readonly path: TrainedPath; readonly draws: PathEvaluation }> {
  const context = await pathContext(target);
  const { trained: path } = await finish(trainPath(pathSpec(draft), context));
  const directions = [Float64Array.from({ length: target.dim }, (_, i) => Number(i === 0))];
  const { trained: draws } = await finish(evaluatePath(path, { samples, keep: samples, directions }, context));
  return { path, draws };
}

const near = await buildTarget({ type: 'gaussian', dim: 1, mean: 3, std: 0.5 }, '.');
const far = await buildTarget({ type: 'gaussian', dim: 1, mean: 10, std: 1 }, '.');
const narrow = await buildTarget({ type: 'gaussian', dim: 1, mean: 0, std: Math.sqrt(0.1) }, '.');

describe('a network trained by itself', () => {
  const score = { width: 32, blocks: 3, embedding: 8, learningRate: 3e-3 };
  const common = { steps: 8, train: 'score-only', batch: 128, iterations: 500, score };

  it('goes from the bound of ULA, −7.13, to −0.408, the best that its backward kernels can', async () => {
    const { draws } = await trained(near, { ...common, type: 'ula-mcd', stepSize: 0.1 });
    expect(draws.bound.value).toBeGreaterThan(-0.46);
    // No network goes beyond the limit: three half-widths of the interval.
    expect(draws.bound.value).toBeLessThan(-0.408 + 1.5 * (draws.bound.ci95 ?? NaN));
  });

  it.each(['paper', 'tweedie'])('goes from the bound of UHA, −10.54, to −4.347, %s', async (backwardMean) => {
    const draft = { ...common, type: 'uha-mcd', stepSize: 0.2, refreshment: 0.8, backwardMean, mass: 'identity' };
    const { draws } = await trained(near, draft, 16_384);
    expect(draws.bound.value).toBeGreaterThan(-4.45);
    expect(draws.bound.value).toBeLessThan(-4.347 + 1.5 * (draws.bound.ci95 ?? NaN));
  });
});

describe('step sizes', () => {
  it('go to the limit where every one of them is too small', async () => {
    const draft = { type: 'ula', steps: 64, stepSizes: 'free', batch: 64, iterations: 400, learningRate: 0.1 };
    const { path, draws } = await trained(far, draft);
    const { steps } = coefficientsOf(path.sampler, path.settings.sizes);
    expect(Math.min(...steps)).toBeGreaterThan(0.24);
    expect(draws.bound.value).toBeGreaterThan(-4.7);
    expect(draws.bound.value).toBeLessThan(-4.55 + 1.5 * (draws.bound.ci95 ?? NaN));
  });

  it('find the best constant, and the best of each transition', async () => {
    const common = { type: 'ula', steps: 64, batch: 64, start: { std: 3 } };
    const constant = await trained(narrow, { ...common, stepSizes: 'constant', iterations: 200, learningRate: 0.03 });
    const [step] = coefficientsOf(constant.path.sampler, constant.path.settings.sizes).steps;
    expect(step).toBeGreaterThan(0.123);
    expect(step).toBeLessThan(0.143);
    expect(Math.abs(constant.draws.bound.value + 3.1025)).toBeLessThan(0.15);
    const each = await trained(narrow, { ...common, iterations: 600, learningRate: 0.02 });
    expect(Math.abs(each.draws.bound.value + 1.6711)).toBeLessThan(0.1);
  });

  it('of Hamiltonian paths move a normal rigidly where that is enough: nothing is lost', async () => {
    const draft = { type: 'uha', steps: 64, batch: 16, iterations: 400, learningRate: 0.04 };
    const { path, draws } = await trained(far, draft, 4096);
    const { refreshment, mass } = coefficientsOf(path.sampler, path.settings.sizes);
    // ULA ends at −4.55. The limit is 0 with h → 1 and a light mass.
    expect(draws.bound.value).toBeGreaterThan(-0.4);
    expect(refreshment).toBeGreaterThan(0.95);
    expect(mass[0]).toBeLessThan(0.3);
  });
});

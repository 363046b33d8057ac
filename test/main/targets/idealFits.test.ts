import { describe, expect, it } from 'vitest';
import { buildTarget, type IdealFit, type Target } from '../../../src/main/targets';
import { targetSchema } from '../../../src/shared/runFile/target';
import { expectNear } from '../../support/near';
import { testFolder } from '../datasets/folder';
import { evaluate } from './evaluate';

const file = testFolder();
const build = (spec: object): Promise<Target> => buildTarget(targetSchema.parse(spec), '.');
const table = file(
  't.csv',
  `a,b,y\n${Array.from({ length: 30 }, (_, i) => `${Math.sin(i)},${i % 7},${(i * i) % 3 === 0 ? 1 : 0}`).join('\n')}\n`,
);

/** E_q[log f − log q] by exact samples of q. */
async function simulated(target: Target, { mean, std }: IdealFit): Promise<{ mean: number; se: number }> {
  const { dim } = target;
  const noise = (await build({ type: 'gaussian', dim })).sample?.(20_000, 7) ?? new Float64Array();
  const z = noise.map((x, i) => (mean[i % dim] ?? NaN) + (std[i % dim] ?? NaN) * x);
  const { value } = await evaluate(target, z);
  const logs = Array.from(value, (log, row) => {
    let total = log;
    for (let i = 0; i < dim; i += 1) {
      total += 0.5 * (noise[row * dim + i] ?? NaN) ** 2 + Math.log((std[i] ?? NaN) * Math.sqrt(2 * Math.PI));
    }
    return total;
  });
  const average = logs.reduce((a, b) => a + b, 0) / logs.length;
  const variance = logs.reduce((a, b) => a + (b - average) ** 2, 0) / (logs.length - 1);
  return { mean: average, se: Math.sqrt(variance / logs.length) };
}

describe('what ideal methods end with', () => {
  it.each([
    { type: 'gaussian', dim: 2, correlation: 0.9, mean: 3 },
    { type: 'gaussian', dim: 3, mean: 10 },
    { type: 'gaussian-process', observations: 5, lengthScale: 3 },
    { type: 'bimodal', dim: 2, sigma: 0.5 },
    { type: 'logistic-regression', file: table },
  ])('has the ELBO that a simulation gives: %o', async (spec) => {
    const target = await build(spec);
    const { mean, std } = target.truth;
    const moments = { mean: mean ?? new Float64Array(3).fill(0.1), std: std ?? new Float64Array(3).fill(0.5) };
    const fits = target.idealFits?.({ moments, steps: [1] }) ?? [];
    expect(fits.slice(0, 3).map(({ criterion }) => criterion)).toEqual(['reverse-kl', 'forward-kl', 'symmetric-kl']);
    const elbos = fits.flatMap(({ elbo }) => (elbo === undefined ? [] : [elbo]));
    expect(elbos.length).toBeGreaterThanOrEqual(3);
    // About 18 numbers at five standard errors: with seeds left free, right ones would fail once in 90,000 times.
    for (const fit of fits) {
      if (fit.elbo === undefined) continue;
      const { mean, se } = await simulated(target, fit);
      expect(Math.abs(mean - fit.elbo)).toBeLessThan(5 * se + 1e-9);
      expect(Math.abs(mean - (fit.elbo + 0.5))).toBeGreaterThan(5 * se);
    }
    // The reverse divergence has the best of all.
    expect(Math.max(...elbos)).toBeCloseTo(fits[0]?.elbo ?? NaN, 6);
  });

  it('goes from the reverse to the symmetrised optimum with the number of perfect transitions', async () => {
    for (const spec of [
      { type: 'gaussian', dim: 2, correlation: 0.9 },
      { type: 'bimodal', sigma: 0.25 },
    ]) {
      const [reverse, , symmetrised, ...perfect] =
        (await build(spec)).idealFits?.({ steps: [1, 4, 64, 100_000] }) ?? [];
      expect(perfect.map(({ steps }) => steps)).toEqual([1, 4, 64]);
      const widths = [reverse, ...perfect, symmetrised].map((fit) => fit?.std[0] ?? NaN);
      expectNear(widths.slice(1, 2), widths.slice(0, 1), 1e-5);
      expect(widths.slice(1)).toEqual(widths.slice(1).sort((a, b) => a - b));
      const bounds = perfect.map(({ bound = NaN }) => bound);
      expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
      expectNear(bounds.slice(0, 1), [reverse?.elbo ?? NaN], 1e-6);
    }
  });

  it('is the moments alone where nothing else is known', async () => {
    const target = await build({ type: 'laplace', dim: 2 });
    expect(target.idealFits?.()).toEqual([{ criterion: 'forward-kl', mean: target.truth.mean, std: target.truth.std }]);
    expect((await build({ type: 'student-t', dim: 2, degrees: 2 })).idealFits).toBeUndefined();
  });
});

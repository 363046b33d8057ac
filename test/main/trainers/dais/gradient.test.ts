import { describe, expect, it } from 'vitest';
import { buildTarget, type Target } from '../../../../src/main/targets';
import { regressionTarget } from '../../../../src/main/targets/logisticRegression';
import { chainParameterNames, type ChainParameters } from '../../../../src/main/trainers/dais/parameters';
import { openDevice } from '../../../../src/main/tensor/devices';
import { flat, frozenNoise, normals, openFlow, variedChain } from '../../../support/flows';
import { compileUnrolled } from '../../../support/unrolledChain';

const rows = 5;
const cotangent = Float64Array.of(0.4, -0.3, 0.9, 0.1, -0.2);

const regression = regressionTarget('Logistic regression', {
  dim: 3,
  design: Float64Array.from(normals(36, 50), (value, i) => (i % 3 === 0 ? 1 : value)),
  labels: Int32Array.from({ length: 12 }, (_, i) => i % 2),
  priorStd: 1,
  weights: ['intercept', 'a', 'b'],
  notes: [],
});
const targets: [string, Target][] = [
  ['two modes', await buildTarget({ type: 'bimodal', dim: 2, sigma: 0.4 }, '.')],
  ['a correlated Gaussian', await buildTarget({ type: 'gaussian', dim: 3, mean: 0.5, correlation: 0.6 }, '.')],
  ['a logistic regression', regression],
];

async function unrolled(target: Target, parameters: ChainParameters, steps: number): Promise<Record<string, number[]>> {
  const masses = parameters.logMass.length;
  const device = await openDevice('cpu');
  const program = await compileUnrolled({ device, target, precision: 'float64', rows, steps, masses });
  const size = rows * target.dim;
  const noise = new Float64Array(steps * size);
  for (let k = 1; k <= steps; k += 1) noise.set(normals(size, 1 + k), (k - 1) * size);
  const feeds = { ...parameters, position: normals(size, 0), momentum: normals(size, 1), noise, cotangent };
  const outputs = await program.run(feeds);
  await program.dispose();
  return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, Array.from(values)]));
}

/** Differences as a share of the largest number. */
function worst(actual: ArrayLike<number>, expected: readonly number[]): number {
  const scale = Math.max(1e-12, ...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs((actual[i] ?? NaN) - value))) / scale;
}

describe.each(targets)('the gradient of a chain toward %s', (_, target) => {
  const { dim } = target;

  it.each([
    [1, 1],
    [2, dim],
    [4, 1],
    [4, dim],
  ])('is that of the unrolled graph, with K = %d and %d masses', async (steps, masses) => {
    const parameters = variedChain(dim, steps, masses);
    const flow = await openFlow(target, rows, steps);
    await flow.run(parameters, frozenNoise(rows, dim));
    const gradient = await flow.gradient(parameters, cotangent);
    const expected = await unrolled(target, parameters, steps);
    expect(worst(flow.logWeights, expected['logWeight'] ?? [])).toBeLessThan(1e-13);
    for (const name of chainParameterNames) {
      // With one transition nothing is refreshed and β is 1.
      if (steps === 1 && (name === 'refreshment' || name === 'schedule')) expect(gradient[name][0]).toBeCloseTo(0, 15);
      else expect(worst(gradient[name], expected[`${name}Bar`] ?? []), name).toBeLessThan(1e-11);
    }
    await flow.dispose();
  });

  it('is that of finite differences, for every parameter', async () => {
    const steps = 3;
    const parameters = variedChain(dim, steps, dim);
    const flow = await openFlow(target, rows, steps);
    const noise = frozenNoise(rows, dim);
    const value = async (at: ChainParameters): Promise<number> => {
      await flow.run(at, noise);
      return flow.logWeights.reduce((total, weight, row) => total + weight * (cotangent[row] ?? NaN), 0);
    };
    await value(parameters);
    const gradient = await flow.gradient(parameters, cotangent);
    const width = 1e-5;
    for (const name of chainParameterNames) {
      for (let i = 0; i < parameters[name].length; i += 1) {
        const moved = (by: number): ChainParameters => ({
          ...parameters,
          [name]: parameters[name].map((entry, j) => (j === i ? entry + by : entry)),
        });
        const slope = ((await value(moved(width))) - (await value(moved(-width)))) / (2 * width);
        expect(Math.abs((gradient[name][i] ?? NaN) - slope), `${name} ${i}`).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
      }
    }
    await flow.dispose();
  });

  it('is the same in singles, to their rounding', async () => {
    const parameters = variedChain(dim, 6, dim);
    const found: Record<string, { weights: Float64Array; gradient: number[] }> = {};
    for (const precision of ['float32', 'float64'] as const) {
      const flow = await openFlow(target, rows, 6, { precision });
      await flow.run(parameters, frozenNoise(rows, dim));
      const gradient = await flow.gradient(parameters, cotangent);
      found[precision] = { weights: flow.logWeights.slice(), gradient: flat(gradient) };
      await flow.dispose();
    }
    const [single, double] = [found['float32'], found['float64']];
    expect(worst(single?.weights ?? [], [...(double?.weights ?? [])])).toBeLessThan(2e-6);
    expect(worst(single?.gradient ?? [], double?.gradient ?? [])).toBeLessThan(1e-5);
    // They are not the same program.
    expect(single?.gradient).not.toEqual(double?.gradient);
  });
});

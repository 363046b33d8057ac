import { describe, expect, it } from 'vitest';
import { buildTarget, type Target } from '../../../../src/main/targets';
import { openDevice } from '../../../../src/main/tensor/devices';
import type { BackwardMean, Coefficients, PathOptions, Start } from '../../../../src/main/trainers/paths/types';
import { normals } from '../../../support/flows';
import {
  affineBackward,
  correctAll,
  frozenPathNoise,
  groups,
  openPath,
  pathKinds,
  variedCoefficients,
  variedStart,
  type AffineScore,
} from '../../../support/paths';
import { compileUnrolledPath, pathGroups } from '../../../support/unrolledPath';

const rows = 4;
const cotangent = Float64Array.of(0.4, -0.3, 0.9, 0.1);
const affine: AffineScore = { position: -0.4, momentum: 0.25, offset: 0.3 };

const targets: [string, Target][] = [
  ['two modes', await buildTarget({ type: 'bimodal', dim: 2, sigma: 0.4 }, '.')],
  ['a correlated Gaussian', await buildTarget({ type: 'gaussian', dim: 3, mean: 0.5, correlation: 0.6 }, '.')],
];

/** Differences as a share of the largest number. */
function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = Math.max(1e-12, ...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs((actual[i] ?? NaN) - value))) / scale;
}

interface Case {
  readonly kind: Pick<PathOptions, 'dynamics' | 'integrator'>;
  readonly steps: number;
  readonly ownStarts: boolean;
  readonly score?: AffineScore;
  readonly backwardMean?: BackwardMean;
}

const cases = pathKinds.flatMap(([name, kind]): [string, Case][] => [
  [`${name}, nothing`, { kind, steps: 0, ownStarts: false }],
  [`${name}, one transition`, { kind, steps: 1, ownStarts: false }],
  [`${name}, four`, { kind, steps: 4, ownStarts: false }],
  [`${name}, a start a row, scores`, { kind, steps: 3, ownStarts: true, score: affine }],
  ...(kind.dynamics === 'underdamped'
    ? [
        [
          `${name}, scores by Tweedie`,
          { kind, steps: 3, ownStarts: false, score: affine, backwardMean: 'tweedie' },
        ] as [string, Case],
      ]
    : []),
]);

describe.each(targets)('a path to %s', (_, target) => {
  const { dim } = target;

  it.each(cases)('has the weights and gradients of the unrolled graph: %s', async (__, given) => {
    const { kind, steps, ownStarts, score, backwardMean } = given;
    const means = backwardMean === undefined ? {} : { backwardMean };
    const options = { ...kind, ...means, steps, rows };
    const start = variedStart(ownStarts ? rows * dim : dim);
    const coefficients = variedCoefficients(dim, steps);
    const path = await openPath(target, options);
    await path.run(start, coefficients, frozenPathNoise(rows, dim));
    if (score !== undefined) correctAll(path, () => score);
    const backward = score === undefined ? undefined : affineBackward(path, cotangent, () => score);
    const gradient = groups(await path.gradient(cotangent, backward));
    await path.dispose();

    if (steps === 0) {
      expect(gradient['betas']).toHaveLength(0);
      expect(gradient['mass']).toEqual(new Float64Array(dim));
      return;
    }
    const device = await openDevice('cpu');
    const scored = score === undefined ? {} : { score };
    const program = await compileUnrolledPath({ ...options, ...scored, device, target, ownStarts });
    const noise = new Float64Array(steps * rows * dim);
    for (let k = 1; k <= steps; k += 1) noise.set(normals(rows * dim, 1 + k), (k - 1) * rows * dim);
    const { refreshment, ...rest } = coefficients;
    const expected = await program.run({
      ...{ ...start, ...rest, refreshment: Float64Array.of(refreshment), noise, cotangent },
      ...{ position: normals(rows * dim, 0), momentum: normals(rows * dim, 1) },
    });
    await program.dispose();
    expect(worst(path.logWeights, expected['logWeight'] ?? [])).toBeLessThan(1e-12);
    for (const name of pathGroups) {
      const bar = expected[`${name}Bar`];
      if (bar === undefined) expect(gradient[name]?.every((value) => value === 0)).toBe(true);
      // Without scores h cancels where there is one transition: p̃₁ ~ N(0, M) whatever it is.
      else expect(worst(gradient[name] ?? [], bar), name).toBeLessThan(1e-10);
    }
  });
});

describe.each(pathKinds)('the gradient of a path, %s', (_, kind) => {
  const [, target] = targets[0] as [string, Target];
  const { dim } = target;
  const noise = frozenPathNoise(rows, dim);

  it('is that of finite differences, for every number', async () => {
    const steps = 3;
    const path = await openPath(target, { ...kind, steps, rows });
    const value = async (start: Start, coefficients: Coefficients): Promise<number> => {
      await path.run(start, coefficients, noise);
      correctAll(path, () => affine);
      return path.logWeights.reduce((total, weight, row) => total + weight * (cotangent[row] ?? NaN), 0);
    };
    const [start, coefficients] = [variedStart(dim), variedCoefficients(dim, steps)];
    await value(start, coefficients);
    const gradient = groups(
      await path.gradient(
        cotangent,
        affineBackward(path, cotangent, () => affine),
      ),
    );
    const { refreshment, ...rest } = coefficients;
    const numbers: Record<string, Float64Array> = { ...start, ...rest, refreshment: Float64Array.of(refreshment) };
    const width = 3e-6;
    for (const [name, values] of Object.entries(numbers)) {
      for (let i = 0; i < values.length; i += 1) {
        const moved = (by: number): Promise<number> => {
          const at = { ...numbers, [name]: values.map((entry, j) => (j === i ? entry + by : entry)) };
          return value(at as unknown as Start, {
            ...(at as unknown as Coefficients),
            refreshment: at.refreshment?.[0] ?? NaN,
          });
        };
        const slope = ((await moved(width)) - (await moved(-width))) / (2 * width);
        const difference = Math.abs((gradient[name]?.[i] ?? NaN) - slope);
        expect(difference, `${name} ${i}`).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
      }
    }
    await path.dispose();
  });

  it('is the same in singles, to their rounding', async () => {
    const steps = 6;
    const found: Record<string, { weights: Float64Array; gradient: number[] }> = {};
    for (const precision of ['float32', 'float64'] as const) {
      const path = await openPath(target, { ...kind, steps, rows, precision });
      await path.run(variedStart(dim), variedCoefficients(dim, steps), noise);
      const gradient = groups(await path.gradient(cotangent));
      found[precision] = { weights: path.logWeights.slice(), gradient: Object.values(gradient).flatMap((v) => [...v]) };
      await path.dispose();
    }
    const [single, double] = [found['float32'], found['float64']];
    expect(worst(single?.weights ?? [], double?.weights ?? [])).toBeLessThan(5e-6);
    expect(worst(single?.gradient ?? [], double?.gradient ?? [])).toBeLessThan(2e-5);
    expect(single?.gradient).not.toEqual(double?.gradient);
  });

  it('is refused where the path was opened without', async () => {
    const path = await openPath(target, { ...kind, steps: 1, rows, gradients: false });
    await path.run(variedStart(dim), variedCoefficients(dim, 1), noise);
    await expect(path.gradient(cotangent)).rejects.toThrow('without gradients');
    await path.dispose();
  });
});

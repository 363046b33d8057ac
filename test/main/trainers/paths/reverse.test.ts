import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { buildTarget } from '../../../../src/main/targets';
import { overdampedGaussian, underdampedGaussian } from '../../../support/annealedGaussian';
import { openFixedFields } from '../../../../src/main/trainers/paths/fixedFields';
import { ReversePath } from '../../../../src/main/trainers/paths/reverse';
import type {
  BackwardMean,
  Coefficients,
  ForwardScore,
  PathNoise,
  PathOptions,
  Start,
} from '../../../../src/main/trainers/paths/types';
import {
  correctAll,
  frozenPathNoise,
  openPath,
  pathKinds,
  plainCoefficients,
  plainStart,
  scoreAt,
  seededPathNoise,
  variedCoefficients,
  variedStart,
  type AffineScore,
} from '../../../support/paths';

const target = await buildTarget({ type: 'gaussian', dim: 2, mean: 3, std: 0.5 }, '.');
const { dim } = target;

type Kind = Pick<PathOptions, 'dynamics' | 'integrator'>;

async function openReverse(
  options: Kind & { readonly backwardMean?: BackwardMean; readonly steps: number; readonly rows: number },
): Promise<ReversePath> {
  const device = await openDevice('cpu');
  const { rows } = options;
  const fields = await openFixedFields({ device, target, precision: 'float64', rows, gradients: false });
  return ReversePath.open(fields, options);
}

const byScore =
  (score: (k: number) => AffineScore): ForwardScore =>
  (k, input, out) =>
    out.set(scoreAt(score(k), input));

describe.each(
  pathKinds.flatMap(([name, kind]) =>
    (kind.dynamics === 'overdamped' ? (['paper'] as const) : (['paper', 'tweedie'] as const)).map(
      (backwardMean) => [`${name}, ${backwardMean}`, kind, backwardMean] as const,
    ),
  ),
)('a path backward, %s', (_, kind, backwardMean) => {
  it('with the noise that leads along a path forward is that path, with its weight', async () => {
    const [rows, steps] = [5, 4];
    const [start, coefficients] = [variedStart(rows * dim), variedCoefficients(dim, steps)];
    const affine = (k: number): AffineScore => ({ position: -0.1 * k, momentum: 0.2, offset: 0.3 });
    const forward = await openPath(target, { ...kind, backwardMean, steps, rows });
    await forward.run(start, coefficients, frozenPathNoise(rows, dim));
    correctAll(forward, affine);

    const { refreshment: h, mass, steps: sizes } = coefficients;
    const factor = backwardMean === 'paper' ? -2 * h * Math.log(h) : (1 - h * h) / h;
    const retraced: PathNoise = {
      position: () => expect.unreachable(),
      momentum: (out) =>
        lastMomentum(forward, start, coefficients, kind).forEach((p, at) => {
          out[at] = p / Math.sqrt(mass[at % dim] ?? NaN);
        }),
      transition: (out, k) => {
        const score = scoreAt(affine(k), forward.scoreInput(k));
        forward.residual(k, out);
        const delta = sizes[k - 1] ?? NaN;
        for (let at = 0; at < out.length; at += 1) {
          const m = mass[at % dim] ?? NaN;
          const [shift, variance] =
            kind.dynamics === 'overdamped' ? [2 * delta, 2 * delta] : [factor * m, (1 - h * h) * m];
          out[at] = ((out[at] ?? NaN) - shift * (score[at] ?? NaN)) / Math.sqrt(variance);
        }
      },
    };
    const reverse = await openReverse({ ...kind, backwardMean, steps, rows });
    await reverse.run(forward.ends, start, coefficients, retraced, byScore(affine));
    const first = forward.position(0);
    reverse.starts.forEach((x, at) => expect(x).toBeCloseTo(first[at] ?? NaN, 10));
    reverse.logWeights.forEach((weight, row) => expect(weight).toBeCloseTo(forward.logWeights[row] ?? NaN, 9));
    expect([...reverse.broken]).toEqual([-1, -1, -1, -1, -1]);
    await forward.dispose();
    await reverse.dispose();
  });
});

/** p_K of a path whose target is N(3, 0.25) in all coordinates. */
function lastMomentum(
  path: Awaited<ReturnType<typeof openPath>>,
  start: Start,
  { steps, mass }: Coefficients,
  { dynamics, integrator }: Kind,
): number[] {
  const k = path.steps;
  if (dynamics === 'overdamped') return [];
  const { position: before, momentum = new Float64Array() } = path.scoreInput(k);
  const delta = steps[k - 1] ?? NaN;
  // The last transition has β = 1, so that the start does not pull.
  expect(start.mean).not.toHaveLength(0);
  const force = (x: number): number => 4 * (3 - x);
  return Array.from(momentum, (p, at) => {
    const [x, y] = [before[at] ?? NaN, path.ends[at] ?? NaN];
    if (integrator === 'kick-drift-kick') return p + 0.5 * delta * (force(x) + force(y));
    return p + delta * force(x + (0.5 * delta * p) / (mass[at % dim] ?? NaN));
  });
}

// 4 standard errors: refused once in 16,000 times with seeds left free, and there are six such checks.
const refused = 4;

function errors(values: Float64Array, expected: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return (mean - expected) / Math.sqrt(variance / values.length);
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(pathKinds)('weights of paths backward from exact samples, %s', (_, kind) => {
  const [rows, steps] = [20_000, 32];
  const step = kind.dynamics === 'overdamped' ? 0.1 : 0.2;
  const coefficients = plainCoefficients(dim, steps, step);
  const ends = {
    ...{ base: { mean: 0, variance: 1 }, target: { mean: 3, variance: 0.25 } },
    ...{ betas: coefficients.betas, steps: coefficients.steps },
  };
  const exact =
    kind.dynamics === 'overdamped'
      ? overdampedGaussian(ends)
      : underdampedGaussian({ ...ends, refreshment: 0.8, mass: 1, integrator: kind.integrator });
  const score = byScore((k) => exact.bestMean.scores[k - 1] as AffineScore);
  const samples = target.sample?.(rows, 21) ?? new Float64Array();

  it('have the mean 1/Z of their inverses, and lie above log Z on average', async () => {
    const path = await openReverse({ ...kind, steps, rows });
    const found: Float64Array[] = [];
    for (const given of [score, undefined]) {
      await path.run(samples, plainStart(dim), coefficients, seededPathNoise(22, rows, dim), given);
      found.push(path.logWeights.slice());
    }
    await path.dispose();
    const [best, plain] = found as [Float64Array, Float64Array];
    expect(
      Math.abs(
        errors(
          best.map((weight) => Math.exp(-weight)),
          1,
        ),
      ),
    ).toBeLessThan(refused);
    expect(mean(best)).toBeGreaterThan(0);
    // As far above as those of plain kernels are below, or more: far worse than the best.
    expect(mean(plain)).toBeGreaterThan(5 * mean(best));
  });

  it('do not where kernels draw a tenth too wide', async () => {
    const path = await openReverse({ ...kind, steps, rows });
    await path.run(samples, plainStart(dim), coefficients, seededPathNoise(22, rows, dim, 1.1), score);
    expect(
      Math.abs(
        errors(
          path.logWeights.map((weight) => Math.exp(-weight)),
          1,
        ),
      ),
    ).toBeGreaterThan(refused);
    await path.dispose();
  });
});

import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import type { Floats } from '../../../../src/main/trainers/paths/types';
import { frozenPathNoise, openPath, pathKinds, variedCoefficients, variedStart } from '../../../support/paths';

const [dim, rows, steps, location, scale] = [2, 25, 6, 1, 0.8];
const target = await buildTarget({ type: 'student-t', dim, degrees: 3, location, scale }, '.');
const start = variedStart(dim);
const coefficients = variedCoefficients(dim, steps);
const { refreshment: h, mass } = coefficients;

const logNormal = (x: number, mean: number, variance: number): number =>
  -0.5 * ((x - mean) ** 2 / variance + Math.log(2 * Math.PI * variance));
const startVariance = (i: number): number => Math.exp(start.logVariance[i] ?? NaN);

/** One coordinate's part of log γ: Student's t with three degrees of freedom. */
const logTarget = (x: number): number =>
  Math.log(2 / (Math.PI * Math.sqrt(3) * scale)) - 2 * Math.log1p(((x - location) / scale) ** 2 / 3);

/** One coordinate of ∇ log γ_k. */
function force(k: number, i: number, x: number): number {
  const beta = coefficients.betas[k - 1] ?? NaN;
  const t = (x - location) / scale;
  const initial = ((start.mean[i] ?? NaN) - x) / startVariance(i);
  return (1 - beta) * initial + (beta * -4 * t) / (3 + t * t) / scale;
}

const score = (k: number, x: number, p = 0): number => 0.2 * Math.sin(x + k) - 0.3 * p;

describe.each(pathKinds)('log weights, %s', (_, kind) => {
  it('are those of the densities of all kernels, written out with their normalisers', async () => {
    const path = await openPath(target, { ...kind, steps, rows, gradients: false, keep: true });
    await path.run(start, coefficients, frozenPathNoise(rows, dim));
    const scores = (k: number): Float64Array => {
      const { position, momentum } = path.scoreInput(k);
      return Float64Array.from(position, (x, at) => score(k, x, momentum?.[at]));
    };
    const plain = path.logWeights.slice();
    for (let k = 1; k <= steps; k += 1) path.correct(k, scores(k));
    for (const learned of [false, true]) {
      const found = learned ? path.logWeights : plain;
      for (let row = 0; row < rows; row += 1) {
        let expected = 0;
        for (let i = 0; i < dim; i += 1) {
          const at = row * dim + i;
          expected += kind.dynamics === 'overdamped' ? overdamped(at, learned) : underdamped(at, learned);
        }
        expect(Math.abs((found[row] ?? NaN) - expected)).toBeLessThan(1e-12 * Math.max(10, Math.abs(expected)));
      }
    }
    // A correction that is forgotten shows.
    expect(path.logWeights.every((weight, row) => Math.abs(weight - (plain[row] ?? NaN)) > 1e-6)).toBe(true);
    await path.dispose();

    function overdamped(at: number, learned: boolean): number {
      const i = at % dim;
      let sum = -logNormal(x(0), start.mean[i] ?? NaN, startVariance(i)) + logTarget(x(steps));
      for (let k = 1; k <= steps; k += 1) {
        const step = coefficients.steps[k - 1] ?? NaN;
        const ahead = x(k - 1) + step * force(k, i, x(k - 1));
        const back = x(k) + step * force(k, i, x(k)) + (learned ? 2 * step * score(k, x(k)) : 0);
        sum += logNormal(x(k - 1), back, 2 * step) - logNormal(x(k), ahead, 2 * step);
      }
      return sum;

      function x(k: number): number {
        return path.position(k)[at] ?? NaN;
      }
    }

    function underdamped(at: number, learned: boolean): number {
      const i = at % dim;
      const m = mass[i] ?? NaN;
      const residuals: Floats = new Float64Array(rows * dim);
      let sum =
        logTarget(path.ends[at] ?? NaN) -
        logNormal(path.position(0)[at] ?? NaN, start.mean[i] ?? NaN, startVariance(i));
      let end: { x: number; p: number } | undefined;
      for (let k = 1; k <= steps; k += 1) {
        const { position, momentum = [] } = path.scoreInput(k);
        const [x, fresh] = [position[at] ?? NaN, momentum[at] ?? NaN];
        path.residual(k, residuals);
        // What a transition's residual is of: the momentum before its refreshment.
        const before = (residuals[at] ?? NaN) + h * fresh;
        if (end === undefined) sum -= logNormal(before, 0, m);
        else {
          expect(x).toBeCloseTo(end.x, 12);
          expect(before).toBeCloseTo(end.p, 11);
        }
        const spread = (1 - h * h) * m;
        const back = h * (fresh - (learned ? 2 * Math.log(h) * m * score(k, x, fresh) : 0));
        sum += logNormal(before, back, spread) - logNormal(fresh, h * before, spread);
        end = leapfrog(k, i, x, fresh);
      }
      return sum + logNormal(end?.p ?? NaN, 0, m);
    }

    function leapfrog(k: number, i: number, x: number, p: number): { x: number; p: number } {
      const [step, m] = [coefficients.steps[k - 1] ?? NaN, mass[i] ?? NaN];
      if (!('integrator' in kind) || kind.integrator === 'drift-kick-drift') {
        const middle = x + (0.5 * step * p) / m;
        const kicked = p + step * force(k, i, middle);
        return { x: middle + (0.5 * step * kicked) / m, p: kicked };
      }
      const half = p + 0.5 * step * force(k, i, x);
      const moved = x + (step * half) / m;
      return { x: moved, p: half + 0.5 * step * force(k, i, moved) };
    }
  });
});

import { describe, expect, it } from 'vitest';
import { entropicTransport, selfTransport, sinkhornDivergence } from '../../../src/main/coverage/sinkhorn';
import { pointsOf, type Points } from '../../../src/main/coverage/points';
import { normalPoints, shuffled } from '../../support/pointSets';
import { random } from '../../support/random';

function run<T>(steps: Generator<number, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** N(0, s²) on a grid, as weights. */
function grid(sd: number, points: number): { at: Float64Array; weights: Float64Array } {
  const at = Float64Array.from({ length: points }, (_, i) => (16 * (i + 0.5)) / points - 8);
  const density = at.map((x) => Math.exp((-0.5 * x * x) / (sd * sd)));
  const total = density.reduce((a, b) => a + b, 0);
  return { at, weights: density.map((value) => value / total) };
}

describe.each([
  [0.5, 1.7776703453, 0.9980546189],
  [1, 2.2243566797, 0.9923093305],
])('N(0, 1) and N(0, 4) with ε = %d', (epsilon, raw, divergence) => {
  it('have known entropic costs', () => {
    const [a, b] = [grid(1, 160), grid(2, 160)];
    const costs = (p: Float64Array, q: Float64Array): Float64Array =>
      Float64Array.from(
        { length: p.length * q.length },
        (_, at) => ((p[Math.floor(at / q.length)] ?? NaN) - (q[at % q.length] ?? NaN)) ** 2,
      );
    const options = { tolerance: 1e-9 };
    const both = run(entropicTransport(costs(a.at, b.at), a.weights, b.weights, epsilon, options));
    const own = run(selfTransport(costs(a.at, a.at), a.weights, epsilon, options));
    const other = run(selfTransport(costs(b.at, b.at), b.weights, epsilon, options));
    expect(both.converged && own.converged && other.converged).toBe(true);
    // N(0, 4) is cut at ±8, four standard deviations, where 6e-5 of it is lost.
    expect(Math.abs(both.value - raw)).toBeLessThan(5e-3);
    expect(Math.abs(both.value - own.value / 2 - other.value / 2 - divergence)).toBeLessThan(3e-3);
    // The closed form that the numbers come from.
    const g = epsilon / 2;
    const form = (s: number, t: number): number => {
      const root = Math.sqrt(4 * s * s * t * t + g * g);
      return s * s + t * t - root + g * (1 - Math.log(2 * g)) + g * Math.log(root + g);
    };
    expect(form(1, 2)).toBeCloseTo(raw, 9);
    expect(form(1, 2) - (form(1, 1) + form(2, 2)) / 2).toBeCloseTo(divergence, 9);
  });
});

describe('the divergence', () => {
  const source = random(1);
  const x = normalPoints(source, 60, [0, 0, 0]);
  const shifted = (points: Points): Points =>
    pointsOf(
      points.data.map((value, at) => value + ([1, -2, 0.5][at % 3] ?? NaN)),
      3,
    );

  it.each([0.5, 2])('of a shifted cloud is the shift for ε = %d, and the raw cost is not', (epsilon) => {
    const found = run(
      sinkhornDivergence(x, shuffled(shifted(x), source), { epsilon, tolerance: 1e-9, iterations: 20_000 }),
    );
    expect(found.converged).toBe(true);
    expect(found.value).toBeCloseTo(5.25, 7);
    expect(run(sinkhornDivergence(x, x, { epsilon, tolerance: 1e-9, iterations: 20_000 })).value).toBeCloseTo(0, 7);
  });

  it('takes ε from the median cost, is symmetric, and tells when it did not converge', () => {
    const y = normalPoints(source, 80, [1, 0, 0]);
    const found = run(sinkhornDivergence(x, y));
    expect(found.converged).toBe(true);
    expect(found.epsilon).toBeGreaterThan(0.1);
    const back = run(sinkhornDivergence(y, x));
    expect(back.value).toBeCloseTo(found.value, 3);
    expect(run(sinkhornDivergence(x, y, { iterations: 3 })).converged).toBe(false);
    expect(run(sinkhornDivergence(x, y, { cap: 40 }))).toMatchObject({ x: 40, y: 40 });
  });
});

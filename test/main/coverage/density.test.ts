import { describe, expect, it } from 'vitest';
import { collapse, forwardMetrics, gapsTo, reverseMetrics } from '../../../src/main/coverage/densityMetrics';
import { paretoTail } from '../../../src/main/coverage/pareto';
import { random } from '../../support/random';

const logNormal = (x: number, mean: number, sd: number): number =>
  -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);

describe('weights 1, 2, 3, 4', () => {
  const reverse = reverseMetrics([1, 2, 3, 4].map(Math.log));

  it('have known sums', () => {
    expect(reverse.ess).toBeCloseTo(0.8333333333, 9);
    expect(reverse.logZ.value).toBeCloseTo(0.9162907319, 9);
    expect(reverse.elbo.value).toBeCloseTo(0.7945134576, 9);
    expect(4 * reverse.perplexityEss).toBeCloseTo(3.5961154664, 9);
    expect(reverse.topShare).toBeCloseTo(0.4, 12);
  });

  it('do not mind their scale or order', () => {
    const far = reverseMetrics([3, 1, 4, 2].map((weight) => Math.log(weight) - 5000));
    expect(far.ess).toBeCloseTo(reverse.ess, 10);
    expect(far.logZ.value + 5000).toBeCloseTo(reverse.logZ.value, 9);
  });
});

/** Quadrature over y of what a law says, as equally weighted samples of it: the middle of each of n cells of equal mass. */
function cells(n: number, mean: number, sd: number): Float64Array {
  // Φ⁻¹ by bisection of a numerically integrated Φ would do; the sum of twelve cells a unit does as well.
  const out = new Float64Array(n);
  const step = 16 / 200_000;
  let [cumulative, at] = [0, 0];
  for (let x = -8; x < 8 && at < n; x += step) {
    cumulative += Math.exp(logNormal(x + step / 2, 0, 1)) * step;
    while (at < n && cumulative > (at + 0.5) / n) {
      out[at] = mean + sd * (x + step / 2);
      at += 1;
    }
  }
  return out.subarray(0, at);
}

describe('two normals, q̃ = 3 N(1, 1.5²) and ρ = N(0, 1)', () => {
  const ratio = (x: number): number => Math.log(3) + logNormal(x, 1, 1.5) - logNormal(x, 0, 1);
  const logZ = Math.log(3);

  it('have the known bounds on both sides', () => {
    const reverse = reverseMetrics(cells(100_000, 0, 1).map(ratio));
    const forward = forwardMetrics(cells(100_000, 1, 1.5).map(ratio));
    expect(logZ).toBeCloseTo(1.0986123, 7);
    // Cells of equal mass err by about 1e-4 in second moments.
    expect(Math.abs(reverse.elbo.value - 0.7487027361)).toBeLessThan(3e-4);
    expect(Math.abs(forward.eubo.value - 1.8181471806)).toBeLessThan(3e-4);
    const gaps = gapsTo(logZ, reverse, forward);
    expect(Math.abs((gaps.reverseKl?.value ?? NaN) - 0.3499095526)).toBeLessThan(3e-4);
    expect(Math.abs((gaps.forwardKl?.value ?? NaN) - 0.7195348919)).toBeLessThan(3e-4);
    expect(Math.abs(forward.logZ.value - logZ)).toBeLessThan(1e-3);
  });
});

it.each([
  [0.5, 0.7788007831],
  [1, 0.3678794412],
  [1.5, 0.1053992246],
])('a shift of %d leaves an effective share of %d', (shift, expected) => {
  const { normals } = random(1);
  const n = 200_000;
  // Drawn from the shifted law's own side the ratio of means has a small variance: E_ρ[w²] = exp(m²).
  const x = normals(n);
  const reverse = reverseMetrics(x.map((value) => logNormal(value, shift, 1) - logNormal(value, 0, 1)));
  // Relative sd of the estimate is below √((e^{6m²})/n)-like terms; 3, 5 and 60 thousandths were found over seeds.
  expect(Math.abs(reverse.ess / expected - 1)).toBeLessThan({ 0.5: 0.01, 1: 0.06 }[shift] ?? 0.4);
  const forward = forwardMetrics(x.map((value) => logNormal(value + shift, shift, 1) - logNormal(value + shift, 0, 1)));
  expect(Math.abs(forward.ess / expected - 1)).toBeLessThan({ 0.5: 0.01, 1: 0.03 }[shift] ?? 0.15);
});

it.each([
  [1.5, 1, 0.8314794193],
  [1.5, 10, 0.1579483308],
  [2, 1, 0.6614378278],
  [0.8, 1, 0.8267972847],
])('a scale of %d in %d dimensions leaves %d', (scale, dim, expected) => {
  const { normal } = random(7);
  const n = 100_000;
  const draw = (sd: number): number[] =>
    Array.from({ length: n }, () => {
      let total = 0;
      for (let k = 0; k < dim; k += 1) {
        const x = sd * normal();
        total += logNormal(x, 0, 1) - logNormal(x, 0, scale);
      }
      return total;
    });
  expect((Math.sqrt(2 * scale * scale - 1) / (scale * scale)) ** dim).toBeCloseTo(expected, 9);
  // Weights are bounded where ρ is wider; where it is narrower w⁴ has no mean.
  const tolerance = scale < 1 ? 0.1 : 0.03;
  expect(Math.abs(reverseMetrics(draw(scale)).ess / expected - 1)).toBeLessThan(tolerance);
  const forward = forwardMetrics(draw(1));
  // 1/E_q[w]: the estimate of log Z from this side, exactly 0 here, has an infinite variance where ρ is much wider.
  expect(Math.abs((forward.ess * Math.exp(-forward.logZ.value)) / expected - 1)).toBeLessThan(tolerance);
  expect(Math.abs(forward.logZ.value)).toBeLessThan(0.2);
});

describe('a sampler that found one of six equal modes', () => {
  // q is six disjoint components, ρ one of them.
  const reverse = reverseMetrics(new Float64Array(1000).fill(-Math.log(6)));

  it('thinks itself perfect', () => {
    expect(reverse.ess).toBeCloseTo(1, 12);
    expect(reverse.logZ.value).toBeCloseTo(-1.7917594692, 9);
    expect(reverse.elbo.value).toBeCloseTo(-1.7917594692, 9);
  });

  it('is found out by a known log Z, and by samples of the target', () => {
    const found = collapse(reverse, 0);
    expect(found?.found).toBeCloseTo(1 / 6, 9);
    expect(found?.missing).toBeCloseTo(1.7917594692, 9);
    const ratios = Float64Array.from({ length: 600 }, (_, i) => (i < 100 ? -Math.log(6) : Number.POSITIVE_INFINITY));
    const forward = forwardMetrics(ratios);
    expect(forward.ess).toBe(0);
    expect(forward.eubo.value).toBe(Number.POSITIVE_INFINITY);
    expect(forward.logZ.value).toBeCloseTo(0, 9);
  });

  it('is told from a good sampler, and from one that is merely bad', () => {
    const { normals } = random(2);
    const good = reverseMetrics(normals(2000).map((value) => 0.2 * value - 0.02));
    expect(collapse(good, 0)).toBeUndefined();
    const bad = reverseMetrics(normals(2000).map((value) => 4 * value - 8));
    expect(bad.ess).toBeLessThan(0.1);
    expect(collapse(bad, 0)).toBeUndefined();
  });
});

describe('the tail of the weights', () => {
  it.each([0.3, 0.6, 0.9])('has the shape %d that it was drawn with', (shape) => {
    const { uniform } = random(4);
    // Pareto weights u^{−k} have a generalised Pareto tail of shape k.
    const shapes = Array.from(
      { length: 40 },
      () => paretoTail(Float64Array.from({ length: 2000 }, () => -shape * Math.log(uniform())))?.k ?? NaN,
    );
    const mean = shapes.reduce((a, b) => a + b, 0) / shapes.length;
    // The prior draws a tail of 135 a fourteenth of the way to one half, and √(135 · 40) leaves a hundredth or two of noise.
    const expected = (shape * 135 + 5) / 145;
    expect(Math.abs(mean - expected)).toBeLessThan(0.08);
  });

  it('is not told from equal or few weights', () => {
    expect(paretoTail(new Float64Array(1000))).toBeUndefined();
    expect(paretoTail([0, 1, 2])).toBeUndefined();
  });
});

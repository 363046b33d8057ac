import { describe, expect, it } from 'vitest';
import { giwae } from '../../../src/main/bounds/giwae';
import { infonce } from '../../../src/main/bounds/infonce';
import { controlled, criticValues, listed } from '../../support/criticData';
import { bestDiagonal, critic } from '../../support/gaussianPaths';
import { criticClosedForms, lg2Eigenvalues } from '../../support/linearClosedForms';
import { linearData, sumOf } from '../../support/linearData';
import { lg2, logLikelihood, mutualInformation } from '../../support/linearModel';
import { differences, discrepancy, estimate } from '../../support/moments';
import { random } from '../../support/random';

/**
 * The bounds that a critic gives, with the critics T_a of the small linear model whose values are known in closed form. Where a mean
 * over data is compared, four standard errors are allowed: 6e-5 a check if errors are normal, below 0.2 % for the whole file.
 */
const exact = criticClosedForms(lg2Eigenvalues);

describe('closed forms', () => {
  it.each([
    [0.25, 1.968077, 1.754234, 0.615237],
    [0.5, 2.387481, 2.118885, 0.427116],
    [1, 2.576646, 2.269793, -0.038014],
    [2, 2.271049, 1.940969, -1.019429],
    [4, 0.96589, 0.622902, -3.009824],
  ])('have the golden values at a = %d', (a, ibalValue, dvValue, fValue) => {
    expect(exact.ibal(a)).toBeCloseTo(ibalValue, 6);
    expect(exact.dv(a)).toBeCloseTo(dvValue, 6);
    expect(exact.f(a, 1)).toBeCloseTo(fValue, 6);
    // The best shift of the critic makes MINE-F MINE-DV: c = 1 − log E e^T.
    expect(exact.f(a, 1 + exact.dv(a) - exact.atExact(a))).toBeCloseTo(exact.dv(a), 12);
  });

  it('agree among themselves: I(x; z) at the best critic, 0 at a constant one', () => {
    expect(exact.ibal(1)).toBeCloseTo(mutualInformation(lg2), 12);
    expect([exact.ibal(0), exact.dv(0), exact.f(0, 1)]).toEqual([0, 0, 0]);
  });
});

describe('InfoNCE with T_a', () => {
  it.each([
    [0.5, 10, 1.67, 0.004],
    [0.5, 100, 2.267, 0.006],
    [0.5, 1000, 2.367, 0.007],
    [2, 10, 1.663, 0.009],
    [2, 100, 2.194, 0.014],
    [2, 1000, 2.237, 0.015],
  ])('a = %d, K = %i: the value of an independent implementation', (a, samples, value, se) => {
    const { values, control } = criticValues(a, {
      data: samples === 1000 ? 400 : 4000,
      negatives: samples - 1,
      seed: 100 * a + samples,
    });
    const terms = values.map((each) => infonce(each.critic, each.negatives));
    expect(Math.max(...terms)).toBeLessThanOrEqual(Math.log(samples));
    expect(discrepancy(controlled(terms, control), value, se)).toBeLessThan(4);
    // Its limit is IBAL, and no critic gets past structured InfoNCE.
    expect(controlled(terms, control).mean).toBeLessThan(exact.ibal(a) + 4 * controlled(terms, control).se);
  });

  it('falls short of the best critic by KL(softmax of the likelihoods ‖ softmax of the critics)', () => {
    const source = random(8);
    const t = critic(lg2, 0.5);
    const data = linearData(lg2, 4000, source);
    const lacks: number[] = [];
    const divergences: number[] = [];
    for (const { x, z, sample } of data) {
      const points = [z, ...Array.from({ length: 9 }, sample)];
      const likelihoods = points.map((point) => logLikelihood(lg2, x, point));
      const critics = points.map((point) => t(x, point));
      const term = (list: readonly number[]): number => infonce(list[0] ?? Number.NaN, sumOf(9, listed(list.slice(1))));
      lacks.push(term(likelihoods) - term(critics));
      const [p, q] = [likelihoods, critics].map((list) => {
        const total = sumOf(10, listed(list)).total();
        return list.map((value) => value - total);
      });
      divergences.push((p ?? []).reduce((sum, log, k) => sum + Math.exp(log) * (log - (q?.[k] ?? Number.NaN)), 0));
    }
    expect(Math.min(...divergences)).toBeGreaterThanOrEqual(-1e-12);
    // Equal in expectation: given the set, which of its members was the positive is distributed as the first softmax.
    expect(discrepancy(estimate(differences(lacks, divergences)), 0)).toBeLessThan(4);
  });
});

describe('GIWAE with a learned base', () => {
  it('lies between Barber and Agakov’s bound and IWAE where the critic knows something', () => {
    // A base that is too wide by half, so that there is something left to learn.
    const best = bestDiagonal(lg2, 'forward');
    const base = { ...best, variance: best.variance.map((value) => 2.25 * value) };
    const data = linearData(lg2, 4000, random(31), base);
    const rows = data.map((datum) => {
      const points = Array.from({ length: 9 }, datum.sample);
      const weight = datum.logWeight;
      const of = (t: (z: readonly number[]) => number) =>
        giwae({
          ba: datum.logBase - datum.logPrior,
          critic: t(datum.z),
          negatives: sumOf(9, listed(points.map(t))),
        }).value;
      return { ba: datum.logBase - datum.logPrior, half: of((z) => 0.5 * weight(z)), full: of(weight) };
    });
    const known = data.map((datum) => datum.logLikelihood - datum.truth);
    for (const [below, above] of [
      [rows.map((row) => row.ba), rows.map((row) => row.half)],
      [rows.map((row) => row.half), rows.map((row) => row.full)],
      [rows.map((row) => row.full), known],
    ] as const) {
      const { mean, se } = estimate(differences(above, below));
      expect(mean / se).toBeGreaterThan(4);
    }
    rows.forEach(({ ba, full }) => expect(full - ba).toBeLessThanOrEqual(Math.log(10)));
  });

  it('as a lower bound on log p(x) is below IWAE, which is why nobody uses it so', () => {
    const source = random(77);
    const t = critic(lg2, 0.3);
    const lacks = linearData(lg2, 2000, source).map(({ x, sample, logWeight }) => {
      const points = Array.from({ length: 8 }, sample);
      const critics = points.map((point) => t(x, point));
      const total = sumOf(8, listed(critics));
      let level = source.uniform();
      let chosen = 0;
      while (chosen < 7 && (level -= Math.exp((critics[chosen] ?? 0) - total.total())) > 0) chosen += 1;
      const lower = logWeight(points[chosen] ?? []) - (critics[chosen] ?? 0) + total.mean();
      return sumOf(8, listed(points.map(logWeight))).mean() - lower;
    });
    const { mean, se } = estimate(lacks);
    expect(mean / se).toBeGreaterThan(4);
  });
});

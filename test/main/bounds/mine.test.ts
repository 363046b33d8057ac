import { describe, expect, it } from 'vitest';
import { ibal } from '../../../src/main/bounds/ibal';
import { mineDv } from '../../../src/main/bounds/mineDv';
import { mineF } from '../../../src/main/bounds/mineF';
import type { CriticValues } from '../../../src/main/bounds/types';
import { criticValues } from '../../support/criticData';
import { criticClosedForms, lg2Eigenvalues } from '../../support/linearClosedForms';
import { sumOf } from '../../support/linearData';
import { discrepancy, estimate } from '../../support/moments';
import { random } from '../../support/random';

/**
 * MINE, with the critics T_a of the small linear model whose values are known in closed form. Where a mean
 * over data is compared, four standard errors are allowed: 6e-5 a check if errors are normal, below 0.2 % for the whole file.
 */
const exact = criticClosedForms(lg2Eigenvalues);

describe('MINE-DV and MINE-F', () => {
  it.each([0.25, 0.5, 1, 2])('reach their closed forms at a = %d', (a) => {
    const { values } = criticValues(a, { data: 3000, negatives: 40, seed: 60 + 4 * a });
    const dv = mineDv(values);
    // The half-width is that of t with 3999 degrees of freedom: 1.96 standard errors.
    expect(discrepancy({ mean: dv.value, se: (dv.ci95 ?? Number.NaN) / 1.96 }, exact.dv(a))).toBeLessThan(4);
    const f = estimate(values.map(mineF));
    expect(discrepancy(f, exact.f(a, 0))).toBeLessThan(4);
  });

  it('are in order on the same samples: F ≤ DV ≤ IBAL_U of one temperature, for every critic', () => {
    for (const a of [0.25, 1, 4]) {
      for (let seed = 1; seed <= 20; seed += 1) {
        const { values } = criticValues(a, { data: 20, negatives: 5, seed });
        const mean = (terms: readonly number[]): number => estimate(terms).mean;
        const dv = mineDv(values).value;
        const upper = values.map((each) => ibal(each, { lower: each.negatives.mean() }).upper ?? Number.NaN);
        // log y ≤ y/e and Jensen's inequality: both hold for every sample.
        expect(mean(values.map(mineF))).toBeLessThanOrEqual(dv + 1e-12);
        expect(dv).toBeLessThanOrEqual(mean(upper) + 1e-12);
      }
    }
  });

  /** The same critic, moved by a function of x or a constant. */
  const moved = (values: readonly CriticValues[], by: (datum: number) => number, samples: number): CriticValues[] =>
    values.map(({ ba, critic: t, negatives }, datum) => {
      // Any sum with the moved mean will do.
      const shifted = sumOf(samples, () => negatives.mean() + by(datum));
      return { ba, critic: t + by(datum), negatives: shifted };
    });

  it('a constant leaves DV as it is, the best one makes F equal to it, and a function of x leaves IBAL as it is', () => {
    const { values } = criticValues(2, { data: 30, negatives: 10, seed: 3 });
    const dv = mineDv(values);
    const mean = (list: readonly CriticValues[]): number => estimate(list.map(mineF)).mean;
    for (const c of [-300, 5, 300]) {
      const other = mineDv(moved(values, () => c, 10));
      expect(other.value).toBeCloseTo(dv.value, 10);
      expect(other.ci95).toBeCloseTo(dv.ci95 ?? Number.NaN, 10);
    }
    // 1 − log of the mean of e^T
    const positives = estimate(values.map(({ critic: t }) => t)).mean;
    expect(mean(moved(values, () => 1 + dv.value - positives, 10))).toBeCloseTo(dv.value, 10);
    expect(mean(values)).toBeLessThan(dv.value);
    const byDatum = moved(values, (datum) => 3 * datum - 20, 10);
    const upper = (list: readonly CriticValues[]) => list.map((v) => ibal(v, { lower: v.negatives.mean() }).upper);
    upper(byDatum).forEach((value, datum) => expect(value).toBeCloseTo(upper(values)[datum] ?? Number.NaN, 10));
    // MINE-DV is not so tolerant.
    expect(mineDv(byDatum).value).toBeLessThan(dv.value - 1);
  });

  it('with T = 1 are Barber and Agakov’s bound', () => {
    const source = random(4);
    const values = Array.from({ length: 40 }, () => ({
      ba: 3 * source.normal(),
      critic: 1,
      negatives: sumOf(5, () => 1),
    }));
    const mean = estimate(values.map(({ ba }) => ba)).mean;
    values.forEach((each) => expect(mineF(each)).toBeCloseTo(each.ba, 12));
    expect(mineDv(values).value).toBeCloseTo(mean, 12);
    expect(mineDv(values).ci95).toBeGreaterThan(0);
  });

  it('the interval is the jackknife’s', () => {
    const { values } = criticValues(1, { data: 25, negatives: 3, seed: 12 });
    const without = values.map((_, left) => mineDv(values.filter((__, datum) => datum !== left)).value);
    const mean = without.reduce((total, value) => total + value, 0) / 25;
    const variance = (24 / 25) * without.reduce((total, value) => total + (value - mean) ** 2, 0);
    // t with 24 degrees of freedom
    expect(mineDv(values).ci95).toBeCloseTo(2.0638985616 * Math.sqrt(variance), 9);
  });

  it('the interval covers the truth about as often as it says', () => {
    let covered = 0;
    const repetitions = 200;
    for (let seed = 1; seed <= repetitions; seed += 1) {
      const { values } = criticValues(0.5, { data: 100, negatives: 30, seed: 500 + seed });
      const { value, ci95 } = mineDv(values);
      if (Math.abs(value - exact.dv(0.5)) <= (ci95 ?? 0)) covered += 1;
    }
    // 190 of 200 are due. Four standard deviations of the binomial, 3.1 each, and room for 3 % less by the bias and skewness.
    expect(covered).toBeGreaterThanOrEqual(172);
    expect(covered).toBeLessThan(200);
  });

  it('have no value where e^T overflows or there are no samples, and no interval for one datum', () => {
    const sane: CriticValues = { ba: 0, critic: 1, negatives: sumOf(3, () => 0) };
    const wild: CriticValues = { ba: 0, critic: 1, negatives: sumOf(3, () => 800) };
    expect(mineF(wild)).toBeNaN();
    // The logarithm of e^800 is no problem.
    expect(mineDv([wild]).value).toBe(-799);
    expect(mineDv([sane, { ...sane, negatives: sumOf(3, () => Number.POSITIVE_INFINITY) }])).toEqual({
      value: Number.NaN,
      ci95: null,
    });
    expect(mineDv([sane, { ...sane, negatives: sumOf(0, () => 0) }]).value).toBeNaN();
    expect(mineDv([sane])).toEqual({ value: 1, ci95: null });
  });
});

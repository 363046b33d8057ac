import { describe, expect, it } from 'vitest';
import { ba, elboEubo } from '../../../src/main/bounds/ba';
import { harmonicMean } from '../../../src/main/bounds/crAis';
import { bestDiagonal, posteriorPath, standardNormal, type DiagonalBase } from '../../support/gaussianPaths';
import { linearData } from '../../support/linearData';
import {
  draw,
  lg2,
  logEvidence,
  logLikelihood,
  logPrior,
  logTempered,
  mutualInformation,
  tempered,
} from '../../support/linearModel';
import { contradicts, differences, discrepancy, estimate } from '../../support/moments';
import { random } from '../../support/random';

/** Known numbers of the small linear model, each from an independent implementation. */
const x = [1, -0.5, 2];
const z = [0.3, -0.7];

/** The mean of a quadratic function under N(centre, C Cᵀ) with the columns of C, exactly: over 2d points at √d standard deviations. */
function meanOfQuadratic(
  centre: readonly number[],
  columns: readonly (readonly number[])[],
  of: (z: readonly number[]) => number,
): number {
  const reach = Math.sqrt(columns.length);
  const points = columns.flatMap((column) =>
    [reach, -reach].map((step) => centre.map((m, i) => m + step * (column[i] ?? Number.NaN))),
  );
  return points.reduce((total, point) => total + of(point), 0) / points.length;
}

describe('golden numbers', () => {
  it('densities', () => {
    expect(logLikelihood(lg2, x, z)).toBeCloseTo(-24.7973740579, 9);
    expect(logPrior(z)).toBeCloseTo(-2.1278770664, 9);
    expect(logEvidence(lg2, x)).toBeCloseTo(-9.0603782367, 9);
    expect(logTempered(tempered(lg2, x, 1), z)).toBeCloseTo(-17.8648728877, 9);
  });

  it('Bayes’ rule at any z', () => {
    const source = random(4);
    for (let turn = 0; turn < 20; turn += 1) {
      const at = source.normals(2).map((value) => 3 * value);
      const evidence = logLikelihood(lg2, x, at) + logPrior(at) - logTempered(tempered(lg2, x, 1), at);
      expect(evidence).toBeCloseTo(-9.0603782367, 9);
    }
  });

  it('ELBO and EUBO of a given base', () => {
    const base: DiagonalBase = { mean: () => [0.5, 0.2], variance: [0.16, 0.09] };
    const path = posteriorPath(lg2, base);
    expect(path.logBase(x, z)).toBeCloseTo(-4.3426135302, 9);
    const posterior = tempered(lg2, x, 1);
    // What normals that are a unit vector move the mean by: a column of a square root of the covariance.
    const columns = [0, 1].map((i) =>
      differences(draw(posterior, { ...random(1), normals: () => [0, 1].map((j) => Number(i === j)) }), posterior.mean),
    );
    const weight = (point: readonly number[]): number => path.logRatio(x, point);
    const { lower, upper } = elboEubo({
      mean: meanOfQuadratic(
        [0.5, 0.2],
        [
          [0.4, 0],
          [0, 0.3],
        ],
        weight,
      ),
      exact: meanOfQuadratic(posterior.mean, columns, weight),
    });
    expect(lower).toBeCloseTo(-12.1076375941, 9);
    expect(upper).toBeCloseTo(-6.5899157775, 9);
    // Path by path, the bound on I(x; z) is the same number with the likelihood cancelled.
    const term = ba({ logBase: path.logBase(x, z), logPrior: logPrior(z) });
    expect(term).toBeCloseTo(logLikelihood(lg2, x, z) - weight(z), 12);
  });

  it('a harmonic mean', () => expect(harmonicMean([1000, 1001, 1002])).toBeCloseTo(1000.6910063242, 9));
});

/** Four standard errors a check: 6e-5 each, 0.1 % for all. */
describe('Barber and Agakov’s bounds of the best bases, over 4000 data', () => {
  const information = mutualInformation(lg2);

  // KL of the posterior and its best base is ½ log(189/173) one way and ½ (32/173 − log(189/173)) the other.
  it.each([
    ['forward', 2.532418087, 2.6249042],
    ['reverse', 2.5283874, 2.6208735075],
  ] as const)('%s: at its gap from I(x; z)', (direction, lower, upper) => {
    const base = bestDiagonal(lg2, direction);
    const data = linearData(lg2, 4000, random(19), base);
    const known = data.map((datum) => datum.logLikelihood - datum.truth);
    const lowers = data.map(ba);
    const uppers = data.map(
      (datum) => datum.logLikelihood - (elboEubo({ mean: datum.logWeight(datum.sample()) }).lower ?? Number.NaN),
    );
    expect(contradicts('lower', lowers, known)).toBe(false);
    expect(contradicts('upper', uppers, known)).toBe(false);
    expect(discrepancy(estimate(differences(lowers, known)), lower - information)).toBeLessThan(4);
    expect(discrepancy(estimate(differences(uppers, known)), upper - information)).toBeLessThan(4);
  });

  it('the prior gives 0 and the trace of A', () => {
    const data = linearData(lg2, 4000, random(20), standardNormal(2));
    for (const datum of data) expect(ba(datum)).toBeCloseTo(0, 12);
    const uppers = data.map((datum) => datum.logLikelihood - datum.logWeight(datum.sample()));
    expect(discrepancy(estimate(uppers), 28)).toBeLessThan(4);
  });

  it('exact draws have the moments of the posterior', () => {
    const [mean, covariance] = [
      [-14 / 173, 118 / 173],
      [
        [21 / 173, -4 / 173],
        [-4 / 173, 9 / 173],
      ],
    ] as const;
    const posterior = tempered(lg2, x, 1);
    posterior.mean.forEach((value, i) => expect(value).toBeCloseTo(mean[i] ?? Number.NaN, 12));
    const source = random(6);
    const centred = Array.from({ length: 20_000 }, () => differences(draw(posterior, source), mean));
    for (const i of [0, 1])
      for (const j of [0, 1]) {
        const products = centred.map((row) => (row[i] ?? Number.NaN) * (row[j] ?? Number.NaN));
        expect(discrepancy(estimate(products), covariance[i]?.[j] ?? Number.NaN)).toBeLessThan(4);
      }
  });
});

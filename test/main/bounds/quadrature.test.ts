import { describe, expect, it } from 'vitest';
import { infonce } from '../../../src/main/bounds/infonce';
import { iwae } from '../../../src/main/bounds/iwae';
import { sumOf } from '../../support/linearData';
import { lg2, logEvidence, logLikelihood } from '../../support/linearModel';
import { contradicts, differences, discrepancy, estimate, type Estimate } from '../../support/moments';
import { bernoulliModel, logEvidenceByQuadrature, tanhModel, type SmallModel } from '../../support/quadrature';
import { random } from '../../support/random';

/**
 * Models that are not linear-Gaussian, where the truth is an integral over z on a fine grid. Four standard errors a check: 6e-5 each
 * if errors are normal, 0.2 % for the file.
 */
const bernoulli = bernoulliModel([2, -1.5, 1, 0.5], [0.1, -0.2, 0.3, 0]);
const steps = 400;

/** E[log p(x | z) | z] by the trapezoidal rule of the prior, for I(x; z) = E[log p(x | z)] + H(x). */
function overPrior(of: (z: number) => number): number {
  let total = 0;
  for (let index = 0; index <= 4000; index += 1) {
    const z = index / 200 - 10;
    total += (of(z) * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI) / 200;
  }
  return total;
}

describe('the oracle', () => {
  it('has the golden values of a Bernoulli model, whose I(x; z) is a sum over 16 x', () => {
    for (const [x, value] of [
      [[1, 1, 1, 1], -3.040260999],
      [[0, 0, 0, 0], -3.1070288866],
      [[1, 0, 1, 1], -1.8276004069],
    ] as const) {
      expect(logEvidenceByQuadrature(bernoulli, x, steps)).toBeCloseTo(value, 9);
    }
    const all = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].map((j) => (bits >> j) & 1));
    const evidence = all.map((x) => logEvidenceByQuadrature(bernoulli, x, steps));
    expect(evidence.reduce((total, value) => total + Math.exp(value), 0)).toBeCloseTo(1, 10);
    const conditional = overPrior((z) =>
      all.reduce((total, x) => {
        const log = bernoulli.logLikelihood(x, [z]);
        return total + Math.exp(log) * log;
      }, 0),
    );
    const entropy = -evidence.reduce((total, value) => total + Math.exp(value) * value, 0);
    expect(conditional + entropy).toBeCloseTo(0.3990853542, 9);
  });

  it('has the golden values of a tanh model, whose I(x; z) is an integral over x', () => {
    expect(logEvidenceByQuadrature(tanhModel, [0], 4000)).toBeCloseTo(-2.6845864114, 8);
    expect(logEvidenceByQuadrature(tanhModel, [3], 4000)).toBeCloseTo(-1.4829260022, 8);
    // H(x) over ±6, twelve standard deviations of the noise beyond the ends of the mean.
    let entropy = 0;
    for (let index = 0; index <= 600; index += 1) {
      const log = logEvidenceByQuadrature(tanhModel, [index / 50 - 6], 1000);
      entropy -= (Math.exp(log) * log) / 50;
    }
    expect(entropy - 0.5 * (1 + Math.log(2 * Math.PI * 0.25))).toBeCloseTo(1.2490283433, 6);
  });

  it('agrees with a closed form in two dimensions', () => {
    const model: SmallModel = { latent: 2, logLikelihood: (x, z) => logLikelihood(lg2, x, z), simulate: () => [] };
    for (const x of [
      [1, -0.5, 2],
      [-3, 1, 4],
    ]) {
      expect(logEvidenceByQuadrature(model, x, steps)).toBeCloseTo(logEvidence(lg2, x), 9);
    }
  });
});

/** Terms of structured InfoNCE, and log p(x | z*) − log p(x) of the same data. */
function structured(model: SmallModel, shape: { data: number; samples: number; grid: number; seed: number }) {
  const source = random(shape.seed);
  const known: number[] = [];
  const evidence: number[] = [];
  const onEvidence: ReturnType<typeof iwae>[] = [];
  const terms = Array.from({ length: shape.data }, () => {
    const z = source.normals(model.latent);
    const x = model.simulate(z, source);
    const exact = model.logLikelihood(x, z);
    const draw = (): number => model.logLikelihood(x, source.normals(model.latent));
    evidence.push(logEvidenceByQuadrature(model, x, shape.grid));
    known.push(exact - (evidence.at(-1) ?? Number.NaN));
    const sums = { exact, fresh: sumOf(shape.samples, draw), negatives: sumOf(shape.samples - 1, draw) };
    const bounds = iwae(sums);
    onEvidence.push(bounds);
    return { lower: infonce(exact, sums.negatives), upper: exact - (bounds.lower ?? Number.NaN) };
  });
  return { terms, known, evidence, onEvidence };
}

function controlled(values: readonly number[], known: readonly number[], information: number): Estimate {
  const { mean, se } = estimate(differences(values, known));
  return { mean: information + mean, se };
}

describe('structured InfoNCE where nothing is linear', () => {
  it.each([
    [2, 0.4751, 0.0007, Number.NaN, 0],
    [10, 1.0776, 0.0005, 1.569, 0.001],
    [100, 1.2324, 0.0006, 1.2653, 0.0006],
  ])('tanh model, K = %i', (samples, lower, lowerSe, upper, upperSe) => {
    const { terms, known } = structured(tanhModel, { data: 3000, samples, grid: 400, seed: 60 + samples });
    const lowers = terms.map((term) => term.lower);
    const uppers = terms.map((term) => term.upper);
    expect(contradicts('lower', lowers, known)).toBe(false);
    expect(contradicts('upper', uppers, known)).toBe(false);
    expect(discrepancy(controlled(lowers, known, 1.2490283433), lower, lowerSe)).toBeLessThan(4);
    if (!Number.isNaN(upper)) {
      expect(discrepancy(controlled(uppers, known, 1.2490283433), upper, upperSe)).toBeLessThan(4);
    }
  });

  it('Bernoulli model: on both sides of I(x; z), closing with K', () => {
    const gaps = [2, 10, 100].map((samples) => {
      const { terms, known, evidence, onEvidence } = structured(bernoulli, { data: 2000, samples, grid: 200, seed: 9 });
      const lowers = terms.map((term) => term.lower);
      const uppers = terms.map((term) => term.upper);
      // The data themselves: their mean is I(x; z), here with its sampling noise.
      expect(discrepancy(estimate(known), 0.3990853542)).toBeLessThan(4);
      expect(contradicts('lower', lowers, known)).toBe(false);
      expect(contradicts('upper', uppers, known)).toBe(false);
      for (const side of ['lower', 'upper'] as const) {
        const values = onEvidence.map((bound) => bound[side] ?? Number.NaN);
        expect(contradicts(side, values, evidence)).toBe(false);
      }
      return estimate(differences(uppers, lowers)).mean;
    });
    expect(gaps[1]).toBeLessThan((gaps[0] ?? Number.NaN) / 3);
    expect(gaps[2]).toBeLessThan((gaps[1] ?? Number.NaN) / 3);
    expect(gaps[2]).toBeGreaterThan(0);
  });
});

import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { ba, elboEubo } from '../../../src/main/bounds/ba';
import { contrastive, logMeanExpWith } from '../../../src/main/bounds/contrastive';
import { giwae } from '../../../src/main/bounds/giwae';
import { infonce } from '../../../src/main/bounds/infonce';
import { iwae } from '../../../src/main/bounds/iwae';
import { LogSumExp } from '../../../src/main/bounds/logMeanExp';
import { mineF } from '../../../src/main/bounds/mineF';
import { ReverseSum, riwae } from '../../../src/main/bounds/riwae';
import { random } from '../../support/random';

/** Identities that hold for every sample, on numbers as wild as those of a bad run: spread over tens of nats. */
const seeds = Array.from({ length: 50 }, (_, seed) => seed + 1);
const counts = [1, 2, 10, 101];
// A few roundings of doubles of size 1e2.
const digits = 11;

interface Wild {
  readonly logBase: number;
  readonly logPrior: number;
  readonly logLikelihood: number;
  readonly negatives: number[];
}
function wild(samples: number, seed: number): Wild {
  const { normal, normals } = random(1000 * samples + seed);
  const spread = (): number => -30 + 20 * normal();
  return {
    logBase: spread(),
    logPrior: spread(),
    logLikelihood: spread(),
    negatives: normals(samples - 1).map((value) => -30 + 20 * value),
  };
}

function summed(values: readonly number[]): LogSumExp {
  const sum = new LogSumExp();
  for (const value of values) sum.add(value);
  return sum;
}

/** log (1/K) Σ exp, in two passes. */
function batch(values: readonly number[]): number {
  const most = values.reduce((a, b) => Math.max(a, b));
  return most + Math.log(values.reduce((total, value) => total + Math.exp(value - most), 0) / values.length);
}

function each(
  check: (values: Wild & { readonly samples: number; readonly logWeight: number; readonly base: number }) => void,
) {
  for (const samples of counts) {
    for (const seed of seeds) {
      const values = wild(samples, seed);
      const { logBase, logPrior, logLikelihood } = values;
      check({ ...values, samples, logWeight: logLikelihood + logPrior - logBase, base: ba(values) });
    }
  }
}

describe('one positive among K − 1 negatives', () => {
  it('is what its formula says', () => {
    each(({ logLikelihood, negatives }) => {
      const expected = batch([logLikelihood, ...negatives]);
      expect(logMeanExpWith(logLikelihood, summed(negatives))).toBeCloseTo(expected, digits);
      expect(contrastive(logLikelihood, summed(negatives))).toBeCloseTo(logLikelihood - expected, digits);
    });
  });

  it('is at most log K to the last bit, and 0 at K = 1', () => {
    each(({ logLikelihood, negatives, samples }) => {
      expect(contrastive(logLikelihood, summed(negatives))).toBeLessThanOrEqual(Math.log(samples));
    });
    // The positive outweighs everything: the limit itself.
    expect(contrastive(1e4, summed([-1e4, -1e4, 0]))).toBe(Math.log(4));
    expect(contrastive(-123.4, new LogSumExp())).toBe(0);
  });

  it('does not change when a function of x is added to the critic', () => {
    each(({ logLikelihood, negatives }) => {
      const moved = contrastive(logLikelihood + 57, summed(negatives.map((value) => value + 57)));
      expect(moved).toBeCloseTo(contrastive(logLikelihood, summed(negatives)), digits);
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('never hides %s', (bad) => {
    expect(contrastive(bad, summed([0, 1]))).toBeNaN();
    expect(contrastive(0, summed([0, bad]))).toBeNaN();
    expect(giwae({ ba: 0, critic: 1, negatives: summed([bad]) }).value).toBeNaN();
    expect(mineF({ ba: 0, critic: bad, negatives: summed([0]) })).toBeNaN();
    expect(mineF({ ba: 0, critic: 0, negatives: summed([bad]) })).toBeNaN();
    const spoiled = new ReverseSum();
    for (const value of [1, bad]) spoiled.add(value);
    expect(riwae.upper(spoiled)).toBeNaN();
    expect(riwae.lower(1, spoiled)).toBeNaN();
    expect(riwae.lower(bad, new ReverseSum())).toBeNaN();
  });
});

describe('identities of estimators, sample by sample', () => {
  it('Barber and Agakov’s bound is log p(x | z*) − EUBO with the likelihood cancelled', () => {
    each(({ logLikelihood, logWeight, base }) => {
      const { upper } = elboEubo({ mean: 0, exact: logWeight });
      expect(base).toBeCloseTo(logLikelihood - (upper ?? Number.NaN), digits);
    });
    expect(elboEubo({ mean: -3 })).toEqual({ lower: -3, upper: undefined });
    // The prior as base: 0, with no rounding.
    expect(ba({ logBase: -1.234, logPrior: -1.234 })).toBe(0);
  });

  it('GIWAE with the log weight as critic is IWAE', () => {
    each(({ logLikelihood, logWeight, negatives, base, samples }) => {
      const { upper } = iwae({ exact: logWeight, negatives: summed(negatives) });
      const terms = giwae({ ba: base, critic: logWeight, negatives: summed(negatives) });
      expect(terms.value).toBeCloseTo(logLikelihood - (upper ?? Number.NaN), digits);
      // Both terms are reported; the second is limited.
      expect(terms.ba).toBe(base);
      expect(terms.ba + terms.contrastive).toBe(terms.value);
      expect(terms.contrastive).toBeLessThanOrEqual(Math.log(samples));
    });
  });

  it('GIWAE with a constant critic is Barber and Agakov’s bound at every K, and at K = 1 with every critic', () => {
    each(({ base, negatives, logLikelihood }) => {
      for (const constant of [0, -700, 700]) {
        const { value } = giwae({ ba: base, critic: constant, negatives: summed(negatives.map(() => constant)) });
        expect(value).toBeCloseTo(base, digits);
      }
      expect(giwae({ ba: base, critic: logLikelihood, negatives: new LogSumExp() }).value).toBe(base);
    });
  });

  it('GIWAE with the prior as base is InfoNCE; with the likelihood as critic both are structured InfoNCE', () => {
    each(({ logLikelihood, negatives, samples }) => {
      const sum = summed(negatives);
      const value = infonce(logLikelihood, sum);
      expect(giwae({ ba: 0, critic: logLikelihood, negatives: sum }).value).toBe(value);
      expect(value).toBeLessThanOrEqual(Math.log(samples));
      // The log weight of the prior is the likelihood.
      const { upper } = iwae({ exact: logLikelihood, negatives: sum });
      expect(value).toBeCloseTo(logLikelihood - (upper ?? Number.NaN), digits);
    });
    expect(iwae({ exact: 1 })).toEqual({ lower: undefined, upper: undefined });
  });

  it('the gain of IWAE over the ELBO is KL(U ‖ softmax of the log weights), over the EUBO at most log K', () => {
    each(({ negatives, logWeight, samples }) => {
      const weights = [logWeight, ...negatives];
      const elbo = weights.reduce((total, value) => total + value, 0) / samples;
      const total = batch(weights) + Math.log(samples);
      const divergence = weights.reduce((sum, value) => sum - (Math.log(samples) + value - total) / samples, 0);
      expect((iwae({ fresh: summed(weights) }).lower ?? Number.NaN) - elbo).toBeCloseTo(divergence, digits);
      const { upper = Number.NaN } = iwae({ exact: logWeight, negatives: summed(negatives) });
      expect(upper).toBeGreaterThanOrEqual(logWeight - Math.log(samples) - 1e-11);
    });
  });

  it('reverse IWAE is the harmonic mean: within log K of each weight below it, between them above', () => {
    each(({ negatives, logWeight, samples }) => {
      const exact = new ReverseSum();
      for (const value of negatives) exact.add(value);
      const lower = riwae.lower(logWeight, exact);
      expect(lower).toBeCloseTo(-batch([-logWeight, ...negatives.map((value) => -value)]), digits);
      for (const value of [logWeight, ...negatives]) {
        expect(lower).toBeLessThanOrEqual(value + Math.log(samples) + 1e-11);
      }
      if (samples === 1) {
        expect(lower).toBe(logWeight);
        return;
      }
      expect(riwae.upper(exact)).toBeCloseTo(-batch(negatives.map((value) => -value)), digits);
    });
  });
});

describe('a million samples', () => {
  it('take no more memory than ten, and give what the formula gives for all at once', () => {
    const { normal } = random(7);
    const values = Float64Array.from({ length: 1e6 }, () => -50 + 15 * normal());
    const [negatives, reverse] = [new LogSumExp(), new ReverseSum()];
    const bytes: number[] = [];
    values.forEach((value, index) => {
      negatives.add(value);
      reverse.add(value);
      if (index === 9 || index === values.length - 1) bytes.push(serialize([negatives, reverse]).byteLength);
    });
    expect(bytes).toHaveLength(2);
    // Everything that the sums hold: a handful of doubles, whose text may differ by a few bytes.
    expect(bytes[1]).toBeLessThan((bytes[0] ?? 0) + 16);
    const inBatch = (positive: number, sign: 1 | -1): number => {
      const most = values.reduce((a, b) => Math.max(a, sign * b), positive);
      const total = values.reduce((sum, value) => sum + Math.exp(sign * value - most), Math.exp(positive - most));
      return most + Math.log(total / (values.length + 1));
    };
    // 1e6 roundings of sums that grow to 1e6 at most: 1e-10 relative, hence absolute in the logarithm.
    expect(giwae({ ba: 2, critic: 11, negatives }).value).toBeCloseTo(2 + 11 - inBatch(11, 1), 9);
    expect(riwae.lower(-60, reverse)).toBeCloseTo(-inBatch(60, -1), 9);
  });
});

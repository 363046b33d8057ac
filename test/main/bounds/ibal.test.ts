import { describe, expect, it } from 'vitest';
import { bdmc } from '../../../src/main/bounds/bdmc';
import { crAis } from '../../../src/main/bounds/crAis';
import { ibal, ibalCheck } from '../../../src/main/bounds/ibal';
import { imAis } from '../../../src/main/bounds/imAis';
import { betasOf } from '../../../src/main/samplers/schedule';
import { controlled } from '../../support/criticData';
import { exactChains } from '../../support/exactChains';
import { bestDiagonal, energyPath, posteriorPath, type GaussianPath } from '../../support/gaussianPaths';
import { criticClosedForms, lg2Eigenvalues } from '../../support/linearClosedForms';
import { lg2, logLikelihood, logPrior, mutualInformation } from '../../support/linearModel';
import { differences, discrepancy, estimate } from '../../support/moments';
import { random } from '../../support/random';

/**
 * The implicit Barber–Agakov bound, with the critics T_a of the small linear model whose values are known in closed form. Where a mean
 * over data is compared, four standard errors are allowed: 6e-5 a check if errors are normal, below 0.2 % for the whole file.
 */
const information = mutualInformation(lg2);
const exact = criticClosedForms(lg2Eigenvalues);

/** Both forms of IBAL from perfect transitions toward the energy of T, and Barber and Agakov's terms. */
function ibalOf(path: GaussianPath, shape: { data: number; chains: number; temperatures: number; seed: number }) {
  const { weights, truth, pairs } = exactChains(lg2, {
    data: shape.data,
    chains: shape.chains,
    betas: betasOf({ type: 'linear' }, shape.temperatures),
    random: random(shape.seed),
    path,
    coupled: false,
  });
  const control = pairs.map(({ x, z }, datum) => logLikelihood(lg2, x, z) - (truth[datum] ?? Number.NaN));
  const rows = pairs.map(({ x, z }, datum) => {
    const at = { ba: path.logBase(x, z) - logPrior(z), critic: path.logRatio(x, z) };
    const own = weights[datum] ?? { forward: [] };
    return {
      ...at,
      likelihood: logLikelihood(lg2, x, z),
      weights: own,
      coupled: ibal(at, bdmc(own)),
      independent: ibal(at, imAis(own)),
    };
  });
  return { rows, control };
}
type Rows = ReturnType<typeof ibalOf>['rows'];
const lowers = (rows: Rows, form: 'coupled' | 'independent') => rows.map((row) => row[form].lower ?? Number.NaN);
const uppers = (rows: Rows) => rows.map(({ coupled }) => coupled.upper ?? Number.NaN);

describe('IBAL by chains toward the energy of a critic', () => {
  it.each([0.25, 0.5, 2, 4])('closes on its closed form at a = %d from both sides', (a) => {
    // The gap of single chains is 28 a/T with perfect transitions.
    const temperatures = 80 * a;
    const { rows, control } = ibalOf(energyPath(lg2, a), { data: 100, chains: 8, temperatures, seed: 40 + 4 * a });
    const upper = controlled(uppers(rows), control);
    expect(upper.mean).toBeGreaterThan(exact.ibal(a) - 4 * upper.se);
    for (const form of ['coupled', 'independent'] as const) {
      const lower = controlled(lowers(rows, form), control);
      expect(lower.mean).toBeLessThan(exact.ibal(a) + 4 * lower.se);
      expect(upper.mean - lower.mean).toBeLessThan(0.35);
      expect(upper.mean - lower.mean).toBeGreaterThan(0);
    }
  });

  it.each([
    [1, 0],
    [2, -8.999],
    [5, -13.9135],
    [50, Number.NaN],
    [500, -13.869],
  ])(
    'a critic 20 times too sharp, T = %i: IBAL_L has the known value, above IBAL or not, and never exceeds I',
    (t, golden) => {
      const a = 20;
      expect(exact.ibal(a)).toBeCloseTo(-13.4227, 4);
      // Perfect transitions, single chains: increments at β_t, the first at the exact sample.
      let [lower, upper] = [exact.atExact(a) * (1 - 1 / t), exact.atExact(a)];
      for (let step = 0; step < t; step += 1) {
        if (step > 0) lower -= exact.tempered(a, step / t) / t;
        upper -= exact.tempered(a, step / t) / t;
      }
      if (!Number.isNaN(golden)) expect(lower).toBeCloseTo(golden, 4);
      expect(lower).toBeLessThan(information);
      const { rows, control } = ibalOf(energyPath(lg2, a), {
        data: t > 100 ? 60 : 1500,
        chains: 1,
        temperatures: t,
        seed: 900 + t,
      });
      if (t === 1) {
        // One temperature with the prior as base: exactly Barber and Agakov's 0.
        lowers(rows, 'coupled').forEach((value) => expect(value).toBeCloseTo(0, 9));
      } else {
        expect(discrepancy(controlled(lowers(rows, 'coupled'), control), lower)).toBeLessThan(4);
      }
      expect(discrepancy(controlled(uppers(rows), control), upper)).toBeLessThan(4);
    },
  );

  it('IBAL_L bounds I(x; z) whatever the critic; IBAL_U does not', () => {
    for (const a of [0.1, 0.5, 3, 20]) {
      for (const temperatures of [1, 2, 5]) {
        const { rows, control } = ibalOf(energyPath(lg2, a), { data: 300, chains: 4, temperatures, seed: 700 });
        for (const form of ['coupled', 'independent'] as const) {
          const { mean, se } = estimate(differences(lowers(rows, form), control));
          expect(mean).toBeLessThan(4 * se + 1e-12);
        }
      }
    }
    // Chains long enough for IBAL_U to be IBAL, which is far below I.
    const { rows, control } = ibalOf(energyPath(lg2, 0.25), { data: 150, chains: 5, temperatures: 40, seed: 701 });
    const { mean, se } = estimate(differences(uppers(rows), control));
    expect(mean / se).toBeLessThan(-4);
  });

  it('with one temperature is Barber and Agakov’s bound, path by path, at every K', () => {
    for (const [a, chains] of [
      [0.3, 1],
      [3, 2],
      [20, 48],
    ] as const) {
      const path = energyPath(lg2, a, bestDiagonal(lg2, 'reverse'));
      const { rows } = ibalOf(path, { data: 40, chains, temperatures: 1, seed: 3 + chains });
      for (const { ba, coupled } of rows) expect(coupled.lower).toBeCloseTo(ba, 10);
    }
  });

  it('with the best critic is AIS on the true posterior, number by number', () => {
    const base = { ...bestDiagonal(lg2, 'forward'), variance: [0.5, 0.3] };
    const path = posteriorPath(lg2, base);
    const { rows } = ibalOf(path, { data: 50, chains: 5, temperatures: 4, seed: 21 });
    for (const { weights, likelihood, coupled, independent } of rows) {
      const [cr, im] = [crAis(weights), imAis(weights)];
      expect(coupled.lower).toBeCloseTo(likelihood - (cr.upper ?? Number.NaN), 10);
      expect(coupled.upper).toBeCloseTo(likelihood - (im.lower ?? Number.NaN), 10);
      expect(independent.lower).toBeCloseTo(likelihood - (im.upper ?? Number.NaN), 10);
    }
  });

  it('has no side whose chains are missing', () => {
    expect(ibal({ ba: 1, critic: 2 }, { lower: -4 })).toEqual({ lower: undefined, upper: 7 });
    expect(ibal({ ba: 1, critic: 2 }, { upper: -4 })).toEqual({ lower: 7, upper: undefined });
  });
});

describe('what can be said of Proposition M.1', () => {
  const checked = (a: number, temperatures: number, [data, chains] = [200, 10]) => {
    const { rows } = ibalOf(energyPath(lg2, a), { data, chains, temperatures, seed: 5 });
    return ibalCheck(rows.map(({ ba, coupled }) => ({ ba, ...coupled })));
  };

  it('finds nothing against a good critic', () => {
    for (const temperatures of [1, 2, 20]) {
      expect(checked(0.5, temperatures)).toMatchObject({ aboveIbal: false, belowBase: false, worseThanBase: false });
    }
    expect(checked(0.5, 20)?.gain.mean).toBeGreaterThan(1);
  });

  it('sees IBAL_L above IBAL with a critic that is far too sharp and two temperatures', () => {
    // So many chains bring IBAL_U down to IBAL, though not IBAL_L.
    const found = checked(20, 2, [60, 3000]);
    expect(found?.aboveIbal).toBe(true);
    expect(found?.gap.mean).toBeLessThan(0);
    expect(found?.worseThanBase).toBe(true);
    // Few chains do not see it, but that they lead away from the posterior.
    expect(checked(20, 2)).toMatchObject({ aboveIbal: false, belowBase: true, worseThanBase: false });
  });

  it('with one temperature IBAL_L is Barber and Agakov’s bound, and a critic worse than none is seen by IBAL_U', () => {
    const found = checked(20, 1);
    expect(found?.gain.mean).toBeCloseTo(0, 9);
    // Both are then the same statement.
    expect(found?.gap.mean).toBeCloseTo(found?.room.mean ?? Number.NaN, 9);
    expect(found?.worseThanBase).toBe(found?.aboveIbal);
    expect(checked(20, 1, [80, 300])).toMatchObject({ aboveIbal: true, belowBase: false, worseThanBase: true });
    expect(checked(20, 40)).toMatchObject({ belowBase: true, worseThanBase: true });
  });

  it('says nothing without both sides, or of values that are not finite', () => {
    expect(ibalCheck([{ ba: 0, lower: 1 }])).toBeUndefined();
    expect(ibalCheck([{ ba: 0, lower: 1, upper: Number.NaN }])).toBeUndefined();
    expect(ibalCheck([{ ba: 0, lower: 3, upper: 1 }])).toMatchObject({
      aboveIbal: false,
      belowBase: false,
      worseThanBase: false,
    });
  });
});

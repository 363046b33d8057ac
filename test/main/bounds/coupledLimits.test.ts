import { describe, expect, it } from 'vitest';
import { crAis } from '../../../src/main/bounds/crAis';
import { betasOf } from '../../../src/main/samplers/schedule';
import { exactChains } from '../../support/exactChains';
import { posteriorPath } from '../../support/gaussianPaths';
import { wideBase } from '../../support/familyBounds';
import { criticClosedForms, lg2Eigenvalues } from '../../support/linearClosedForms';
import { lg2, logTempered, mutualInformation, tempered } from '../../support/linearModel';
import { differences } from '../../support/moments';
import { random } from '../../support/random';

/**
 * More coupled chains never make the bounds tight: as K grows at a fixed T they end at log p(x) + KL(p(z | x) ‖ q_T) above and
 * log p(x) − KL(q_T ‖ p(z | x)) below, with q_T the distribution of a forward chain at its last increment. With perfect transitions
 * q_T is π_β of the last but one temperature. Given the shared state s, the limits are log p(x) + log p(s | x) − log q_T(s) datum by
 * datum, for s = z* above and s the end of forward chain 0 below.
 */
const exact = criticClosedForms(lg2Eigenvalues);
const information = mutualInformation(lg2);

/** KL(π_β ‖ posterior) averaged over x: I_U of the limit less I(x; z). */
function reverseDivergence(beta: number): number {
  return lg2Eigenvalues.reduce((total, lambda) => {
    // One dimension: means β g/(1 + βλ) and g/(1 + λ) with g² of mean λ(1 + λ).
    const [from, to] = [1 + beta * lambda, 1 + lambda];
    const shift = lambda * to * (beta / from - 1 / to) ** 2;
    return total + 0.5 * (to / from - 1 + Math.log(from / to) + to * shift);
  }, 0);
}

describe('coupled reverse chains without end', () => {
  it.each([
    [1, 0, 28],
    [2, 2.3875, 2.8727],
    [5, 2.5538, 2.6031],
    [20, 2.5754, 2.578],
  ])('have known limits, T = %i', (temperatures, lower, upper) => {
    const beta = 1 - 1 / temperatures;
    // KL(p(z | x) ‖ π_β) is what IBAL of the critic T_β falls short by.
    expect(exact.ibal(beta)).toBeCloseTo(lower, 4);
    expect(information + reverseDivergence(beta)).toBeCloseTo(upper, 4);
  });

  it('reach them datum by datum, and stay away from log p(x)', () => {
    // From a wide proposal and with two temperatures: the limits are far from log p(x), and weights tame enough to see them.
    const path = posteriorPath(lg2, wideBase(lg2));
    const { weights, truth, pairs, ends } = exactChains(lg2, {
      data: 60,
      chains: 2000,
      betas: betasOf({ type: 'linear' }, 2),
      random: random(14),
      path,
    });
    const bounds = weights.map(crAis);
    for (const [side, shared] of [
      ['upper', pairs.map(({ z }) => z)],
      ['lower', ends],
    ] as const) {
      const values = bounds.map((bound) => bound[side] ?? Number.NaN);
      const ratios = pairs.map(({ x }, datum) => {
        const s = shared[datum] ?? [];
        return logTempered(tempered(lg2, x, 1), s) - logTempered(path.at(x, 0.5), s);
      });
      const away = differences(values, truth);
      const errors = differences(away, ratios);
      const rms = (list: readonly number[]): number =>
        Math.sqrt(list.reduce((total, value) => total + value * value, 0) / list.length);
      // 2000 weights of this spread leave 0.03 nats.
      expect(rms(errors)).toBeLessThan(0.06);
      expect(rms(away)).toBeGreaterThan(0.2);
    }
  });
});

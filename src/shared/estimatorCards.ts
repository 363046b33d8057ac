import type { Bound } from './result';
import { vaeCards } from './vaeCards';

/**
 * What of the model an estimator must be able to evaluate beside drawing samples, from most to least: both densities that make
 * p(x, z); that of the prior alone; none. It decides what can be seen: with samples only, no more than log K.
 */
export const informations = ['joint density', 'one marginal', 'samples only'] as const;
export type Information = (typeof informations)[number];

/** What one needs to know of an estimator before trusting or choosing it. */
export interface EstimatorCard {
  readonly name: string;
  readonly information: Information;
  /** The sides of I(x; z), or of what `on` says, that it bounds; "estimate" where it bounds nothing. */
  readonly sides: readonly Bound['side'][];
  readonly on?: 'log p(x)';
  readonly bounds: string;
  readonly needs: string;
  /** Between I(x; z) and the bound, never below 0 in expectation. */
  readonly gap: string;
  readonly use: string;
  readonly reference: string;
}

const both = ['lower', 'upper'] as const;
const below = ['lower'] as const;

const brekelmans = 'Brekelmans, Huang, Ghassemi, Ver Steeg, Grosse and Makhzani, ICLR 2022';
const belghazi = 'Belghazi, Baratin, Rajeshwar, Ozair, Bengio, Courville and Hjelm, ICML 2018';
const nguyen = 'Nguyen, Wainwright and Jordan, IEEE Transactions on Information Theory 2010';
const oneSample =
  'Its lower bound on I(x; z) needs one exact posterior sample of each datum, which simulated data come with.';
const densities = 'The densities p(x | z) and p(z)';
const chains = `${densities} with their gradients in z, and a normalised distribution to start from.`;

/**
 * Sides are those on I(x; z). On log p(x) they trade places: a lower bound on log p(x) gives an upper bound on I(x; z), because
 * I(x; z) is the mean of log p(x | z) − log p(x). q stands for q(z | x), the prior or a proposal; p for the posterior p(z | x).
 */
export const estimatorCards: Readonly<Record<string, EstimatorCard>> = {
  ...vaeCards,
  'im-ais': {
    name: 'Independent multi-sample AIS',
    information: 'joint density',
    sides: both,
    bounds: 'I(x; z) and log p(x) from both sides.',
    needs: `${chains} ${oneSample}`,
    gap: 'The KL divergence between K forward chains and the same with one of them run backwards from the posterior; above and below with the arguments swapped. It closes with T and with K. Below, K chains gain at most log K over single ones.',
    use: 'The tighter upper bound on I(x; z) at any T, and the tighter lower one at few temperatures or where I(x; z) is near log K.',
    reference: `${brekelmans}. One temperature makes it IWAE.`,
  },
  'cr-ais': {
    name: 'Coupled reverse AIS',
    information: 'joint density',
    sides: both,
    bounds:
      'I(x; z) and log p(x) from both sides; the upper one on I(x; z) costs chains of its own and is left out unless asked for.',
    needs: `${chains} ${oneSample}`,
    gap: 'The KL divergence between K reverse chains that start at one posterior sample and their forward counterpart. It closes with T; at a fixed T more chains alone do not close it. Above, K chains gain at most log K over single ones.',
    use: 'The tighter lower bound on I(x; z) at many temperatures. At a single temperature it is that of Barber and Agakov for any K.',
    reference: `${brekelmans}.`,
  },
  bdmc: {
    name: 'Bidirectional Monte Carlo',
    information: 'joint density',
    sides: both,
    bounds: 'I(x; z) and log p(x) from both sides.',
    needs: `${chains} ${oneSample}`,
    gap: 'Above that of IM-AIS, below that of CR-AIS: the two sides come from different pairs of chains.',
    use: 'To compare with published tables, which state it; it costs nothing beside IM-AIS and CR-AIS.',
    reference: 'Grosse, Ghahramani and Adams, 2015; for decoders in Wu, Burda, Salakhutdinov and Grosse, ICLR 2017.',
  },
  ais: {
    name: 'Annealed importance sampling, single chains',
    information: 'joint density',
    sides: both,
    bounds: 'I(x; z) and log p(x) from both sides.',
    needs: `${chains} ${oneSample}`,
    gap: 'The KL divergence between the forward and the reverse chain, in either order. With perfect transitions and linear temperatures both sides together leave (KL(q ‖ p) + KL(p ‖ q)) / T.',
    use: 'As the yardstick of what several chains at once gain. Several chains are averaged outside of the logarithm.',
    reference: 'Neal, Statistics and Computing 2001; both sides in Grosse, Ghahramani and Adams, 2015.',
  },
  'ir-ais': {
    name: 'Independent reverse AIS',
    information: 'joint density',
    sides: both,
    bounds: 'I(x; z) and log p(x) from both sides.',
    needs: `${chains} Below as many independent exact posterior samples of one datum as there are chains, above one fewer: beyond K = 1 and K = 2, only models whose posterior has a closed form will do.`,
    gap: 'The KL divergence between K independent reverse chains and the same with one of them run forwards. Above, K chains gain at most log K over single ones.',
    use: 'As a reference on linear-Gaussian models.',
    reference: `${brekelmans}.`,
  },
  iwae: {
    name: 'Importance-weighted bounds',
    information: 'joint density',
    sides: both,
    bounds: 'I(x; z) and log p(x) from both sides.',
    needs: `${densities}, and a q that can be sampled and evaluated. ${oneSample}`,
    gap: 'With one sample KL(q ‖ p) above and KL(p ‖ q) below. It closes as K grows, but below by at most log K: a tight lower bound needs about exp(KL(p ‖ q)) samples.',
    use: 'As a cheap first look, and to see how far one gets without annealing.',
    reference: 'Burda, Grosse and Salakhutdinov, ICLR 2016; the other side in Sobolev and Vetrov, NeurIPS 2019.',
  },
  riwae: {
    name: 'Reverse importance-weighted bounds',
    information: 'joint density',
    sides: both,
    bounds: 'I(x; z) and log p(x) from both sides.',
    needs: `${densities}, and q. Below K independent exact posterior samples of one datum, above K − 1: beyond K = 1 and K = 2, only models whose posterior has a closed form will do.`,
    gap: 'With one sample that of IWAE. Above it gains at most log K. Below its weights have a heavy tail where q is broader than the posterior, as the prior is, and it may close hopelessly slowly.',
    use: 'On models with an exact posterior, as a reference.',
    reference: `${brekelmans}.`,
  },
  's-infonce': {
    name: 'Structured InfoNCE',
    information: 'joint density',
    sides: both,
    bounds: 'I(x; z) from both sides.',
    needs: `The density p(x | z), and samples of the prior, whose density is never evaluated. ${oneSample}`,
    gap: 'That of IWAE with the prior. The lower bound lies between 0 and log K whatever I(x; z) is.',
    use: 'Where the prior can be sampled but not evaluated, and I(x; z) is small.',
    reference: `Poole, Ozair, van den Oord, Alemi and Tucker, ICML 2019; ${brekelmans}.`,
  },
  ba: {
    name: 'Barber–Agakov',
    information: 'one marginal',
    sides: both,
    bounds: 'I(x; z) from below, and where p(x | z) can be evaluated also from above, as the ELBO.',
    needs: 'A normalised q(z | x), best a learned one, and the density p(z). From above the density p(x | z) as well.',
    gap: 'KL(p ‖ q) below, KL(q ‖ p) above. With the prior as q the lower bound is 0.',
    use: 'With a good encoder, and as the first term of IWAE, GIWAE and IBAL.',
    reference: 'Barber and Agakov, NeurIPS 2003.',
  },
  giwae: {
    name: 'Generalised IWAE',
    information: 'one marginal',
    sides: below,
    bounds: 'I(x; z) from below.',
    needs: 'A base q(z | x), the density p(z), and a critic T(x, z) for negatives from the base; not p(x | z).',
    gap: 'That of IWAE with the same q and K, and what the critic misses besides. Its contrastive term is at most log K; with a poor critic it may fall below 0.',
    use: 'Where p(x | z) is unknown but a good base is at hand.',
    reference: `${brekelmans}.`,
  },
  ibal: {
    name: 'Implicit Barber–Agakov, trained as MINE-AIS',
    information: 'one marginal',
    sides: below,
    bounds:
      'I(x; z) from below. Its own value is known between two ends: the upper end bounds IBAL and is no bound on I(x; z).',
    needs:
      'A base q(z | x), the density p(z), and a critic T(x, z) whose energy q exp T is annealed to; not p(x | z). Its value comes from chains.',
    gap: 'KL(p ‖ π), π being the normalised q exp T, and what the chains have not closed. That the lower end bounds IBAL itself assumes that π is nearer to the posterior than the chains’ ends are (proposition M.1); that it bounds I(x; z) does not.',
    use: 'Where p(x | z) is unknown and I(x; z) is far above log K. That both ends meet shows that the chains have converged to IBAL.',
    reference: `${brekelmans}.`,
  },
  'gmine-dv': {
    name: 'Generalised MINE-DV',
    information: 'one marginal',
    sides: ['estimate'],
    bounds: 'An estimate of a lower bound on I(x; z): from finite samples it is biased upwards and bounds nothing.',
    needs: 'A base q(z | x), the density p(z), samples, and a critic T(x, z).',
    gap: 'KL of p(x, z) to p(x) q exp T with one normaliser for all x: never smaller than that of IBAL with the same critic.',
    use: 'Between Barber–Agakov and IBAL, to compare critics.',
    reference: `${brekelmans}; after ${belghazi}.`,
  },
  'gmine-f': {
    name: 'Generalised MINE-F',
    information: 'one marginal',
    sides: below,
    bounds: 'I(x; z) from below, in expectation.',
    needs: 'A base q(z | x), the density p(z), samples, and a critic T(x, z).',
    gap: 'A generalised KL of the posterior to q exp(T − 1), which is not normalised: never smaller than that of GMINE-DV with the same critic. Its variance is high.',
    use: 'Where an unbiased bound with a base is needed.',
    reference: `${brekelmans}; after ${nguyen}.`,
  },
  infonce: {
    name: 'InfoNCE',
    information: 'samples only',
    sides: below,
    bounds: 'I(x; z) from below.',
    needs: 'Pairs (x, z), samples of the prior, and a critic T(x, z); no density.',
    gap: 'That of Structured InfoNCE, and what the critic misses besides: never more than log K can be seen.',
    use: 'Where only samples are at hand and I(x; z) is small.',
    reference: 'van den Oord, Li and Vinyals, 2018; as a bound in Poole et al., ICML 2019.',
  },
  'mine-dv': {
    name: 'MINE, Donsker–Varadhan',
    information: 'samples only',
    sides: ['estimate'],
    bounds: 'An estimate of a lower bound on I(x; z): from finite samples it is biased upwards and bounds nothing.',
    needs: 'Pairs (x, z), samples of the prior, and a critic T(x, z); no density.',
    gap: 'KL of p(x, z) to p(x) p(z) exp T, normalised. The samples that it needs grow as exp of I(x; z).',
    use: 'To compare with others’ numbers.',
    reference: `${belghazi}.`,
  },
  'mine-f': {
    name: 'MINE-F',
    information: 'samples only',
    sides: below,
    bounds: 'I(x; z) from below, in expectation.',
    needs: 'Pairs (x, z), samples of the prior, and a critic T(x, z); no density.',
    gap: 'A generalised KL of p(x, z) to p(x) p(z) exp(T − 1): never smaller than that of MINE-DV with the same critic. Its variance is high.',
    use: 'Where an unbiased lower bound without densities is needed.',
    reference: `${nguyen}; ${belghazi}.`,
  },
};

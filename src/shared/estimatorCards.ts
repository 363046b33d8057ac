/** What one needs to know of an estimator before trusting or choosing it. */
export interface EstimatorCard {
  readonly name: string;
  readonly bounds: string;
  readonly needs: string;
  readonly gap: string;
  readonly use: string;
  readonly reference: string;
}

const brekelmans = 'Brekelmans, Huang, Ghassemi, Ver Steeg, Grosse and Makhzani, ICLR 2022';
const fromSimulated =
  'For its upper side on log p(x), one exact posterior sample of each datum, which simulated data have.';

/**
 * Sides are those on log p(x). On I(x; z) they trade places: a lower bound on log p(x) gives an upper bound on I(x; z), because
 * I(x; z) is the mean of log p(x | z) − log p(x).
 */
export const estimatorCards: Readonly<Record<string, EstimatorCard>> = {
  'im-ais': {
    name: 'Independent multi-sample AIS',
    bounds: 'log p(x) and I(x; z) from both sides.',
    needs: `The density p(x | z) and its gradient in z. ${fromSimulated}`,
    gap: 'The divergence between K independent annealed chains and the same with one of them run backwards from the posterior. Closes with T and with K; the upper side gains at most log K over single chains.',
    use: 'The tighter upper bound on I(x; z) at any T, and the tighter lower one at few temperatures or where I(x; z) is near log K.',
    reference: `${brekelmans}. One temperature makes it IWAE.`,
  },
  'cr-ais': {
    name: 'Coupled reverse AIS',
    bounds:
      'log p(x) and I(x; z) from both sides; the lower one on log p(x) costs chains of its own and is left out unless asked for.',
    needs: `The density p(x | z) and its gradient in z. ${fromSimulated}`,
    gap: 'The divergence between K reverse chains that start at one posterior sample and their forward counterpart. Closes with T; at a fixed T more chains alone do not close it.',
    use: 'The tighter lower bound on I(x; z) at many temperatures. At a single temperature it is no better than the first term of IWAE.',
    reference: `${brekelmans}.`,
  },
  bdmc: {
    name: 'Bidirectional Monte Carlo',
    bounds: 'log p(x) and I(x; z) from both sides.',
    needs: `The density p(x | z) and its gradient in z. ${fromSimulated}`,
    gap: 'That of IM-AIS below log p(x) and that of CR-AIS above it: the two sides come from different pairs of chains.',
    use: 'To compare with published tables, which state it; it costs nothing beside IM-AIS and CR-AIS.',
    reference: 'Grosse, Ghahramani and Adams, 2015; Wu, Burda, Salakhutdinov and Grosse, ICLR 2017.',
  },
  ais: {
    name: 'Annealed importance sampling, single chains',
    bounds: 'log p(x) and I(x; z) from both sides.',
    needs: `The density p(x | z) and its gradient in z. ${fromSimulated}`,
    gap: 'The divergence between the forward and the reverse chain. With perfect transitions and linear temperatures both sides together leave (KL of base to posterior + KL of posterior to base) / T.',
    use: 'As the yardstick of what several chains at once gain. Several chains are averaged outside of the logarithm.',
    reference: 'Neal, Statistics and Computing 2001; with both sides in Grosse, Ghahramani and Adams, 2015.',
  },
  'ir-ais': {
    name: 'Independent reverse AIS',
    bounds: 'log p(x) and I(x; z) from both sides.',
    needs:
      'As many independent exact posterior samples of one datum as there are chains, which only models with a closed-form posterior have.',
    gap: 'That of reverse importance weighting with chains; its lower side gains at most log K over single chains.',
    use: 'As a reference on linear-Gaussian models.',
    reference: `${brekelmans}.`,
  },
  iwae: {
    name: 'Importance-weighted bounds',
    bounds: 'log p(x) and I(x; z) from both sides.',
    needs: `The density p(x | z) and a proposal that can be sampled and evaluated. ${fromSimulated}`,
    gap: 'Closes as K grows, but the upper side on log p(x) gains at most log K over one sample: the lower bound on I(x; z) needs about exp(KL) samples.',
    use: 'As a cheap first look, and to see how far one gets without annealing.',
    reference: 'Burda, Grosse and Salakhutdinov, ICLR 2016; the upper side in Sobolev and Vetrov, NeurIPS 2019.',
  },
  's-infonce': {
    name: 'Structured InfoNCE',
    bounds: 'I(x; z) from both sides.',
    needs: `The density p(x | z) and samples of the prior, whose density is never evaluated. ${fromSimulated}`,
    gap: 'The lower bound lies between 0 and log K whatever I(x; z) is; the upper one is that of IWAE with the prior.',
    use: 'Where the prior can be sampled but not evaluated, and I(x; z) is small.',
    reference: `Poole, Ozair, van den Oord, Alemi and Tucker, ICML 2019; ${brekelmans}.`,
  },
  infonce: {
    name: 'InfoNCE',
    bounds: 'I(x; z) from below.',
    needs: 'Pairs (x, z), samples of the prior and a critic; no density.',
    gap: 'At most log K can be seen, and what the critic misses is lost besides.',
    use: 'Where only samples are at hand and I(x; z) is small.',
    reference: 'van den Oord, Li and Vinyals, 2018.',
  },
  ba: {
    name: 'Barber–Agakov',
    bounds: 'I(x; z) from below, and with p(x | z) from above.',
    needs: 'A normalised q(z | x) and the density of the prior.',
    gap: 'The divergence between q(z | x) and the posterior.',
    use: 'With a good encoder, and as the first term of the others.',
    reference: 'Barber and Agakov, NeurIPS 2003.',
  },
  giwae: {
    name: 'Generalised IWAE',
    bounds: 'I(x; z) from below.',
    needs: 'A base q(z | x), the density of the prior and a critic; not p(x | z).',
    gap: 'Lies between that of Barber–Agakov and that of IWAE: its contrastive part gains at most log K.',
    use: 'Where p(x | z) is unknown but a good base is.',
    reference: `${brekelmans}.`,
  },
  riwae: {
    name: 'Reverse IWAE',
    bounds: 'log p(x) and I(x; z) from both sides.',
    needs: 'Several exact posterior samples of one datum.',
    gap: 'Its weights have a heavy tail where the base is broader than the posterior, so it may close hopelessly slowly.',
    use: 'On models with an exact posterior, as a reference.',
    reference: `${brekelmans}.`,
  },
  ibal: {
    name: 'Implicit Barber–Agakov, trained as MINE-AIS',
    bounds: 'I(x; z) from below.',
    needs: 'A trained energy and a base; not p(x | z). Its value comes from annealed chains.',
    gap: 'The divergence between the posterior and the trained energy’s distribution.',
    use: 'Where p(x | z) is unknown and I(x; z) is far above log K. The reverse side is always a lower bound on I(x; z); the forward side only shows whether the chains have converged.',
    reference: `${brekelmans}.`,
  },
  'mine-dv': {
    name: 'MINE, Donsker–Varadhan',
    bounds: 'An estimate of a lower bound on I(x; z): from finite samples it is biased upwards and bounds nothing.',
    needs: 'Samples and a critic.',
    gap: 'What the critic misses; its variance grows with exp of I(x; z).',
    use: 'To compare with others’ numbers.',
    reference: 'Belghazi et al., ICML 2018.',
  },
  'mine-f': {
    name: 'MINE-f',
    bounds: 'I(x; z) from below, in expectation.',
    needs: 'Samples and a critic.',
    gap: 'What the critic misses, its offset included; high variance.',
    use: 'Where an unbiased lower bound without densities is needed.',
    reference: 'Nguyen, Wainwright and Jordan, 2010; Belghazi et al., ICML 2018.',
  },
  'gmine-dv': {
    name: 'Generalised MINE-DV',
    bounds: 'An estimate of a lower bound on I(x; z), biased upwards from finite samples.',
    needs: 'A base q(z | x), the density of the prior and a critic.',
    gap: 'The divergence between p(x, z) and the trained joint energy, averaged over all x at once.',
    use: 'Between Barber–Agakov and IBAL.',
    reference: `${brekelmans}.`,
  },
  'gmine-f': {
    name: 'Generalised MINE-f',
    bounds: 'I(x; z) from below, in expectation.',
    needs: 'A base q(z | x), the density of the prior and a critic.',
    gap: 'A generalised divergence between the posterior and the unnormalised energy; high variance.',
    use: 'Where an unbiased bound with a base is needed.',
    reference: `${brekelmans}.`,
  },
};

/** What one needs to know of a method for targets before trusting or choosing it. */
export interface MethodCard {
  readonly name: string;
  readonly gives: string;
  readonly needs: string;
  readonly gap: string;
  readonly use: string;
  readonly reference: string;
}

const gradient = 'The gradient of the unnormalised log density.';
const bent = 'The gradient of the unnormalised log density, and for training its products with vectors.';
const doucet = 'Doucet, Grathwohl, Matthews and Strathmann, NeurIPS 2022.';
const zenn = 'Zenn and Bamler, ICML 2024';

/** q is the factorised normal of a method, π the target, J = KL(q ‖ π) + KL(π ‖ q). */
export const methodCards: Readonly<Record<string, MethodCard>> = {
  dais: {
    name: 'Differentiable annealed importance sampling',
    gives: 'A lower bound on log Z from N chains of K uncorrected Hamiltonian transitions, and weighted draws.',
    needs: 'The gradient of the unnormalised log density, and its products with vectors through the whole chain.',
    gap: 'With perfect transitions and linear temperatures J/(2K) to leading order, for N particles about J/(2KN). Real transitions are not perfect: held against the rows of ideal methods, one sees by how much.',
    use: 'The tightest bound on log Z here, at K times the cost of variational inference.',
    reference: 'Zhang, Hsu, Li, Finn and Grosse, NeurIPS 2021; Geffner and Domke, NeurIPS 2021.',
  },
  dais0: {
    name: 'The initial distribution of a trained DAIS',
    gives: 'A factorised normal; its bound on log Z is its own, without the chain.',
    needs: 'What DAIS needs for training, and nothing afterwards.',
    gap: 'KL(q ‖ π). With many ideal transitions training takes q to the minimum of J, between seeking a mode and covering the mass.',
    use: 'Standard deviations that variational inference makes too small, most of all in many dimensions.',
    reference: `${zenn}.`,
  },
  vi: {
    name: 'Variational inference with a factorised normal',
    gives: 'The normal nearest to the target in KL(q ‖ π), and the ELBO, a lower bound on log Z.',
    needs: gradient,
    gap: 'KL(q ‖ π).',
    use: 'The fastest answer. Standard deviations come out too small where coordinates depend on each other.',
    reference: 'Kucukelbir, Tran, Ranganath, Gelman and Blei, JMLR 2017.',
  },
  iwvi: {
    name: 'Importance-weighted variational inference',
    gives: 'A lower bound on log Z from N weighted draws of a factorised normal, and that normal.',
    needs: gradient,
    gap: 'Falls with N about as the variance of the weights over 2N.',
    use: 'Tighter than the ELBO at N times its cost; its normal is wider than that of variational inference.',
    reference: 'Burda, Grosse and Salakhutdinov, ICLR 2016; Domke and Sheldon, NeurIPS 2018.',
  },
  msc: {
    name: 'Markovian score climbing',
    gives: 'The normal nearest to the target in KL(π ‖ q): it has the means and standard deviations of the target.',
    needs: 'The unnormalised log density alone.',
    gap: 'KL(q ‖ π) of its normal, which covers the mass and may be far from tight.',
    use: 'Where the mass must be covered, in few dimensions; in many its importance samples find nothing.',
    reference: 'Naesseth, Lindsten and Blei, NeurIPS 2020.',
  },
  ais: {
    name: 'Annealed importance sampling',
    gives:
      'A lower bound on log Z from N chains of K steps of the inverse temperature, weighted draws, and where the target can be sampled exactly an upper bound by chains that run back.',
    needs: gradient,
    gap: 'With perfect transitions and linear temperatures J/(2K) to leading order. The transitions are accepted or refused, so that no step size biases the weights; too few leapfrog steps only loosen the bounds.',
    use: 'A bracket of log Z without training. Both bounds close together say that the chains mix; weights that a few chains dominate say that they do not.',
    reference: 'Neal, Statistics and Computing 2001; Grosse, Ghahramani and Adams, 2015, for the upper bound.',
  },
  smc: {
    name: 'Tempered sequential Monte Carlo',
    gives:
      'An unbiased estimate of Z by each population of N particles, the mean of whose logarithms is a lower bound on log Z, and draws that are resampled on the way.',
    needs: gradient,
    gap: 'Half the variance of log Z over populations, about, which falls as 1/N. Temperatures and step sizes come from a pilot run and are then fixed: were they chosen by the measured particles, the estimate would be biased and no bound.',
    use: 'Where AIS ends with few effective draws. Few families say that the particles are copies of few, whatever the effective sample size. Modes that no particle has met are missing without a sign.',
    reference: 'Del Moral, Doucet and Jasra, JRSS B 2006; adaptive temperatures by Zhou, Johansen and Aston, 2016.',
  },
  ula: {
    name: 'Annealed importance sampling with unadjusted Langevin transitions',
    gives:
      'A lower bound on log Z from paths whose step sizes are trained, weighted draws, and where the target can be sampled exactly an upper bound by paths that run back.',
    needs: bent,
    gap: 'The divergence between paths drawn forward and the extended target whose backward kernels are the forward ones. No transition is refused, so the weights pay for every step of finite size; falls about as 1/K.',
    use: 'The plainest of the annealed paths, and the one that a learned reversal is held against.',
    reference: doucet,
  },
  uha: {
    name: 'Annealed importance sampling with unadjusted Hamiltonian transitions',
    gives:
      'A lower bound on log Z from paths with a momentum that is partly refreshed, weighted draws, and an upper bound where the target can be sampled exactly.',
    needs: bent,
    gap: 'As of ULA; leapfrog steps preserve volume, so that only refreshments and their order cost. Mass, step sizes and refreshment are trained.',
    use: 'Usually tighter than ULA at the same number of transitions; exact between normals of equal covariance.',
    reference: 'Thin, Kotelevskii, Doucet, Durmus, Moulines and Panov, ICML 2021; Geffner and Domke, NeurIPS 2021.',
  },
  'ula-mcd': {
    name: 'Monte Carlo diffusion with Langevin transitions',
    gives:
      'The bounds of ULA with backward kernels that a score network learns. Before any training they are those of ULA, path by path.',
    needs: bent,
    gap: 'With the best network the divergence of the last marginal from the target and what a normal reversal of fixed variance leaves; on normals training gets there. It may drop modes, since the sampler is trained by KL(q ‖ π).',
    use: 'Where ULA or UHA need thousands of transitions. A network beside a density that costs little takes most of the time.',
    reference: doucet,
  },
  'uha-mcd': {
    name: 'Monte Carlo diffusion with Hamiltonian transitions',
    gives: 'The bounds of UHA with a refreshment whose reversal a score network of position and momentum learns.',
    needs: bent,
    gap: 'As of ULA-MCD. With one transition it is that of UHA.',
    use: 'The tightest of the four on most targets.',
    reference: doucet,
  },
  'annealing-flow': {
    name: 'Annealing flow',
    gives:
      'Weighted draws of a chain of short continuous flows with their exact density, from it a lower bound on log Z, and an upper one where the target can be sampled exactly. The first blocks alone sample the tempered target.',
    needs: 'The gradient of the unnormalised log density, in training alone.',
    gap: 'KL(ρ ‖ π) of the density ρ that the blocks end with; about half the squared lag that the Wasserstein penalty leaves, which blocks of refinement remove.',
    use: 'Separated modes around the base. A mode has the mass of the part of the base nearest to it: modes that the base does not reach are lost, which the draws themselves do not show and the upper bound does.',
    reference: 'Wu and Xie, ICML 2025.',
  },
  'annealing-flow-smc': {
    name: 'Annealing flow with sequential Monte Carlo',
    gives:
      'Draws that are resampled and moved between the trained blocks. Each population’s estimate of Z is unbiased; the mean of their logarithms is a lower bound on log Z.',
    needs: 'The trained blocks, and the gradient of the unnormalised log density for the moves.',
    gap: 'Half the variance of log Z over populations, about.',
    use: 'Where the weights of the flow alone are uneven: modes of unequal mass, blocks that lag behind.',
    reference: 'Wu and Xie, ICML 2025; Arbel, Matthews and Doucet, ICML 2021.',
  },
  'parallel-tempering': {
    name: 'Parallel tempering',
    gives:
      'Draws from the target by the coldest of several chains that swap places, and from them means and standard deviations. It bounds nothing.',
    needs: gradient,
    gap: 'None, once R-hat is below 1.01 and its points make round trips between the ends of the ladder; neighbours that swap one time in five to three in five are as they should be.',
    use: 'The truth that others are held against where modes lie too far apart for Hamiltonian Monte Carlo, if the hottest chain covers them.',
    reference: 'Geyer, 1991; the ladder by Syed, Bouchard-Côté, Deligiannidis and Doucet, JRSS B 2022.',
  },
  svgd: {
    name: 'Stein variational gradient descent',
    gives: 'Particles that follow the gradient and push each other apart. It bounds nothing.',
    needs: gradient,
    gap: 'Goes to zero with the number of particles; a fixed number has too little spread, the less the more dimensions there are.',
    use: 'A quick picture in few dimensions. Particles do not leave the mode that they have reached, so weights of modes are those of where they began.',
    reference: 'Liu and Wang, NeurIPS 2016.',
  },
  hmc: {
    name: 'Hamiltonian Monte Carlo',
    gives:
      'Draws from the target itself once its chains have mixed, and from them means and standard deviations. It bounds nothing.',
    needs: gradient,
    gap: 'None, once R-hat is below 1.01 and the effective sample size is large.',
    use: 'The truth that the others are held against where no closed form is known.',
    reference:
      'Neal, Handbook of Markov Chain Monte Carlo, 2011; R-hat by Vehtari, Gelman, Simpson, Carpenter and Bürkner, 2021.',
  },
};

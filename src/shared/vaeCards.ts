import type { EstimatorCard } from './estimatorCards';

const common = { information: 'joint density', sides: ['lower'], on: 'log p(x)' } as const;
const from = 'log p(x) from below, by chains in the latent space that start at a draw of the encoder q(z | x).';
const needs =
  'The densities p(x | z) and p(z) with their gradients in z, and an encoder to start from. Training needs products of the second derivatives with vectors as well.';
const doucet = 'Doucet, Grathwohl, Matthews and Strathmann, NeurIPS 2022.';

/** What bounds of trained VAEs are, where other runs do not have them. Chains of targets have cards of methods. */
export const vaeCards: Readonly<Record<string, EstimatorCard>> = {
  elbo: {
    ...common,
    name: 'Evidence lower bound',
    bounds: 'log p(x) from below, by one draw of the encoder.',
    needs: 'The densities p(x | z) and p(z), and an encoder q(z | x) that can be sampled and evaluated.',
    gap: 'KL(q ‖ p): what the encoder misses of the posterior. More draws do not close it, they only lower its noise.',
    use: 'The cheapest bound to train by. It makes the posterior one that the encoder can follow, which costs some of log p(x). To compare models, judge them by IWAE or by annealed chains.',
    reference: 'Kingma and Welling, ICLR 2014; Rezende, Mohamed and Wierstra, ICML 2014.',
  },
  ula: {
    ...common,
    name: 'Unadjusted Langevin annealing from the encoder',
    bounds: from,
    needs,
    gap: 'The divergence between chains drawn forward and the posterior with the same transitions run back. No step is refused, so that the weights pay for every step of finite size; it falls about as 1/K.',
    use: 'The plainest chain, and the one that a learned reversal is held against. It needs more transitions than the others.',
    reference: doucet,
  },
  uha: {
    ...common,
    name: 'Unadjusted Hamiltonian annealing from the encoder',
    bounds: from,
    needs,
    gap: 'As of ULA, but leapfrog steps preserve volume, so that only refreshments and their order cost. Step sizes, mass and refreshment are trained along.',
    use: 'Usually tighter than ULA at half the transitions.',
    reference: 'Thin, Kotelevskii, Doucet, Durmus, Moulines and Panov, ICML 2021; Geffner and Domke, NeurIPS 2021.',
  },
  'ula-mcd': {
    ...common,
    name: 'Monte Carlo diffusion with Langevin transitions, from the encoder',
    bounds: from,
    needs: `${needs} A score network learns how the chain would run back; the encoder tells it of x.`,
    gap: 'That of ULA where the network gives nothing, and less the better it knows the reversal: what remains is what a normal reversal of fixed variance leaves.',
    use: 'Where ULA would need many more transitions. The network is paid for in every transition, which counts where the decoder is small.',
    reference: doucet,
  },
  'uha-mcd': {
    ...common,
    name: 'Monte Carlo diffusion with Hamiltonian transitions, from the encoder',
    bounds: from,
    needs: `${needs} A score network of position and momentum learns how refreshments would run back; the encoder tells it of x.`,
    gap: 'That of UHA where the network gives nothing, and less the better it knows the reversal. With one transition it is that of UHA.',
    use: 'The tightest of the chains to train by on most data.',
    reference: doucet,
  },
  dais: {
    ...common,
    name: 'Differentiable annealed importance sampling from the encoder',
    bounds: from,
    needs,
    gap: 'With perfect transitions and linear temperatures (KL(q ‖ p) + KL(p ‖ q)) / (2K) to leading order. No step is refused, so that real transitions leave more.',
    use: 'One gradient a transition, where Hamiltonian annealing takes two. Trained by it, the encoder covers more of the posterior than by the ELBO.',
    reference: 'Zhang, Hsu, Li, Finn and Grosse, NeurIPS 2021; Geffner and Domke, NeurIPS 2021.',
  },
};

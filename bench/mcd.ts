import { buildTarget } from '../src/main/targets';
import { fillUniforms } from '../src/main/tensor/random/streams';
import { openDevice } from '../src/main/tensor/devices';
import { chainObjective } from '../src/main/trainers/vae/chains';
import { vaeNetworks } from '../src/main/trainers/vae/networks';
import { trainVae } from '../src/main/trainers/vae/train';
import { trainPath } from '../src/main/trainers/mcd/train';
import { methodSchema, type PathSpec } from '../src/shared/runFile/methods';
import { targetSchema } from '../src/shared/runFile/target';
import { vaeBoundSchema, type VaeChainSpec } from '../src/shared/runFile/vae';
import { takeTurns, timed, type Runner } from './turns';

const mixture = { target: 'mixture', steps: 64, batch: 128, width: 512, embedding: 16 } as const;
const autoencoder = { target: 'vae', steps: 32, batch: 128, width: 64, embedding: 16 } as const;
const [pixels, latent, hidden] = [784, 50, [200, 200]];

/**
 * Prints how long an update of ULA-MCD takes on a mixture in 20 dimensions with the paper's score network, against the same training in eager
 * PyTorch and in compiled JAX.
 */
export function mcd(turns: number): Promise<void> {
  const title = 'ULA-MCD, mixture with d = 20, K = 64, batch 128, score network of width 512';
  return takeTurns({ title, script: 'mcd', flags: mixture, variants, turns, prepare: prepareMixture });
}

/** The same of a VAE of 784-200-200-50 that is trained by UHA-MCD. */
export function vae(turns: number): Promise<void> {
  const title = 'VAE by UHA-MCD, 784-200-200-50, K = 32, batch 128, score network of width 64';
  return takeTurns({ title, script: 'mcd', flags: autoencoder, variants, turns, prepare: prepareVae });
}

/** The network in each transition, as the algorithm is written down, or on all transitions after the last, as here. */
const variants = [
  { label: 'transition by transition', flags: { network: 'loop' } },
  { label: 'all transitions at once', flags: { network: 'once' } },
];

async function prepareMixture(): Promise<Runner> {
  const { steps, batch, width, embedding } = mixture;
  const spec = methodSchema.parse({
    ...{ type: 'ula-mcd', steps, batch, iterations: 10_000_000, start: { std: 3 } },
    score: { width, blocks: 3, embedding },
  }) as PathSpec;
  const target = await buildTarget(
    targetSchema.parse({ type: 'gaussian-mixture', dim: 20, reading: 'N(0, 9 I)' }),
    '.',
  );
  const device = await openDevice('cpu');
  const training = trainPath(spec, { name: 'bench', target, device, seed: 0, precision: 'float32' });
  return {
    perUpdate: (updates) =>
      timed(updates, async () => {
        const { value } = await training.next();
        if (value === undefined || !('report' in value) || Object.keys(value.report).length === 0) {
          throw new Error('An update was dropped, so that this would time something else.');
        }
      }),
    dispose: async () => {
      await training.return(undefined as never);
    },
  };
}

async function prepareVae(): Promise<Runner> {
  const { steps, batch, width, embedding } = autoencoder;
  const network = vaeNetworks({
    ...{ pixels, latent, encoder: hidden, decoder: hidden },
    ...{ activation: 'tanh', output: 'identity', noise: { type: 'bernoulli' } },
  });
  const bound = vaeBoundSchema.parse({ type: 'uha-mcd', steps, score: { width, embedding } }) as VaeChainSpec;
  const device = await openDevice('cpu');
  const values = new Float32Array(batch * pixels);
  const block = { firstChain: 0, chains: 1, firstDatum: 0, data: batch, width: pixels };
  fillUniforms(values, { seed: 1, stream: 'binarise', step: 0, ...block });
  values.forEach((uniform, at) => (values[at] = Number(uniform < 0.3)));
  const iterations = 10_000_000;
  const training = trainVae({
    ...{ device, objective: chainObjective(bound, network, device), dynamic: false, batch, iterations },
    data: { values, width: pixels, rows: Uint32Array.from({ length: batch }, (_, row) => row) },
    validation: { x: values, count: batch },
    ...{ evaluateEvery: iterations, patience: 1, learningRate: 1e-3, decay: 'constant', clip: 10, seed: 0 },
  });
  return {
    perUpdate: (updates) =>
      timed(updates, async () => {
        if ((await training.next()).done === true) throw new Error('The training has ended.');
      }),
    dispose: async () => {
      await training.return(undefined as never);
    },
  };
}

import { expect, it } from 'vitest';
import { openDevice } from '../../../../src/main/tensor/devices';
import { train } from '../../../../src/main/trainers/train';
import { chainObjective } from '../../../../src/main/trainers/vae/chains';
import { vaeNetworks } from '../../../../src/main/trainers/vae/networks';
import { finish } from '../../../support/finish';
import { chainSpec } from '../../../support/tinyVae';

/** A posterior so narrow that steps of 0.2 lead out of the numbers. */
const vae = vaeNetworks({
  ...{ pixels: 4, latent: 2, encoder: [], decoder: [], activation: 'tanh', output: 'identity' },
  noise: { type: 'gaussian', sigma: 0.01, learned: false },
});
const rows = 3;

async function trained(more: Record<string, unknown>) {
  const spec = chainSpec({ type: 'ula', steps: 30, stepSize: 0.2, schedule: 'linear', ...more });
  const objective = chainObjective(spec, vae, await openDevice('cpu'));
  const { fill, ...problem } = objective.problem(rows, 1);
  const training = train({
    ...{ device: await openDevice('cpu'), name: 'The VAE', shapes: objective.shapes, initial: objective.initial(1) },
    ...problem,
    feed: (iteration, feeds) => {
      (feeds['x'] as Float32Array).forEach((_, i, x) => (x[i] = Math.sin(i)));
      fill(feeds, iteration);
    },
    ...{ iterations: 40, learningRate: 1e-3, decay: 'constant', clip: 10 },
  });
  const { steps, trained: end } = await finish(training);
  return { left: steps.filter(({ report }) => Object.keys(report).length === 0).length, steps, end, objective };
}

it('of chains halves their steps until updates count', async () => {
  const { left, steps, end, objective } = await trained({});
  expect(left).toBeGreaterThan(2);
  expect(left).toBeLessThan(25);
  expect(Object.keys(steps.at(-1)?.report ?? {})).not.toEqual([]);
  const sizes = objective.transitions?.(end.parameters).steps ?? [];
  expect(Math.max(...sizes)).toBeLessThan(0.2 / 2 ** (left - 2));
  expect(Math.min(...sizes)).toBeGreaterThan(0);
});

it('of chains whose steps are not trained ends with advice', async () => {
  await expect(trained({ learnStepSizes: false })).rejects.toThrow(/diverged in training: at update 25/);
});

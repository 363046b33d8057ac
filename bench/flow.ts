import { buildTarget } from '../src/main/targets';
import { openDevice } from '../src/main/tensor/devices';
import { annealingFlowSettings } from '../src/main/trainers/flow/settings';
import { trainAnnealingFlow } from '../src/main/trainers/flow/train';
import { annealingFlowSchema } from '../src/shared/runFile/methods/annealingFlow';
import { targetSchema } from '../src/shared/runFile/target';
import { takeTurns, timed, type Runner } from './turns';

/** One block to train: the same in the peer's script, which calls its target by its name. */
interface Workload {
  readonly title: string;
  readonly target: 'circle' | 'exponential';
  readonly dim: number;
  readonly width: number;
  readonly particles: number;
}

const workloads: readonly Workload[] = [
  { title: 'Circle of 6 modes, 32-32', target: 'circle', dim: 2, width: 32, particles: 5000 },
  { title: '1,024 modes, d = 10, 32-32', target: 'exponential', dim: 10, width: 32, particles: 20_000 },
  { title: '1,024 modes, d = 10, 64-64', target: 'exponential', dim: 10, width: 64, particles: 20_000 },
];
const batch = 256;
const learningRate = 3e-3;

/** Prints how fast a block of an annealing flow learns, against eager PyTorch, both with the exact divergence in closed form. */
export async function flow(turns: number): Promise<void> {
  for (const workload of workloads) {
    const { title, ...settings } = workload;
    await takeTurns({
      title: `Annealing flow, one block, B = ${batch}: ${title}`,
      script: 'flow',
      flags: { ...settings, batch, 'learning-rate': learningRate },
      peers: ['torch'],
      variants: [{ label: 'eager', flags: {} }],
      turns,
      prepare: () => prepare(workload),
    });
  }
}

async function prepare({ target, dim, width, particles }: Workload): Promise<Runner> {
  const density = await buildTarget(
    targetSchema.parse(
      target === 'circle' ? { type: 'circle-mixture' } : { type: 'exponentially-weighted-gaussian', dim },
    ),
    '.',
  );
  const spec = annealingFlowSchema.parse({
    ...{ type: 'annealing-flow', net: { hidden: [width, width] } },
    ...{ iterations: 1_000_000, particles, batch, learningRate },
  });
  const { settings, bridge } = annealingFlowSettings(spec, density);
  const device = await openDevice('cpu');
  const training = trainAnnealingFlow(settings, bridge, { name: 'flow', device, seed: 0, precision: 'float32' });
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

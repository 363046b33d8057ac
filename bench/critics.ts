import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import Table from 'cli-table3';
import type { Checkpoint, NamedTensor } from '../src/main/checkpoints';
import { buildModel, type GenerativeModel } from '../src/main/models';
import { openDevice } from '../src/main/tensor/devices';
import { fillNormals } from '../src/main/tensor/random/streams';
import type { Device } from '../src/main/tensor/types';
import { trainCritic } from '../src/main/trainers';
import type { NetworkCriticSpec } from '../src/shared/runFile';
import { median } from './median';
import { peersHere, python } from './peers';

const [latent, outputs] = [20, 784];

/** One way of training to time: the same in the peer's script. */
interface Workload {
  readonly name: string;
  /** What the peer calls it. */
  readonly peer: string;
  readonly spec: NetworkCriticSpec;
  /** Updates in a turn. */
  readonly updates: number;
}

/** Milliseconds after which both runtimes' threads have gone to sleep. */
const settled = 300;

const common: NetworkCriticSpec = {
  type: 'network',
  name: 'T',
  hidden: [2000, 2000],
  activation: 'relu',
  objective: 'infonce',
  base: 'prior',
  trainBase: false,
  samples: 100,
  iterations: 100_000_000,
  batch: 100,
  learningRate: 1e-4,
  decay: 'constant',
  transitions: 10,
  leapfrog: 20,
  stepSize: 0.05,
};

const workloads: readonly Workload[] = [
  { name: 'InfoNCE, 100 × 100 pairs', peer: 'infonce', spec: common, updates: 1 },
  {
    name: 'MINE-DV, 100 + 100 pairs',
    peer: 'mine_dv',
    spec: { ...common, objective: 'mine-dv', samples: 2 },
    updates: 20,
  },
  { name: 'MINE-AIS, M = 10, L = 20', peer: 'mine_ais', spec: { ...common, objective: 'mine-ais' }, updates: 1 },
];

/**
 * Prints how many updates a second a critic of MNIST's size learns by, against the same training in eager PyTorch. They take turns, because
 * the speed of a shared machine drifts; medians of the turns' ratios are what to quote.
 */
export async function critics(turns: number): Promise<void> {
  const threads = os.availableParallelism();
  const device = await openDevice('cpu');
  const peer = peersHere().find(({ peer: name }) => name === 'torch');
  console.log(
    `Training a critic ${latent + outputs}-2000-2000-1 with ReLU, ${threads} threads, ${turns} turns, load ${load()} before`,
  );
  const table = new Table({
    head: ['objective', 'updates /s', peer === undefined ? 'no PyTorch' : `PyTorch ${peer.version}`, 'times faster'],
    style: { head: [], border: [] },
  });
  for (const workload of workloads) {
    const ours = await prepare(device, workload);
    const rival = peer === undefined ? undefined : preparePeer(workload, threads);
    const [own, theirs]: [number[], number[]] = [[], []];
    // The first turn warms both up.
    for (let turn = 0; turn <= turns; turn += 1) {
      const mine = await ours.secondsPerUpdate();
      await setTimeout(settled);
      const other = await rival?.secondsPerUpdate();
      await setTimeout(settled);
      if (turn === 0) continue;
      own.push(mine);
      if (other !== undefined) theirs.push(other);
    }
    await ours.dispose();
    await rival?.dispose();
    const ratios = theirs.map((seconds, turn) => seconds / (own[turn] ?? Number.NaN));
    table.push([
      workload.name,
      rate(own),
      peer === undefined ? '' : rate(theirs),
      peer === undefined
        ? ''
        : `${median(ratios).toFixed(2)}  (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
    ]);
  }
  console.log(table.toString());
  console.log(`Load ${load()} after.`);
}

function rate(seconds: readonly number[]): string {
  return (1 / median(seconds)).toPrecision(3);
}

function load(): string {
  return (os.loadavg()[0] ?? Number.NaN).toFixed(1);
}

interface Prepared {
  secondsPerUpdate(): Promise<number>;
  dispose(): Promise<void>;
}

/** A training that goes on whenever it is timed. */
async function prepare(device: Device, { spec, updates }: Workload): Promise<Prepared> {
  const training = trainCritic(spec, { model: linearModel(), device, seed: 0, base: 'prior' });
  return {
    secondsPerUpdate: async () => {
      const began = performance.now();
      for (let update = 0; update < updates; update += 1) await training.next();
      return (performance.now() - began) / 1000 / updates;
    },
    dispose: async () => {
      await training.return(undefined as never);
    },
  };
}

/** The peer's training, which goes on whenever it is timed too: it waits for a line meanwhile. */
function preparePeer({ peer, spec, updates }: Workload, threads: number): Prepared {
  const script = path.resolve(import.meta.dirname, 'peers', 'torch_critics.py');
  const flags = {
    objective: peer,
    batch: spec.batch,
    transitions: spec.transitions,
    leapfrog: spec.leapfrog,
    step: spec.stepSize,
    iterations: updates,
    threads,
    warmup: 0,
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const child = spawn(python, [script, ...args, '--turns'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    secondsPerUpdate: async () => {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended before its turn.`);
      return (JSON.parse(value) as { secondsPerUpdate: number }).secondsPerUpdate;
    },
    dispose: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

/** x = W z + noise: cheap enough that the critic is all there is to time. */
function linearModel(): GenerativeModel {
  const weight = new Float32Array(outputs * latent);
  const rows = { firstChain: 0, chains: 1, firstDatum: 0, data: outputs, width: latent };
  fillNormals(weight, { seed: 0, stream: 'preview', step: 0, ...rows });
  weight.forEach((value, index) => (weight[index] = value / Math.sqrt(latent)));
  const tensors = new Map<string, NamedTensor>([
    ['fc.weight', { name: 'fc.weight', shape: [outputs, latent], dtype: 'float32', data: weight }],
    ['fc.bias', { name: 'fc.bias', shape: [outputs], dtype: 'float32', data: new Float32Array(outputs) }],
  ]);
  const checkpoint = { path: 'benchmark', tensors, metadata: new Map() } as unknown as Checkpoint;
  const spec = { decoder: [{ linear: 'fc' }], likelihood: { type: 'gaussian' as const, sigma: 0.1 } };
  return buildModel({ checkpoint: 'benchmark', ...spec }, checkpoint);
}

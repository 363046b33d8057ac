import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import Table from 'cli-table3';
import { buildTarget } from '../src/main/targets';
import { openDevice } from '../src/main/tensor/devices';
import { annealingFlowSettings } from '../src/main/trainers/flow/settings';
import { trainAnnealingFlow } from '../src/main/trainers/flow/train';
import { annealingFlowSchema } from '../src/shared/runFile/methods/annealingFlow';
import { targetSchema } from '../src/shared/runFile/target';
import { median } from './median';
import { peersHere, python } from './peers';

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
  { title: '1,024 modes, d = 10, 64-64', target: 'exponential', dim: 10, width: 64, particles: 20_000 },
];
const batch = 256;
const learningRate = 3e-3;

/** Milliseconds after which all runtimes' threads have gone to sleep. */
const settled = 200;

/** Seconds that a turn is to take, and the updates that tell how many those are. */
const turnSeconds = 0.6;
const trial = 5;

/** Seconds of an update by the clock, and of all processors together. */
interface Cost {
  readonly wall: number;
  readonly processor: number;
}

/** A training that goes on whenever it is timed. */
interface Runner {
  costOfUpdate(updates: number): Promise<Cost>;
  dispose(): Promise<void>;
}

/**
 * Prints how many updates a second a block of an annealing flow learns by, against the same training in eager PyTorch, both with the exact
 * divergence in closed form. They take turns, because the speed of a shared machine drifts; medians of the turns' ratios are what to quote.
 */
export async function flow(turns: number): Promise<void> {
  const cores = os.availableParallelism();
  const version = peersHere().find(({ peer }) => peer === 'torch')?.version;
  console.log(
    `Training blocks of annealing flows, batch ${batch}, ${cores} cores, ${turns} turns, load ${load()} before`,
  );
  const table = new Table({
    head: ['target', 'updates /s', 'against', 'updates /s', 'times faster', 'by processor time'],
    style: { head: [], border: [] },
  });
  for (const workload of workloads) {
    const threads = version === undefined ? [] : [...new Set([1, cores])];
    const runners = [await prepare(workload), ...threads.map((count) => preparePeer(workload, count))];
    const counts: number[] = [];
    for (const runner of runners) {
      await runner.costOfUpdate(trial);
      counts.push(Math.max(1, Math.round(turnSeconds / (await runner.costOfUpdate(trial)).wall)));
    }
    const costs: Cost[][] = runners.map(() => []);
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [index, runner] of runners.entries()) {
        costs[index]?.push(await runner.costOfUpdate(counts[index] ?? trial));
        await setTimeout(settled);
      }
    }
    for (const runner of runners) await runner.dispose();
    const [own = [], ...others] = costs;
    table.push([workload.title, rate(own), '', '', '', '']);
    others.forEach((theirs, index) => {
      const count = threads[index] ?? 1;
      const label = `PyTorch ${version ?? ''}, ${count} thread${count === 1 ? '' : 's'}`;
      table.push(['', '', label, rate(theirs), ratio(own, theirs, 'wall'), ratio(own, theirs, 'processor')]);
    });
  }
  console.log(table.toString());
  console.log(`Load ${load()} after.`);
}

function rate(costs: readonly Cost[]): string {
  return (1 / median(costs.map(({ wall }) => wall))).toPrecision(3);
}

function ratio(own: readonly Cost[], theirs: readonly Cost[], by: keyof Cost): string {
  const ratios = theirs.map((cost, turn) => cost[by] / (own[turn]?.[by] ?? Number.NaN));
  return `${median(ratios).toFixed(2)}  (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
}

function load(): string {
  return (os.loadavg()[0] ?? Number.NaN).toFixed(1);
}

async function prepare({ target, dim, width, particles }: Workload): Promise<Runner> {
  const density = await buildTarget(
    targetSchema.parse(
      target === 'circle' ? { type: 'circle-mixture' } : { type: 'exponentially-weighted-gaussian', dim },
    ),
    '.',
  );
  const hidden = [width, width];
  const settings = { net: { hidden }, iterations: 1_000_000, particles, batch, learningRate };
  const spec = annealingFlowSchema.parse({ type: 'annealing-flow', ...settings });
  const { settings: own, bridge } = annealingFlowSettings(spec, density);
  const device = await openDevice('cpu');
  const training = trainAnnealingFlow(own, bridge, { name: 'flow', device, seed: 0, precision: 'float32' });
  return {
    costOfUpdate: async (updates) => {
      const [began, before] = [performance.now(), process.cpuUsage()];
      for (let update = 0; update < updates; update += 1) {
        const { value } = await training.next();
        if (value === undefined || !('report' in value) || Object.keys(value.report).length === 0) {
          throw new Error('An update was dropped, so that this would time something else.');
        }
      }
      const { user, system } = process.cpuUsage(before);
      return { wall: (performance.now() - began) / 1e3 / updates, processor: (user + system) / 1e6 / updates };
    },
    dispose: async () => {
      await training.return(undefined as never);
    },
  };
}

/** A peer's training: it waits for a line, which says how many updates to make. */
function preparePeer({ target, dim, width, particles }: Workload, threads: number): Runner {
  const script = path.resolve(import.meta.dirname, 'peers', 'torch_flow.py');
  const flags = { target, dim, width, particles, batch, 'learning-rate': learningRate, threads };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const child = spawn(python, [script, ...args, '--turns'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    costOfUpdate: async (updates) => {
      child.stdin.write(`${updates}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended before its turn.`);
      const report = JSON.parse(value) as { secondsPerUpdate: number; processorSecondsPerUpdate: number };
      return { wall: report.secondsPerUpdate, processor: report.processorSecondsPerUpdate };
    },
    dispose: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

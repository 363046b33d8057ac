import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import Table from 'cli-table3';
import { buildTarget } from '../src/main/targets';
import { regressionTarget } from '../src/main/targets/logisticRegression';
import { normalRows, uniformRows } from '../src/main/targets/random';
import { openDevice } from '../src/main/tensor/devices';
import type { ChainTarget } from '../src/main/trainers/dais/fields';
import { trainFlow } from '../src/main/trainers/dais/train';
import { daisSchema } from '../src/shared/runFile/methods/dais';
import { targetSchema } from '../src/shared/runFile/target';
import { median } from './median';
import { peersHere, python, type Peer } from './peers';

/** One training to time: the same in the peers' scripts, which call its target by its name. */
interface Workload {
  readonly title: string;
  readonly target: 'process' | 'logistic';
  readonly dim: number;
  readonly steps: number;
  readonly particles: number;
  readonly batch: number;
}

const workloads: readonly Workload[] = [
  { title: 'Gaussian process, d = 50, N = 16, B = 16', target: 'process', dim: 50, ...sizes(16, 16) },
  { title: 'Logistic regression, 208 × 61, N = 16, B = 1', target: 'logistic', dim: 61, ...sizes(16, 1) },
  {
    title: 'Logistic regression, 208 × 61, N = 16, B = 16',
    target: 'logistic',
    dim: 61,
    ...sizes(16, 16),
  },
];

/** Milliseconds after which all runtimes' threads have gone to sleep. */
const settled = 200;

/** Seconds that a turn is to take, and the updates that tell how many those are. */
const turnSeconds = 0.6;
const trial = 4;

function sizes(particles: number, batch: number) {
  return { steps: 16, particles, batch };
}

/**
 * Prints how many updates a second differentiable annealed importance sampling learns by, against the same training in eager PyTorch and
 * in compiled JAX. They take turns, because the speed of a shared machine drifts; medians of the turns' ratios are what to quote.
 */
export async function dais(turns: number): Promise<void> {
  const threads = os.availableParallelism();
  const peers = peersHere();
  console.log(`Training DAIS with K = 16, ${threads} threads, ${turns} turns, load ${load()} before`);
  const table = new Table({
    head: ['target', 'updates /s', 'against', 'updates /s', 'times faster'],
    style: { head: [], border: [] },
  });
  for (const workload of workloads) {
    const rivals = peers.flatMap(({ peer, version }) =>
      countsOf(peer, threads).map((count) => ({
        label: `${peer} ${version}, ${count} thread${count === 1 ? '' : 's'}`,
        runner: preparePeer(peer, workload, count),
      })),
    );
    const runners = [await prepare(workload), ...rivals.map(({ runner }) => runner)];
    const counts: number[] = [];
    for (const runner of runners) {
      await runner.secondsPerUpdate(trial);
      counts.push(Math.max(1, Math.round(turnSeconds / (await runner.secondsPerUpdate(trial)))));
    }
    const seconds: number[][] = runners.map(() => []);
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [index, runner] of runners.entries()) {
        seconds[index]?.push(await runner.secondsPerUpdate(counts[index] ?? trial));
        await setTimeout(settled);
      }
    }
    for (const runner of runners) await runner.dispose();
    const [own = [], ...others] = seconds;
    table.push([workload.title, rate(own), '', '', '']);
    others.forEach((theirs, index) => {
      const ratios = theirs.map((value, turn) => value / (own[turn] ?? Number.NaN));
      const range = `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
      table.push(['', '', rivals[index]?.label ?? '', rate(theirs), `${median(ratios).toFixed(2)}  ${range}`]);
    });
  }
  console.log(table.toString());
  console.log(`Load ${load()} after.`);
}

/** Small arrays suit eager PyTorch better on one thread. */
function countsOf(peer: Peer, threads: number): readonly number[] {
  return peer === 'torch' && threads > 1 ? [threads, 1] : [threads];
}

function rate(seconds: readonly number[]): string {
  return (1 / median(seconds)).toPrecision(3);
}

function load(): string {
  return (os.loadavg()[0] ?? Number.NaN).toFixed(1);
}

/** A training that goes on whenever it is timed. */
interface Runner {
  secondsPerUpdate(updates: number): Promise<number>;
  dispose(): Promise<void>;
}

async function prepare({ target, dim, steps, particles, batch }: Workload): Promise<Runner> {
  const spec = daisSchema.parse({ type: 'dais', steps, particles, batch, iterations: 10_000_000 });
  const device = await openDevice('cpu');
  const density = target === 'process' ? await gaussianProcess(dim) : logistic(dim, 208);
  const training = trainFlow(spec, { name: 'dais', target: density, device, seed: 0, precision: 'float32' });
  return {
    secondsPerUpdate: async (updates) => {
      const began = performance.now();
      for (let update = 0; update < updates; update += 1) {
        const { value } = await training.next();
        if (value === undefined || !('report' in value) || Object.keys(value.report).length === 0) {
          throw new Error('An update was dropped, so that this would time something else.');
        }
      }
      return (performance.now() - began) / 1000 / updates;
    },
    dispose: async () => {
      await training.return(undefined as never);
    },
  };
}

/** The posterior of function values at equally spaced sites. */
function gaussianProcess(observations: number): Promise<ChainTarget> {
  return buildTarget(targetSchema.parse({ type: 'gaussian-process', observations, lengthScale: 0.3 }), '.');
}

/** A regression on random features, an intercept first. */
function logistic(dim: number, rows: number): ChainTarget {
  const place = { seed: 1, stream: 'targetDraw', width: dim } as const;
  const design = normalRows({ ...place, step: 0, count: rows }).map((x, at) => (at % dim === 0 ? 1 : x));
  const weights = normalRows({ ...place, step: 1, count: 1 });
  const uniforms = uniformRows({ ...place, step: 2, count: rows, width: 1 });
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const logit = weights.reduce((sum, weight, i) => sum + weight * (design[row * dim + i] ?? NaN), 0);
    return Number((uniforms[row] ?? NaN) < 1 / (1 + Math.exp(-logit)));
  });
  const names = Array.from({ length: dim }, (_, i) => `w${i}`);
  return regressionTarget('benchmark', { dim, design, labels, priorStd: 1, weights: names, notes: [] });
}

/** A peer's training: it waits for a line, which says how many updates to make. */
function preparePeer(peer: Peer, workload: Workload, threads: number): Runner {
  const script = path.resolve(import.meta.dirname, 'peers', `${peer}_dais.py`);
  const { target, dim, steps, particles, batch } = workload;
  const flags = { target, dim, steps, particles, batch, threads };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const child = spawn(python, [script, ...args, '--turns'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    secondsPerUpdate: async (updates) => {
      child.stdin.write(`${updates}\n`);
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

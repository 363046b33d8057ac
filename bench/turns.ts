import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import Table from 'cli-table3';
import { median } from './median';
import { peersHere, python, type Peer } from './peers';

/** Seconds that one update took: by the clock, and of all cores together. */
export interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

/** A training that goes on whenever it is timed. */
export interface Runner {
  perUpdate(updates: number): Promise<Seconds>;
  dispose(): Promise<void>;
}

type Flags = Readonly<Record<string, string | number>>;

export interface Comparison {
  readonly title: string;
  /** bench/peers/PEER_script.py */
  readonly script: string;
  readonly flags: Flags;
  /** Those that there is a script for; both when left out. */
  readonly peers?: readonly Peer[];
  /** Ways in which a peer computes the same. */
  readonly variants: readonly { readonly label: string; readonly flags: Flags }[];
  readonly turns: number;
  readonly prepare: () => Promise<Runner>;
}

/** Milliseconds after which all runtimes' threads have gone to sleep. */
const settled = 200;
/** Seconds that a turn is to take, and updates that warm up and tell how many those are. */
const turnSeconds = 2;
const trial = 1;

/**
 * Prints what an update takes here and in each peer, with medians of the turns' ratios. All take turns, because the speed of a shared
 * machine drifts.
 */
export async function takeTurns(comparison: Comparison): Promise<void> {
  const { title, script, flags, peers = ['torch', 'jax'], variants, turns, prepare } = comparison;
  const threads = os.availableParallelism();
  console.log(`${title}, ${threads} threads, ${turns} turns, load ${load()} before`);
  const rivals = peersHere()
    .filter(({ peer }) => peers.includes(peer))
    .flatMap(({ peer, version }) =>
      countsOf(peer, threads).flatMap((count) =>
        variants.map((variant) => ({
          label: `${peer} ${version}, ${count} thread${count === 1 ? '' : 's'}, ${variant.label}`,
          runner: preparePeer(`${peer}_${script}`, { ...flags, ...variant.flags, threads: count }),
        })),
      ),
    );
  const runners = [await prepare(), ...rivals.map(({ runner }) => runner)];
  const counts: number[] = [];
  for (const runner of runners) {
    await runner.perUpdate(trial);
    counts.push(Math.max(1, Math.round(turnSeconds / (await runner.perUpdate(trial)).wall)));
  }
  const seconds: Seconds[][] = runners.map(() => []);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, runner] of runners.entries()) {
      seconds[index]?.push(await runner.perUpdate(counts[index] ?? 1));
      await setTimeout(settled);
    }
  }
  for (const runner of runners) await runner.dispose();
  const table = new Table({
    head: ['', 's an update', 'processor s', 'times faster', 'times less processor time'],
    style: { head: [], border: [] },
  });
  const [own = [], ...others] = seconds;
  table.push(['Bracket', shown(own, 'wall'), shown(own, 'cpu'), '', '']);
  others.forEach((theirs, index) => {
    const ratios = (['wall', 'cpu'] as const).map((kind) => ratio(own, theirs, kind));
    table.push([rivals[index]?.label ?? '', shown(theirs, 'wall'), shown(theirs, 'cpu'), ...ratios]);
  });
  console.log(table.toString());
  console.log(`Load ${load()} after.`);
}

/** Times that many updates of this process. */
export async function timed(updates: number, update: () => Promise<void>): Promise<Seconds> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  for (let made = 0; made < updates; made += 1) await update();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - began) / 1e3 / updates, cpu: (user + system) / 1e6 / updates };
}

/** A peer's training: it waits for a line, which says how many updates to make. */
function preparePeer(script: string, flags: Flags): Runner {
  const file = path.resolve(import.meta.dirname, 'peers', `${script}.py`);
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const child = spawn(python, [file, ...args, '--turns'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    perUpdate: async (updates) => {
      child.stdin.write(`${updates}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${file} ended before its turn.`);
      const { secondsPerUpdate, cpuSecondsPerUpdate } = JSON.parse(value) as Record<string, number>;
      return { wall: secondsPerUpdate ?? Number.NaN, cpu: cpuSecondsPerUpdate ?? Number.NaN };
    },
    dispose: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

/** Eager loops over small arrays can be quicker on one thread. */
function countsOf(peer: Peer, threads: number): readonly number[] {
  return peer === 'torch' && threads > 1 ? [threads, 1] : [threads];
}

function shown(seconds: readonly Seconds[], kind: keyof Seconds): string {
  return median(seconds.map((each) => each[kind])).toPrecision(3);
}

function ratio(own: readonly Seconds[], theirs: readonly Seconds[], kind: keyof Seconds): string {
  const ratios = theirs.map((value, turn) => value[kind] / (own[turn]?.[kind] ?? Number.NaN));
  return `${median(ratios).toFixed(2)}  (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
}

function load(): string {
  return (os.loadavg()[0] ?? Number.NaN).toFixed(1);
}

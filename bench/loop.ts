import os from 'node:os';
import Table from 'cli-table3';
import { openDevice } from '../src/main/tensor/devices';
import { matmul } from './matmul';
import { median } from './median';
import { peersHere, timePeer } from './peers';
import { decoder, flopsOf, linear, prepare, type Prepared, type Timing, type Workload } from './workload';

/**
 * Prints how fast the inner loop of annealed importance sampling runs here: against plain matrix products through the same
 * runtime, and against the same loop in PyTorch and JAX where python3 has them. Everything is measured in turns in this one run,
 * because the speed of a shared machine drifts; medians of the turns, and ratios of medians, are what to quote.
 */
export async function loop(turns: number): Promise<void> {
  const threads = os.availableParallelism();

  const device = await openDevice('cpu');
  const peers = peersHere();
  console.log(
    `${os.cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads, Node ${process.version}, ${turns} turns`,
  );
  console.log(
    peers.length === 0
      ? 'No PyTorch or JAX for python3 here ($BRACKET_PYTHON names another): no ratios to them.'
      : `Peers: ${peers.map(({ peer, version }) => `${peer} ${version}`).join(', ')}`,
  );

  const product = await matmul(device, decoder.chains * decoder.data, 1024);
  const ours: [Workload, Prepared][] = [];
  for (const workload of [decoder, linear]) ours.push([workload, await prepare(device, workload)]);

  const products: number[] = [];
  const timings = new Map<string, Timing[]>();
  const rivals = new Map<string, number[]>();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [workload, prepared] of ours) {
      if (workload === decoder) products.push(await product());
      push(timings, workload.name, await prepared.time());
      for (const { peer } of peers) push(rivals, `${peer} ${workload.name}`, timePeer(peer, workload, threads));
    }
  }

  const table = new Table({ head: ['measured', 'value', 'aim'], style: { head: [], border: [] } });
  const times = (name: string, pick: (timing: Timing) => number): number => median((timings.get(name) ?? []).map(pick));
  const speed = median(
    (timings.get('decoder') ?? []).map(
      (timing, turn) => flopsOf(decoder) / timing.secondsPerGradient / (products[turn] ?? 1),
    ),
  );
  const gradient = times('decoder', (timing) => timing.secondsPerGradient);
  table.push(
    ['plain matrix product, 1536×1024×1024', `${(median(products) / 1e9).toFixed(0)} GFLOP/s`, ''],
    [`decoder ${decoder.sizes.join('-')}, gradient of 1,536 rows`, `${(gradient * 1000).toFixed(1)} ms`, ''],
    ['  its speed', `${(flopsOf(decoder) / gradient / 1e9).toFixed(0)} GFLOP/s`, ''],
    ['  as a share of the plain product', speed.toFixed(2), '≥ 0.85'],
    ['  time of a step outside the runtime', percent(times('decoder', (timing) => timing.overhead)), '≤ 10 %'],
    [
      `linear ${linear.sizes.join('→')}, transitions of 1,600 chains`,
      `${(1 / times('linear', (t) => t.secondsPerTransition)).toFixed(0)} /s`,
      '',
    ],
    ['  leapfrog steps', `${(1 / times('linear', (t) => t.secondsPerGradient)).toFixed(0)} /s`, ''],
    ['  time of a step outside the runtime', percent(times('linear', (timing) => timing.overhead)), ''],
  );
  for (const { peer, version } of peers) {
    for (const [workload] of ours) {
      const ratios = (rivals.get(`${peer} ${workload.name}`) ?? []).map(
        (seconds, turn) => seconds / (timings.get(workload.name)?.[turn]?.secondsPerGradient ?? Number.NaN),
      );
      const aim = peer === 'torch' ? (workload === decoder ? '≥ 2' : '≥ 5') : '';
      table.push([
        `${workload.name}: times faster than ${peer} ${version}`,
        `${median(ratios).toFixed(2)}  (${range(ratios)})`,
        aim,
      ]);
    }
  }
  console.log(table.toString());
  for (const [, prepared] of ours) await prepared.dispose();
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

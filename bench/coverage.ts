import os from 'node:os';
import Table from 'cli-table3';
import { medianDistance } from '../src/main/coverage/bandwidth';
import { exactWasserstein } from '../src/main/coverage/exactWasserstein';
import { steinSteps } from '../src/main/coverage/ksd';
import { mmdSums } from '../src/main/coverage/mmd';
import { permutationTest } from '../src/main/coverage/mmdVariants';
import { neighbourTestSums } from '../src/main/coverage/neighbours';
import { visitPairs, type PairVisitor } from '../src/main/coverage/pairs';
import type { Points } from '../src/main/coverage/points';
import { prdcSums } from '../src/main/coverage/prdc';
import { seeded } from '../src/main/coverage/random';
import { sinkhornDivergence } from '../src/main/coverage/sinkhorn';
import { slicedSteps } from '../src/main/coverage/sliced';
import { finished } from '../src/main/coverage/turns';
import { median } from './median';

const count = 10_000;
const dim = 50;

/** Prints what metrics of mode coverage cost on one core: 10,000 samples against 10,000 in 50 dimensions. */
export async function coverage(turns: number): Promise<void> {
  const { normal } = seeded(0, 'benchmark');
  const draw = (): Points => ({ data: Float32Array.from({ length: count * dim }, normal), count, dim });
  const [x, y] = [draw(), draw()];
  const scores = { ...x, data: x.data.map((value) => -value) };
  const bandwidth = medianDistance(x, y);
  const pass = (...visitors: readonly PairVisitor[]) => finished(visitPairs(x, y, visitors));
  const gaussian = (l: number, halvings = 0) => mmdSums({ type: 'gaussian', bandwidth: l, halvings }, count, count);
  const energy = () => mmdSums({ type: 'energy' }, count, count);
  const rows: readonly (readonly [string, string, () => void])[] = [
    ['distances of all pairs, nothing else', '', () => pass()],
    [
      'all in one pass: MMD (l = 1, median, five widths), energy, precision to coverage, neighbours',
      '≤ 10 s',
      () =>
        pass(
          gaussian(1),
          gaussian(bandwidth),
          gaussian(4 * bandwidth, 4),
          energy(),
          prdcSums(count, count),
          neighbourTestSums(count, count),
        ),
    ],
    ['one MMD alone', '', () => pass(gaussian(bandwidth))],
    ['permutation test, 500 of 1,000 + 1,000', '', () => void permutationTest(x, y, { type: 'gaussian', bandwidth })],
    ['Stein discrepancy, 3,000', '', () => void finished(steinSteps(x, scores))],
    ['sliced W2, 200 directions', '', () => void finished(slicedSteps(x, y))],
    ['exact W2, 2,000', '', () => void exactWasserstein(x, y)],
    ['Sinkhorn divergence, 2,000', '', () => finished(sinkhornDivergence(x, y))],
  ];
  console.log(`${os.cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${turns} turns, load ${load()}`);
  const table = new Table({
    head: ['metrics', 'processor seconds', 'seconds', 'aim'],
    style: { head: [], border: [] },
  });
  for (const [name, aim, measure] of rows) {
    const [used, passed]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < turns; turn += 1) {
      const [began, before] = [performance.now(), process.cpuUsage()];
      measure();
      passed.push((performance.now() - began) / 1000);
      const { user, system } = process.cpuUsage(before);
      used.push((user + system) / 1e6);
    }
    table.push([name, median(used).toFixed(2), median(passed).toFixed(2), aim]);
  }
  console.log(table.toString());
  console.log(`Load ${load()} after.`);
}

function load(): string {
  return (os.loadavg()[0] ?? Number.NaN).toFixed(1);
}

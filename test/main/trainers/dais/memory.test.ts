import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { trainFlow } from '../../../../src/main/trainers/dais/train';
import type { FlowSpec } from '../../../../src/main/trainers/dais/settings';
import { openDevice } from '../../../../src/main/tensor/devices';
import { methodSchema } from '../../../../src/shared/runFile';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use once all that nobody holds is gone: objects, array buffers, and what the process has of the system. */
async function memory(): Promise<{ readonly held: number; readonly resident: number }> {
  // Buffers are freed a turn after their arrays.
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { held: heapUsed + external, resident: rss };
}

const [dim, rows] = [32, 512];
const target = await buildTarget({ type: 'gaussian', dim, mean: 0, correlation: 0.5 }, '.');

/** What a training of K transitions holds between its second and third update, beyond what there was before. */
async function growth(steps: number, keep?: () => void): Promise<{ readonly held: number; readonly resident: number }> {
  const device = await openDevice('cpu');
  const spec = methodSchema.parse({ type: 'dais', steps, particles: rows, batch: 1 }) as FlowSpec;
  const before = await memory();
  const training = trainFlow(spec, { name: 'a', target, device, seed: 1, precision: 'float32' });
  for (let update = 0; update < 2; update += 1) {
    await training.next();
    keep?.();
  }
  const during = await memory();
  await training.return(undefined as never);
  return { held: during.held - before.held, resident: during.resident - before.resident };
}

/** z½, v and ∇log f of each transition. */
function stateBytes(steps: number): number {
  return 3 * 4 * steps * rows * dim;
}

it('is that of the states alone, whether there are 100 transitions or 1,000', async () => {
  await growth(10);
  const [few, many] = [await growth(100), await growth(1000)];
  const beyond = { few: few.held - stateBytes(100), many: many.held - stateBytes(1000) };
  expect(few.held).toBeGreaterThan(0.9 * stateBytes(100));
  expect(Math.abs(beyond.many - beyond.few)).toBeLessThan(0.2 * few.held);
  // The runtime's own memory is not in the above. The activations of 900 more transitions, some 20 arrays each, would be 1,200 MB; pages
  // that are free and that the allocator keeps for itself come to tens of megabytes (50 to 75 here), so a tenth tells the two apart.
  const residentBeyond = { few: few.resident - stateBytes(100), many: many.resident - stateBytes(1000) };
  expect(residentBeyond.many - residentBeyond.few).toBeLessThan(120e6);
}, 60_000);

it('is found out where something else grows with the transitions', async () => {
  const left: Float32Array[] = [];
  const few = await growth(100, () => left.push(new Float32Array(100 * rows * dim)));
  const many = await growth(1000, () => left.push(new Float32Array(1000 * rows * dim)));
  const beyond = { few: few.held - stateBytes(100), many: many.held - stateBytes(1000) };
  expect(left).toHaveLength(4);
  expect(Math.abs(beyond.many - beyond.few)).toBeGreaterThan(0.2 * few.held);
});

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { buildTarget } from '../../../../src/main/targets';
import { openPath, plainCoefficients, plainStart, seededPathNoise } from '../../../support/paths';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use once all that nobody holds is gone: objects and array buffers. */
async function memory(): Promise<number> {
  // Buffers are freed a turn after their arrays.
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const [dim, rows] = [20, 128];
const target = await buildTarget({ type: 'gaussian', dim, mean: 0, correlation: 0.5 }, '.');

/** What a path of K transitions holds after a pass forward and backward, beyond what there was before. */
async function growth(steps: number, gradients: boolean, keep?: (steps: number) => void): Promise<number> {
  const before = await memory();
  const path = await openPath(target, { dynamics: 'underdamped', steps, rows, gradients, precision: 'float32' });
  await path.run(plainStart(dim), plainCoefficients(dim, steps, 0.05), seededPathNoise(1, rows, dim));
  if (gradients) await path.gradient(new Float64Array(rows).fill(1 / rows));
  keep?.(steps);
  const held = (await memory()) - before;
  await path.dispose();
  return held;
}

/** x_k, p̃_k and ∇ log γ at x_k. */
const stateBytes = (steps: number): number => 3 * 4 * (steps + 1) * rows * dim;

/** What grows between two numbers of transitions beside the states, as a share of what those grow. Arrays are objects too: one in 25. */
async function beside(few: number, many: number, keep?: (steps: number) => void): Promise<number> {
  const [small, large] = [await growth(few, true, keep), await growth(many, true, keep)];
  expect(large).toBeGreaterThan(0.95 * stateBytes(many));
  const states = stateBytes(many) - stateBytes(few);
  return Math.abs(large - small - states) / states;
}

it('is that of the states alone, whether there are 64 transitions or 1,024', async () => {
  await growth(8, true);
  expect(await beside(64, 1024)).toBeLessThan(0.06);
});

it('does not grow with the transitions where no states are kept', async () => {
  const [few, many] = [await growth(64, false), await growth(512, false)];
  expect(Math.abs(many - few)).toBeLessThan(0.06 * stateBytes(512));
});

it('is found out where a number a coordinate of every fourth transition is left', async () => {
  const left: Float32Array[] = [];
  const share = await beside(64, 512, (steps) => left.push(new Float32Array((steps / 4) * rows * dim)));
  expect(left).toHaveLength(2);
  expect(share).toBeGreaterThan(0.06);
});

import { beforeAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../../../src/main/checkpoints';
import { nice } from '../../../../src/main/models/nice';
import type { Parameters } from '../../../../src/main/models/network';
import { buildTarget } from '../../../../src/main/targets';
import { openDevice } from '../../../../src/main/tensor/devices';
import type { Device } from '../../../../src/main/tensor/types';
import { dequantise, niceJudge, trainNice } from '../../../../src/main/trainers/nice';
import { targetSchema } from '../../../../src/shared/runFile/target';
import { random } from '../../../support/random';
import { testFolder } from '../../datasets/folder';
import { evaluate } from '../../targets/evaluate';

const file = testFolder();
const flow = { dim: 4, hidden: [16, 16], couplings: 4 };

/** Two by two pixels: the lower row repeats the upper one, or is its negative. */
function images(count: number, seed: number): Float32Array {
  const { uniform } = random(seed);
  return Float32Array.from(
    Array.from({ length: count }, () => {
      const [left, right, flip] = [Math.floor(8 * uniform()), Math.floor(8 * uniform()), uniform() < 0.5];
      const below = (level: number): number => (flip ? 7 - level : level) / 8;
      return [left / 8, right / 8, below(left), below(right)];
    }).flat(),
  );
}
const data = images(512, 1);
const heldOut = images(256, 2);
const options = {
  batch: 64,
  iterations: 600,
  learningRate: 0.005,
  l2: 1e-6,
  seed: 3,
  fill: (out: Float32Array, iteration: number) =>
    out.set(data.subarray(256 * (iteration % 8), 256 * (iteration % 8) + 256)),
};

let device: Device;
let trained: Parameters;
beforeAll(async () => {
  device = await openDevice('cpu');
  trained = await finish(options);
});

async function finish(settings: typeof options): Promise<Parameters> {
  const training = trainNice(device, flow, settings);
  let next = await training.next();
  while (next.done !== true) next = await training.next();
  return next.value.parameters;
}

async function judged(parameters: Parameters): Promise<number> {
  const judge = await niceJudge(device, flow, heldOut, 9);
  const value = await judge.value(parameters);
  await judge.dispose();
  return value;
}

describe('training a NICE flow', () => {
  it('ends above the best independent normals, which cannot see that rows repeat', async () => {
    const x = heldOut.slice();
    dequantise(x, 4, 9, 0);
    const independent = [0, 1, 2, 3].reduce((sum, i) => {
      const column = Array.from({ length: 256 }, (_, row) => x[4 * row + i] ?? NaN);
      const mean = column.reduce((a, b) => a + b, 0) / 256;
      const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / 256;
      return sum - 0.5 * (Math.log(2 * Math.PI * variance) + 1);
    }, 0);
    expect(await judged(trained)).toBeGreaterThan(independent + 0.5);
  });

  it('is drawn towards 0 by a strong L2 term', async () => {
    const size = (parameters: Parameters): number =>
      Object.values(parameters).reduce((sum, values) => sum + values.reduce((a, b) => a + b * b, 0), 0);
    const strong = await finish({ ...options, iterations: 200, l2: 1 });
    expect(size(strong)).toBeLessThan(0.2 * size(trained));
  });

  it('goes on from a snapshot with equal bits', async () => {
    const short = { ...options, iterations: 40 };
    const training = trainNice(device, flow, short);
    for (let made = 0; made < 17; made += 1) await training.next();
    const next = await training.next();
    if (next.done === true) throw new Error('ended');
    const snapshot = structuredClone(next.value.capture());
    await training.return(undefined as never);
    const rest = trainNice(device, flow, short, snapshot);
    let last = await rest.next();
    while (last.done !== true) last = await rest.next();
    expect(last.value.parameters).toEqual(await finish(short));
  });

  it('makes what the target reads: the same density of the same images', async () => {
    const tensors = Object.entries(nice(flow).shapes).map(([name, shape]) => {
      return { name, shape, dtype: 'float32' as const, data: trained[name] as Float32Array };
    });
    const path = file('flow.safetensors', writeSafetensors(tensors, {}));
    const target = await buildTarget(targetSchema.parse({ type: 'nice', file: path }), '.');
    const x = heldOut.slice();
    dequantise(x, 4, 9, 0);
    const { value } = await evaluate(target, Float64Array.from(x));
    const mean = Array.from(value).reduce((sum, log) => sum + log / 256, 0);
    expect(Math.abs(mean - (await judged(trained)))).toBeLessThan(1e-4);
  });
});

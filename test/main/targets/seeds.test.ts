import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildTarget } from '../../../src/main/targets';
import { platesOf } from '../../../src/main/targets/plates';
import { openDevice } from '../../../src/main/tensor/devices';
import { hmcTruth } from '../../../src/main/trainers/hmcTruth';
import { InputError } from '../../../src/shared/errors';
import { methodSchema, type HmcSpec } from '../../../src/shared/runFile';
import { targetSchema } from '../../../src/shared/runFile/target';
import { random } from '../../support/random';

const file = join(import.meta.dirname, '../../../../shared/data/uci/seeds_crowder.csv');

it.skipIf(!existsSync(file))("finds the posterior of Crowder's seeds (skipped without ../shared/data)", async () => {
  const target = await buildTarget(targetSchema.parse({ type: 'seeds', file }), '.');
  expect(target.dim).toBe(26);
  const spec = methodSchema.parse({ type: 'hmc', chains: 16, iterations: 500, warmUp: 500 }) as HmcSpec;
  const chains = hmcTruth(spec, {
    name: 'hmc',
    target,
    device: await openDevice('cpu'),
    seed: 1,
    precision: 'float32',
  });
  let next = await chains.next();
  while (next.done !== true) next = await chains.next();
  const { mean, meanError, std } = next.value;
  // Means that others had from long chains of their own, whose errors are not told: agreement within a tenth of a standard
  // deviation, of which the chains' own error here is a twentieth. A model without its interaction is off by several.
  [-0.5525, 0.08383, 1.346, -0.8165].forEach((value, i) => {
    expect(meanError[i]).toBeLessThan(0.04 * (std[i] ?? NaN));
    expect(Math.abs((mean[i] ?? NaN) - value)).toBeLessThan(0.1 * (std[i] ?? NaN) + 3 * (meanError[i] ?? NaN));
  });
});

it('reads columns in any order, and answers damaged tables with one line or with plates that make sense', () => {
  const text = 'x2,n,plate,x1,r\n0,39,1,0,10\n1,62,2,-0.5,23\n1,4,3,1e1,0\n';
  const bytes = new TextEncoder().encode(text);
  expect(platesOf(bytes, 'a.csv')).toEqual({
    r: Float64Array.of(10, 23, 0),
    n: Float64Array.of(39, 62, 4),
    x1: Float64Array.of(0, -0.5, 10),
    x2: Float64Array.of(0, 1, 1),
  });
  const { uniform } = random(3);
  let [readable, refused] = [0, 0];
  for (let round = 0; round < 500; round += 1) {
    const damaged = bytes.slice();

    damaged[Math.floor(uniform() * damaged.length)] = Math.floor(128 * uniform());
    try {
      const { r, n } = platesOf(damaged, 'damaged.csv');
      r.forEach((some, i) => expect(some >= 0 && some <= (n[i] ?? NaN)).toBe(true));
      readable += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      refused += 1;
    }
  }
  expect(Math.min(readable, refused)).toBeGreaterThan(50);
});

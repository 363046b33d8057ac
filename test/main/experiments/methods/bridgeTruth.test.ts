import { describe, expect, it } from 'vitest';
import { bridgeLogZ } from '../../../../src/main/experiments/methods/bridgeTruth';
import { buildTarget } from '../../../../src/main/targets';
import { openDevice } from '../../../../src/main/tensor/devices';
import { parseRunFile } from '../../../../src/shared/runFile';

const device = await openDevice('cpu');
async function on(target: object) {
  const spec = parseRunFile({ kind: 'target', target, methods: [{ type: 'vi' }] }, 'run.json');
  if (spec.kind !== 'target') throw new Error('no run of a target');
  return { target: await buildTarget(spec.target, '.'), device, precision: 'float64' as const, seed: 0 };
}
const circle = (modes: number, radius: number) => on({ type: 'circle-mixture', modes, radius });
const eighths = Array.from({ length: 9 }, (_, k) => k / 8);

describe('log Z between a normal and a target', () => {
  it('is what quadrature gives on circles of normals', async () => {
    const published = [0, -2.78346, -5.01218, -6.50854, -7.14232, -6.83693, -5.55353, -3.27618, 0];
    const found = await bridgeLogZ(eighths, 1, [], await circle(6, 8));
    found?.forEach((value, k) => expect(value).toBeCloseTo(published[k] ?? NaN, 4));
    const other = await bridgeLogZ([0.5], 1, [], await circle(8, 10));
    expect(other?.[0]).toBeCloseTo(-11.50715, 4);
  });

  it('has a closed form between normals, whatever the base', async () => {
    const [mean, std, scale, beta] = [1.5, 0.7, 2, 0.4];
    const found = await bridgeLogZ([beta], scale, [], await on({ type: 'gaussian', dim: 1, mean, std }));
    const [a, b] = [(1 - beta) / scale ** 2, beta / std ** 2];
    const constant = -(1 - beta) * Math.log(scale) - beta * Math.log(std);
    expect(found?.[0]).toBeCloseTo(constant - 0.5 * Math.log(a + b) - (0.5 * mean ** 2 * a * b) / (a + b), 6);
  });

  it('is not told where the grid is too coarse, nor in three dimensions', async () => {
    const narrow = await bridgeLogZ([0, 1], 8, [], await on({ type: 'gaussian', dim: 2, mean: 1, std: 0.01 }));
    expect(narrow?.[0]).toBeCloseTo(0, 4);
    expect(narrow?.[1]).toBeNull();
    expect(await bridgeLogZ([1], 1, [], await on({ type: 'gaussian', dim: 3 }))).toBeUndefined();
  });
});

import { expect, it } from 'vitest';
import { assign, countModes, highQualityRadius, highQualityShare } from '../../../src/main/coverage/assignment';
import { pointsOf } from '../../../src/main/coverage/points';
import { ruleOfTarget } from '../../../src/main/coverage/targetRule';
import { buildTarget } from '../../../src/main/targets';
import { targetSchema } from '../../../src/shared/runFile/target';

const count = 20_000;

// 5 + 8 + 8 + 4 + 10 + 12 shares and 3 of quality at 4.5 standard errors: once in 3,000 seeds over all.
it.each<[object, boolean]>([
  [{ type: 'circle-mixture', modes: 5, weights: [5, 4, 3, 2, 1] }, true],
  [{ type: 'cube-mixture', dim: 5, corners: 3, std: 0.5 }, true],
  [{ type: 'exponentially-weighted-gaussian', dim: 4, folded: 3, odds: [2, 3], variances: [0.5] }, true],
  [{ type: 'many-well', dim: 4 }, false],
  [{ type: 'funnel', dim: 3 }, false],
  [{ type: 'truncated-normal', dim: 3 }, false],
])('exact samples of %o have the weights and the quality that its rule expects', async (spec, hasQuality) => {
  const target = await buildTarget(targetSchema.parse(spec), '.');
  const found = ruleOfTarget(target);
  if (found === undefined) throw new Error('no rule');
  const { rule, weights } = found;
  expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  const samples = target.sample?.(count, 7) ?? new Float64Array();
  const assigned = assign(pointsOf(samples, target.dim), rule);
  const error = (seen: number, share: number): number =>
    Math.abs(seen / count - share) / Math.sqrt((share * (1 - share)) / count);
  const counts = countModes(assigned);
  expect(counts.length).toBe(weights.length);
  weights.forEach((weight, k) => expect(error(counts[k] ?? NaN, weight)).toBeLessThan(4.5));
  // A largest weight that is a fifth too small would be found.
  const largest = weights.indexOf(Math.max(...weights));
  expect(error(counts[largest] ?? NaN, 0.8 * (weights[largest] ?? NaN))).toBeGreaterThan(4.5);
  expect(assigned.squaredDistance !== undefined).toBe(hasQuality);
  if (!hasQuality) return;
  const within = highQualityRadius(target.dim) ** 2;
  const good = assigned.squaredDistance?.reduce((sum, square) => sum + Number(square <= within), 0) ?? NaN;
  expect(error(good, highQualityShare)).toBeLessThan(4.5);
});

it('lists modes in the order of the rule', async () => {
  const target = await buildTarget(
    targetSchema.parse({ type: 'exponentially-weighted-gaussian', dim: 5, folded: 4, odds: [2, 1, 5] }),
    '.',
  );
  const found = ruleOfTarget(target);
  target.modes?.forEach(({ location, weight }, k) => {
    expect(found?.weights[k]).toBeCloseTo(weight, 12);
    expect(found && assign(pointsOf(location, 5), found.rule).mode[0]).toBe(k);
  });
});

it('counts no modes where there are none, or more than anyone can', async () => {
  for (const spec of [
    { type: 'laplace', dim: 2 },
    { type: 'exponentially-weighted-gaussian', dim: 30, folded: 30 },
  ])
    expect(ruleOfTarget(await buildTarget(targetSchema.parse(spec), '.'))).toBeUndefined();
});

import { expect, it } from 'vitest';
import { buildTarget } from '../../../src/main/targets';
import { regressionTarget } from '../../../src/main/targets/logisticRegression';
import { targetSchema } from '../../../src/shared/runFile/target';
import { expectNear } from '../../support/near';
import { testFolder } from '../datasets/folder';
import { evaluate } from './evaluate';

const file = testFolder();
const target = regressionTarget('One weight', {
  dim: 1,
  design: Float64Array.of(1, -1, 2, 0.5, -0.3),
  labels: Int32Array.of(1, 0, 1, 0, 1),
  priorStd: 1,
  precision: { shape: 1, rate: 0.01 },
  weights: ['w'],
  notes: [],
});

it('has the density and slope that others computed', async () => {
  const { value, gradient } = await evaluate(target, Float64Array.of(0, 0, 1, -1));
  expectNear(value, [-8.999844622, -9.7936108489], 1e-9);
  expectNear(Array.from(gradient).slice(2), [-0.075153175, 1.312381485], 1e-9);
  expect(target.labels).toEqual(['w', 'log λ']);
});

it('has the log Z and the moments that others found by quadrature', async () => {
  // Sums over log λ and over t of w = s sinh t: even steps near 0, where the likelihood bends, wider ones out to where the prior ends.
  const step = 0.05;
  const points: number[] = [];
  const volumes: number[] = [];
  for (let alpha = -30; alpha < 9; alpha += step) {
    const size = Math.min(1, Math.exp(-alpha / 2));
    const end = Math.asinh((9 * Math.exp(-alpha / 2)) / size);
    for (let t = -end; t < end; t += step) {
      points.push(size * Math.sinh(t), alpha);
      volumes.push(size * Math.cosh(t) * step * step);
    }
  }
  const { value } = await evaluate(target, Float64Array.from(points));
  const sums = [0, 0, 0, 0, 0];
  Array.from(value).forEach((log, i) => {
    const [w = NaN, alpha = NaN] = [points[2 * i], points[2 * i + 1]];
    const mass = Math.exp(log) * (volumes[i] ?? NaN);
    [1, w, w * w, alpha, 1 / (1 + Math.exp(-w))].forEach((g, k) => (sums[k] = (sums[k] ?? 0) + g * mass));
  });
  const [z = NaN, ...moments] = sums;
  const [mean = NaN, square = NaN, alpha = NaN, chance = NaN] = moments.map((sum) => sum / z);
  expectNear(
    [Math.log(z), mean, Math.sqrt(square - mean * mean), alpha, chance],
    [-3.4507419664, 0.0646561669, 0.24932984, 4.0060672044, 0.5150974939],
    1e-7,
  );
});

it('keeps rows back with a column of zeros for the precision', async () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i},${(7 * i) % 11},${i % 2}`).join('\n');
  const spec = { type: 'logistic-regression', file: file('rows.csv', `a,b,label\n${rows}\n`), split: {} };
  const [plain, learned] = await Promise.all(
    [spec, { ...spec, precision: {} }].map((each) => buildTarget(targetSchema.parse(each), '.')),
  );
  expect([plain?.dim, learned?.dim, learned?.heldOut?.rows]).toEqual([3, 4, 4]);
  const wide = Array.from(learned?.heldOut?.design ?? []);
  expect(wide.filter((_, i) => i % 4 === 3)).toEqual([0, 0, 0, 0]);
  expect(wide.filter((_, i) => i % 4 !== 3)).toEqual(Array.from(plain?.heldOut?.design ?? []));
});

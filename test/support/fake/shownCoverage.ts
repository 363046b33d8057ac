import type { CoverageMetric, CoverageMetricName } from '../../../src/shared/coverage';
import type { CoverageOf, RunImages } from '../../../src/shared/result';
import { fakeNormal, fakeRandom } from './random';

/** What a card warns of that saw two of four modes. */
export const collapseText = 'The samples found about 50 % of the mass: log Z from them is 0.693 nats too low.';

const samples = 2000;
const metric = (value: number, more: Partial<CoverageMetric> = {}): CoverageMetric => ({
  ...{ value, sizes: { samples, reference: samples }, seed: 0, parameters: {}, seconds: 0.01 },
  ...more,
});
const floor = (mean: number) => ({ mean, low: 0.5 * mean, high: 1.5 * mean, repeats: 10 });

/** Made up, for pages that compute nothing: four equal modes, of which a method found those given. */
export function shownCoverage(method: string, found: readonly number[]): CoverageOf {
  const random = fakeRandom(3);
  const locations = [
    [4, 0],
    [0, 4],
    [-4, 0],
    [0, -4],
  ];
  const modes = Array.from({ length: 400 }, (_, i) => found[i % found.length] ?? 0);
  const share = 1 / found.length;
  const raw = locations.map((_, k) => (found.includes(k) ? share : 0));
  const missed = locations.flatMap((_, mode) =>
    found.includes(mode)
      ? []
      : [
          {
            ...{ mode, weight: 0.25, count: 0, highQuality: 0, reweighted: 0, pValue: 1e-200 },
            ...{ nearest: found[0] ?? 0, distance: 5.66, barrier: 4.03 },
          },
        ],
  );
  const collapsed = missed.length > 0;
  const logZ = Math.log(found.length / 4);
  const metrics: Partial<Record<CoverageMetricName, CoverageMetric>> = {
    modesFound: metric(found.length, { expected: 4, parameters: { modes: 4 } }),
    weightTotalVariation: metric(1 - found.length / 4 + 0.01, { floor: floor(0.02) }),
    highQuality: metric(0.987, { expected: 0.9889 }),
    elbo: metric(logZ - 0.02, { error: 0.004 }),
    logZ: metric(logZ, { error: 0.004 }),
    logZError: metric(-logZ),
    reverseKl: metric(0.02 - logZ),
    ess: metric(0.96),
    eubo: metric(collapsed ? 24.6 : 0.03, { error: collapsed ? 0.4 : 0.004 }),
    essForward: collapsed ? metric(0) : metric(0.95),
    mmdMedian: metric(collapsed ? 0.11 : 1e-4, { floor: floor(2e-4) }),
    ksd: { ...metric(0), value: null, reason: 'There are no gradients of log density at the samples.' },
  };
  return {
    method,
    card: {
      ...{ situation: 'known-target', samples, reference: samples, dim: 2, seed: 0, ess: 0.96, metrics },
      modes: {
        ...{ weights: [0.25, 0.25, 0.25, 0.25], raw, reweighted: raw, reweightedErrors: raw.map(() => 0.01) },
        ...{ low: raw.map((value) => 0.9 * value), high: raw.map((value) => 1.1 * value + 0.002) },
      },
      ...{ missed, undecidable: [] },
      alarms: collapsed ? [{ id: 'collapse', text: collapseText }] : [],
    },
    view: {
      axes: ['z₁', 'z₂'],
      points: modes.map((mode) => (locations[mode] ?? []).map((at) => at + fakeNormal(random))),
      ...{ modes, good: modes.map((_, i) => i % 25 !== 0), weights: modes.map(() => 1), locations },
    },
  };
}

/** Grey squares: two of three classes are drawn, a row a class and side. */
export function shownClasses(): RunImages {
  const [rows, columns, height, width] = [6, 10, 6, 6];
  const bytes = Array.from({ length: rows * columns * height * width }, (_, at) => {
    const row = Math.floor(at / (columns * height * width));
    return row === 4 ? 0 : 40 * (row + 1);
  });
  const pixels = btoa(String.fromCharCode(...bytes));
  return { ...{ name: 'classes', rows, columns, height, width, channels: 1, pixels, iteration: 0 } };
}

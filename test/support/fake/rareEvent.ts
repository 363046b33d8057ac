import { importanceFlowSchema } from '../../../src/shared/runFile';
import type { Result } from '../../../src/shared/result';

/** The first of a run with plain Monte Carlo that hit seven times, as its series tell them. */
const draws = [10, 100, 1000, 20_000];

function running(name: string, values: readonly number[], widths: readonly number[]): Result['series'] {
  const x = { label: 'draws', values: [...draws] };
  const end = (sign: number) => values.map((value, i) => value + sign * (widths[i] ?? 0));
  return [
    { name, x, y: { label: 'P', values: [...values] } },
    { name: `${name}, lower end`, x, y: { label: 'P', values: end(-1) } },
    { name: `${name}, upper end`, x, y: { label: 'P', values: end(1) } },
  ];
}

/** A result of kind `importance-flow`: |x| ≥ 4 in two dimensions, with density ratios. */
export function rareEventResult(changes: { readonly hits?: number } = {}): Result {
  const { hits = 7 } = changes;
  const truth = Math.exp(-8);
  const circle = Array.from({ length: 9 }, (_, i) => [
    4 * Math.cos((i * Math.PI) / 4),
    4 * Math.sin((i * Math.PI) / 4),
  ]);
  const spec = importanceFlowSchema.parse({ kind: 'importance-flow', event: { type: 'outside-ball' }, ratio: {} });
  const byBlock = (name: string, values: number[]): Result['series'][number] => ({
    name,
    x: { label: 'block', values: [1, 2, 3, 4, 5, 6] },
    y: { label: name, values },
  });
  return {
    ...{ run: 'event', kind: 'importance-flow', spec, device: 'cpu', status: 'done', seconds: 3, artifacts: [] },
    bounds: [
      {
        ...{ quantity: 'log-probability', estimator: 'importance-flow', side: 'estimate' },
        ...{ value: -7.99923, ci95: 0.00724, n: 20_000 },
      },
    ],
    diagnostics: {},
    warnings: ['The estimate by learned density ratios is not unbiased.'],
    metrics: {
      event: { text: '|x| ≥ 4', type: 'outside-ball', dim: 2, edge: 4 },
      probability: {
        ...{
          value: 3.3572e-4,
          ci95: 2.43e-6,
          logValue: -7.99923,
          relativeVariance: 0.2728,
          draws: 20_000,
          hits: 17_691,
        },
        ...{ ess: 15_714.1, largestWeight: 0.00024, ratio: 1.00077, ratioCi95: 0.00724 },
        ...{ varianceReduction: 10_925, equivalentDraws: 2.185e8, effectiveHits: 73_300 },
      },
      monteCarlo: {
        ...{ value: hits / 20_000, ci95: hits === 0 ? null : 2.59e-4, logValue: hits === 0 ? null : -7.9576 },
        ...{ relativeVariance: hits === 0 ? null : 2856, draws: 20_000, hits, ess: hits },
        ...{ largestWeight: hits === 0 ? null : 1 / hits, ratio: hits / 20_000 / truth },
        ...{ ratioCi95: hits === 0 ? null : 0.7728, interval: [1.7e-4, 7.2e-4], expectedHits: 6.71 },
      },
      ratio: {
        ...{ value: 5.718e-9, logValue: -18.98, ratio: 1.7045e-5 },
        error: { mean: -14.64, std: 4.27, largest: -29.1 },
        losses: [1.324, 0.932, 0.529, 0.256, 1.386, 1.386],
        divergences: [0.031, 0.227, 0.429, 0.565, 0, 0],
      },
      truth: -8,
      truthProbability: truth,
    },
    series: [
      ...running('running estimate', [3.2e-4, 3.4e-4, 3.36e-4, 3.3572e-4], [1e-4, 3e-5, 1e-5, 2.43e-6]),
      ...running(
        'running estimate, Monte Carlo',
        hits === 0 ? [0, 0, 0, 0] : [0, 0, 1e-3, hits / 20_000],
        [0, 0, 1e-3, 2.59e-4],
      ),
      byBlock('edge by block', [1, 2, 3, 4, 4, 4]),
      byBlock('log probability of the smoothed event by block', [-0.5, -1.95, -4.44, -7.94, -7.96, -7.96]),
      byBlock('effective share by block', [0.98, 0.97, 0.95, 0.95, 0.93, 0.92]),
    ],
    picture: {
      axes: ['x₁', 'x₂'],
      samples: [
        { method: 'importance-flow', points: circle.map(([x = 0, y = 0]) => [1.05 * x, 1.05 * y]) },
        {
          method: 'monte-carlo',
          points: [
            [0, 0.5],
            [1, -0.3],
            [-2, 0.1],
          ],
        },
      ],
      normals: [],
      edge: circle,
    },
  };
}

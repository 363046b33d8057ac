import { estimatorFacts } from '../../../src/shared/estimatorFacts';
import type { Bound, PerDatum, Result, Series } from '../../../src/shared/result';
import { estimators, type ModelRunSpec } from '../../../src/shared/runFile';
import type { CurvePoint, RunPoint, RunRow } from '../../../src/shared/runRecord';
import { modelRun } from '../modelRun';
import { fakeNormal, fakeRandom } from './random';

const truth = 23.23;
const n = 100;
const chains = [1, 10, 100] as const;
const rounds = [1, 10, 100, 1000, 10_000] as const;

/** A run file that asks for every estimator of mutual information, with proposals and critics of every kind. */
export function familySpec(): ModelRunSpec {
  return modelRun({
    kind: 'mutual-information',
    name: 'Every bound of a linear model',
    model: { checkpoint: '../models/linear-vae10.npz', likelihood: { type: 'gaussian', sigma: 1 } },
    data: { simulate: n },
    estimators: [...estimators],
    ais: {
      chains: 100,
      temperatures: 10_000,
      leapfrog: 20,
      schedule: { type: 'linear' },
      stepSize: 0.02,
      initial: ['prior', { type: 'proposal', name: 'q' }],
      ladder: rounds.slice(0, -1),
      subsets: [1, 10],
    },
    iwae: { samples: [100, 1000], proposal: ['prior', { type: 'proposal', name: 'q' }] },
    contrastive: { samples: [100, 1000] },
    proposals: [{ type: 'network', name: 'q', hidden: [2000, 2000], iterations: 20_000, learningRate: 1e-4 }],
    critics: [
      { type: 'network', name: 'energy', base: 'prior', hidden: [2000, 2000, 2000], objective: 'mine-ais' },
      { type: 'network', name: 'ratio', base: 'q', hidden: [2000, 2000], objective: 'giwae' },
      { type: 'network', name: 'nce', base: 'prior', hidden: [2000, 2000], objective: 'infonce' },
    ],
  });
}

type Named = Partial<Pick<Bound, 'base' | 'critic' | 'samples' | 'terms' | 'seconds' | 'quantity'>>;

function bound(estimator: string, side: Bound['side'], value: number, named: Named, ci95 = 0.62): Bound {
  return { quantity: 'mi', estimator, side, value, ci95, n, ...named };
}

/** A bound that is the sum of two terms. */
function split(estimator: string, ba: number, contrastive: number, named: Named): Bound {
  return bound(estimator, 'lower', ba + contrastive, { ...named, terms: { ba, contrastive } });
}

/** What does not depend on the temperatures: figure 3a of Brekelmans et al. 2022, linear VAE, near enough. */
const sampled: readonly Bound[] = [
  ...[100, 1000].flatMap((samples) => [
    split('iwae', 0, Math.log(samples) - 0.001, { base: 'prior', samples, seconds: samples * 2e-4 }),
    bound('iwae', 'upper', 620 - 60 * Math.log(samples), { base: 'prior', samples, seconds: samples * 2e-4 }, 22),
    split('iwae', samples === 100 ? 21.64 : 20.53, samples === 100 ? 1.5 : 2.66, {
      ...{ base: 'q', samples, seconds: samples * 3e-4 },
    }),
    bound('iwae', 'upper', 23.23 + 9 / Math.log(samples) ** 2, { base: 'q', samples, seconds: samples * 3e-4 }),
    split('s-infonce', 0, Math.log(samples) - 0.001, { base: 'prior', samples, seconds: samples * 2e-4 }),
    bound('s-infonce', 'upper', 620 - 60 * Math.log(samples), { base: 'prior', samples, seconds: samples * 2e-4 }, 22),
    split('infonce', 0, Math.log(samples) - 0.02, { base: 'prior', critic: 'nce', samples, seconds: samples * 1e-4 }),
    split('giwae', 22.31, samples === 100 ? 0.39 : 0.38, {
      ...{ base: 'q', critic: 'ratio', samples, seconds: samples * 4e-4 },
    }),
  ]),
  bound('ba', 'lower', 22.69, { base: 'q', terms: { ba: 22.69, contrastive: 0 } }),
  bound('ba', 'upper', 25.9, { base: 'q' }),
  bound('mine-dv', 'estimate', 9.8, { base: 'prior', critic: 'nce', samples: 1000 }),
  bound('mine-f', 'lower', -3.1, { base: 'prior', critic: 'nce', samples: 1000 }, 2.4),
  bound('gmine-dv', 'estimate', 22.75, { base: 'q', critic: 'ratio', samples: 1000 }),
  bound('gmine-f', 'lower', 22.1, { base: 'q', critic: 'ratio', samples: 1000 }),
];

function annealed(temperatures: number): Bound[] {
  const seconds = 0.02 * temperatures;
  const gap = (base: string): number => (base === 'prior' ? 500 : 4) / (temperatures + 1);
  const chainBounds = ['prior', 'q'].flatMap((base) =>
    chains.flatMap((samples) => {
      const named = { base, samples, seconds };
      const gain = Math.min(Math.log(samples), gap(base) * 0.9);
      return [
        bound('ais', 'lower', truth - gap(base), named),
        bound('ais', 'upper', truth + 1.2 * gap(base), named),
        bound('im-ais', 'lower', truth - gap(base) + gain, named),
        bound('im-ais', 'upper', truth + (1.2 * gap(base)) / (1 + 0.4 * Math.log(samples)), named),
        bound('cr-ais', 'lower', truth - gap(base) / (1 + (temperatures > 1 ? 0.5 * Math.log(samples) : 0)), named),
      ];
    }),
  );
  const critics = [
    { critic: 'energy', base: 'prior', value: 23.15, start: 0 },
    { critic: 'ratio', base: 'q', value: 22.87, start: 22.31 },
    { critic: 'nce', base: 'prior', value: 11.38, start: 0 },
  ].flatMap(({ critic, base, value, start }) => {
    const named = { base, critic, samples: 100, seconds };
    const lower = value - (value - start) / temperatures ** 0.8;
    return [
      bound('ibal', 'lower', lower, named),
      bound('ibal', 'lower', lower, { ...named, quantity: 'ibal' }),
      bound('ibal', 'upper', value + 60 / temperatures, { ...named, quantity: 'ibal' }),
    ];
  });
  return [...chainBounds, ...critics];
}

export function familyPoints(): RunPoint[] {
  return rounds.map((temperatures) => ({
    temperatures,
    seconds: 40 + 0.02 * temperatures,
    bounds: [...annealed(temperatures), ...sampled],
  }));
}

/** @param progress share of the training that is done */
export function familyCurves(progress = 1): CurvePoint[] {
  const random = fakeRandom(5);
  const curve = (
    component: string,
    iterations: number,
    values: (share: number) => Record<string, number>,
  ): CurvePoint[] =>
    Array.from({ length: Math.floor(200 * progress) }, (_, index) => ({
      ...{ component, iterations, iteration: ((index + 1) * iterations) / 200, seconds: index * 0.2 },
      values: values((index + 1) / 200),
    }));
  const toward = (end: number, scale: number, share: number): number =>
    end - scale * Math.exp(-8 * share) + 0.05 * fakeNormal(random);
  return [
    ...curve('q', 20_000, (share) => ({ 'BA lower bound on I': toward(22.69, 60, share) })),
    ...curve('energy', 2000, (share) => ({
      'energy difference': 3 * Math.exp(-3 * share) + 0.2 * fakeNormal(random),
      'acceptance of HMC': 0.82 + 0.02 * fakeNormal(random),
    })),
    ...curve('ratio', 2000, (share) => ({
      'GIWAE lower bound on I': toward(22.87, 1, share),
      'BA lower bound on I': toward(22.4, 0.4, share),
    })),
    ...curve('nce', 2000, (share) => ({ 'InfoNCE lower bound on I': toward(4.58, 4, share) })),
  ];
}

function curveSeries(): Series[] {
  const points = Map.groupBy(familyCurves(), ({ component }) => component);
  return [...points].flatMap(([component, own]) =>
    Object.keys(own[0]?.values ?? {}).map((name) => ({
      name: `training ${component}, ${name}`,
      x: { label: 'iteration', values: own.map(({ iteration }) => iteration) },
      y: { label: name, unit: 'nats', values: own.map(({ values }) => values[name] ?? null) },
    })),
  );
}

/** A finished result with every bound that there is, as a run of `familySpec` leaves it. */
export function familyResult(row: Pick<RunRow, 'id' | 'device' | 'seconds'>): Result {
  const bounds = [...(familyPoints().at(-1)?.bounds ?? [])];
  const random = fakeRandom(3);
  const shifts = Array.from({ length: n }, () => 2 * fakeNormal(random));
  const perDatum: PerDatum = {
    logLikelihood: shifts.map((shift) => shift - 140),
    bounds: bounds.flatMap(({ quantity, estimator, side, value, base, critic, samples }) =>
      quantity !== 'mi' || side === 'estimate' || value === null
        ? []
        : [
            {
              ...{ estimator, side: side === 'lower' ? ('upper' as const) : ('lower' as const) },
              ...(base === undefined ? {} : { base }),
              ...(critic === undefined ? {} : { critic }),
              ...(samples === undefined ? {} : { samples }),
              values: shifts.map((shift) => shift - 140 - value + 0.02 * fakeNormal(random)),
            },
          ],
    ),
  };
  const best = (side: 'lower' | 'upper') => {
    const sign = side === 'lower' ? 1 : -1;
    const own = bounds.filter((one) => one.quantity === 'mi' && one.side === side && one.value !== null);
    const [first] = own.sort((a, b) => sign * ((b.value ?? 0) - (a.value ?? 0)));
    return { estimator: first?.estimator ?? '', value: first?.value ?? 0, ci95: first?.ci95 ?? null };
  };
  const [lower, upper] = [best('lower'), best('upper')];
  return {
    run: row.id,
    kind: 'mutual-information',
    spec: { ...familySpec() },
    device: row.device,
    status: 'done',
    seconds: row.seconds,
    bounds: [...bounds],
    metrics: {
      best: { quantity: 'mi', lower, upper, gap: upper.value - lower.value, gapCi95: 0.0001 },
      truth,
      truthOfData: truth,
      estimators: estimatorFacts(estimators),
    },
    diagnostics: { gradientEvaluations: 4e6, acceptance: 0.74, temperatures: rounds.at(-1) },
    warnings: [
      'IBAL of critic nce: whether proposition M.1 holds is not evident, so that its lower end is a bound on I(x; z) but perhaps not on IBAL.',
    ],
    series: curveSeries(),
    artifacts: [],
    perDatum,
  };
}

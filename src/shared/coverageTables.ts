import {
  coverageMetrics,
  headlineCoverage,
  type CoverageCard,
  type CoverageMetric,
  type CoverageMetricName,
} from './coverage';
import { standingLabels, standingsOf } from './coverageStandings';
import { coverageLabel, modeName } from './coverageTexts';
import type { CoverageOf } from './result';
import { numberCell, textCell, type Cell, type DataTable } from './tables';

export interface CoverageGroup {
  readonly title: string;
  readonly names: readonly CoverageMetricName[];
}

/** Metrics by what they are made from, in the order of a card. */
export const coverageGroups: readonly CoverageGroup[] = [
  { title: 'Modes', names: ['modesFound', 'modesTouched', 'modesMissed', 'highQuality'] },
  {
    title: 'Mode weights',
    names: [
      ...(['weightTotalVariation', 'weightMse', 'weightMseRatio', 'weightPearson', 'weightForwardKl'] as const),
      ...(['weightReverseKl', 'weightJensenShannon', 'entropicCoverage', 'entropicCoverageRatio'] as const),
      'entropicCoverageSoft',
    ],
  },
  {
    title: 'Density and importance weights',
    names: [
      ...(['elbo', 'logZ', 'logZError', 'reverseKl', 'ess', 'perplexityEss', 'topShare', 'paretoK'] as const),
      ...(['eubo', 'logZForward', 'forwardKl', 'essForward'] as const),
    ],
  },
  {
    title: 'Distances between two sets',
    names: [
      ...(['mmdUnit', 'mmdUnitP', 'mmdMedian', 'mmdMedianP', 'mmdSum', 'mmdBenchmark', 'energyDistance'] as const),
      ...(['slicedW2', 'maxSlicedW2', 'gaussianW2', 'exactW2', 'sinkhorn', 'ksd'] as const),
    ],
  },
  { title: 'Marginals', names: ['marginalWorst', 'marginalsFlagged'] },
  { title: 'Shape', names: ['insideHole', 'conditionalWidth', 'signCorrelation', 'foldedVariances'] },
  {
    title: 'Neighbours and classifiers',
    names: [
      ...(['precision', 'recall', 'density', 'coverage', 'nearestInRadii', 'classifierAccuracy'] as const),
      'neighbourAccuracy',
    ],
  },
  { title: 'Training data and encoder', names: ['memorised', 'memorisedP', 'activeUnits'] },
];

/** What a generator's card shows first: it has no density, and neighbours say most. */
const generatorHeadline = [
  ...(['modesFound', 'weightTotalVariation', 'coverage', 'recall', 'precision', 'density'] as const),
  'gaussianW2',
] as const satisfies readonly CoverageMetricName[];

export function headlineOf({ situation }: CoverageCard): readonly CoverageMetricName[] {
  return situation === 'generator' ? generatorHeadline : headlineCoverage;
}

/** A metric of a card; what the card does not name at all could not be computed either. */
export function metricOf(card: CoverageCard, name: CoverageMetricName): CoverageMetric {
  return (
    card.metrics[name] ?? {
      value: null,
      reason: 'It was not computed for this card.',
      sizes: { samples: card.samples },
      seed: card.seed,
      parameters: {},
      seconds: 0,
    }
  );
}

/** Every metric of every method, with all digits: what is exported. Those that could not be computed keep their row and say why. */
export function coverageTable(all: readonly CoverageOf[], label: (method: string) => string): DataTable {
  return {
    columns: [
      { name: 'method', label: 'Method', numeric: false },
      { name: 'group', label: 'Group', numeric: false },
      { name: 'metric', label: 'Metric', numeric: false },
      { name: 'unit', label: 'Unit', numeric: false },
      ...numbers.map(({ name, label }) => ({ name, label, numeric: true })),
      { name: 'parameters', label: 'Parameters', numeric: false },
      { name: 'reason', label: 'Why not', numeric: false },
    ],
    rows: all.flatMap(({ method, card }) =>
      coverageGroups.flatMap(({ title, names }) =>
        names
          .filter((name) => card.metrics[name] !== undefined)
          .map((name): Cell[] => {
            const metric = metricOf(card, name);
            const info = coverageMetrics[name];
            return [
              ...[label(method), title, coverageLabel(name), 'unit' in info ? info.unit : ''].map(textCell),
              ...numbers.map(({ of }) => numberCell(of(metric) ?? null, 4)),
              textCell(parametersText(metric)),
              textCell(metric.value === null ? (metric.reason ?? '') : ''),
            ];
          }),
      ),
    ),
  };
}

const numbers: readonly {
  readonly name: string;
  readonly label: string;
  readonly of: (metric: CoverageMetric) => number | null | undefined;
}[] = [
  { name: 'value', label: 'Value', of: ({ value }) => value },
  { name: 'standard_error', label: 'Standard error', of: ({ error }) => error },
  { name: 'interval_low', label: '95 %, low', of: ({ interval }) => interval?.[0] },
  { name: 'interval_high', label: '95 %, high', of: ({ interval }) => interval?.[1] },
  { name: 'reweighted', label: 'Reweighted', of: ({ reweighted }) => reweighted },
  { name: 'expected', label: 'Expected', of: ({ expected }) => expected },
  { name: 'floor_mean', label: 'Exact, mean', of: ({ floor }) => floor?.mean },
  { name: 'floor_05', label: 'Exact, 5 %', of: ({ floor }) => floor?.low },
  { name: 'floor_95', label: 'Exact, 95 %', of: ({ floor }) => floor?.high },
  { name: 'samples', label: 'Samples', of: ({ sizes }) => sizes.samples },
  { name: 'reference', label: 'Reference', of: ({ sizes }) => sizes.reference },
  { name: 'seed', label: 'Seed', of: ({ seed }) => seed },
  { name: 'seconds', label: 'Seconds', of: ({ seconds }) => seconds },
];

/** "tau 0.1, modes 6" */
export function parametersText({ parameters }: CoverageMetric): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : String(value)}`)
    .join(', ');
}

/** The modes that certainly have too few samples, the heaviest first, with all digits. */
export function missedTable(
  card: CoverageCard,
  {
    signs,
    locations,
  }: { readonly signs?: readonly string[]; readonly locations?: readonly (readonly number[])[] } = {},
): DataTable {
  const places = locations?.[0]?.length ?? 0;
  const standings = standingsOf(card);
  return {
    columns: [
      { name: 'mode', label: 'Mode', numeric: true },
      { name: 'name', label: 'Name', numeric: false },
      { name: 'standing', label: 'Standing', numeric: false },
      ...Array.from({ length: places }, (_, axis) => ({
        ...{ name: `location_${axis + 1}`, label: `Location ${axis + 1}`, numeric: true },
      })),
      { name: 'true_weight', label: 'True weight', numeric: true },
      { name: 'raw_count', label: 'Samples', numeric: true },
      { name: 'reweighted', label: 'Reweighted', numeric: true },
      { name: 'high_quality', label: 'Good samples', numeric: true },
      { name: 'p_value', label: 'p', numeric: true },
      { name: 'nearest_found', label: 'Nearest found', numeric: true },
      { name: 'distance', label: 'Distance', numeric: true },
      { name: 'barrier_nats', label: 'Barrier', unit: 'nats', numeric: true },
    ],
    rows: card.missed.map((mode) => [
      numberCell(mode.mode, 0),
      textCell(modeName(card, mode.mode, signs)),
      textCell(standingLabels[standings.get(mode.mode) ?? 'found']),
      ...Array.from({ length: places }, (_, axis) => numberCell(locations?.[mode.mode]?.[axis] ?? null, 3)),
      numberCell(mode.weight, 4),
      numberCell(mode.count, 0),
      numberCell(mode.reweighted ?? null, 4),
      numberCell(mode.highQuality, 0),
      numberCell(mode.pValue, 4),
      numberCell(mode.nearest ?? null, 0),
      numberCell(mode.distance ?? null, 2),
      numberCell(mode.barrier ?? null, 2),
    ]),
  };
}

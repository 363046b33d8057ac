import { z } from 'zod';

/** What exact samples of the same sizes would show, from repeats. */
const coverageFloorSchema = z.object({
  mean: z.number(),
  /** 5 and 95 % of the repeats. */
  low: z.number(),
  high: z.number(),
  repeats: z.number(),
});

/** One metric of a card. What could not be computed is null with a reason, and never zero. */
const coverageMetricSchema = z.object({
  value: z.number().nullable(),
  /** Why the value is null, a sentence. */
  reason: z.string().optional(),
  /** Standard error. */
  error: z.number().optional(),
  /** 95 % */
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** With importance weights; the card's `ess` says what they are worth. */
  reweighted: z.number().optional(),
  reweightedError: z.number().optional(),
  /** Of exact samples of these sizes, from a formula. */
  expected: z.number().optional(),
  floor: coverageFloorSchema.optional(),
  sizes: z.object({ samples: z.number().optional(), reference: z.number().optional() }),
  seed: z.number(),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  seconds: z.number(),
});
export type CoverageMetric = z.infer<typeof coverageMetricSchema>;

/** A mode that was certainly missed. */
const missedModeSchema = z.object({
  mode: z.number(),
  weight: z.number(),
  count: z.number(),
  highQuality: z.number(),
  reweighted: z.number().optional(),
  pValue: z.number(),
  nearest: z.number().optional(),
  distance: z.number().optional(),
  /** nats */
  barrier: z.number().optional(),
});

/** Everything that is known of how well samples cover a target or generated items a data set. */
export const coverageCardSchema = z.object({
  /** A sampler with known truth, one without, or a generator held against real items. */
  situation: z.enum(['known-target', 'unknown-target', 'generator']),
  samples: z.number(),
  reference: z.number().nullable(),
  dim: z.number(),
  seed: z.number(),
  /** Effective share of the samples behind every reweighted value; null without weights. */
  ess: z.number().nullable(),
  /** By {@link coverageMetrics}' names. */
  metrics: z.record(z.string(), coverageMetricSchema),
  /** Bars of modes or classes, `[K]` each; left out where there are more than 4,096. */
  modes: z
    .object({
      labels: z.array(z.string()).optional(),
      weights: z.array(z.number()),
      raw: z.array(z.number()),
      /** Wilson, 95 %, of the raw shares. */
      low: z.array(z.number()),
      high: z.array(z.number()),
      reweighted: z.array(z.number()).optional(),
      reweightedErrors: z.array(z.number()).optional(),
    })
    .optional(),
  missed: z.array(missedModeSchema),
  /** Modes that these samples are too few to judge. */
  undecidable: z.array(z.number()),
  /** Each dimension by itself, `[d]`. */
  marginals: z
    .object({
      mean: z.array(z.number()),
      sd: z.array(z.number()),
      statistics: z.array(z.number()).optional(),
      limit: z.number().optional(),
      flagged: z.array(z.number()).optional(),
    })
    .optional(),
  /** Coverage of each class's real items, `[classes]`; null for a class without any. */
  classCoverage: z.array(z.number().nullable()).optional(),
  /** Maxima of a density whose modes are unknown. */
  maxima: z.array(z.object({ location: z.array(z.number()), logDensity: z.number(), samples: z.number() })).optional(),
  /** What must not be overlooked, a sentence each. */
  alarms: z.array(z.object({ id: z.string(), text: z.string() })),
});
export type CoverageCard = z.infer<typeof coverageCardSchema>;

export interface CoverageMetricInfo {
  readonly label: string;
  /** "none": neither, or not by itself. */
  readonly better: 'higher' | 'lower' | 'none';
  readonly unit?: 'nats' | 'bits';
}

const entry = (label: string, better: CoverageMetricInfo['better'], unit?: 'nats' | 'bits'): CoverageMetricInfo => ({
  label,
  better,
  ...(unit === undefined ? {} : { unit }),
});

/** Every metric by its name, in the order of a card. */
export const coverageMetrics = {
  modesFound: entry('Modes found', 'higher'),
  modesTouched: entry('Modes with any good sample', 'higher'),
  modesMissed: entry('Modes missed', 'lower'),
  highQuality: entry('High-quality fraction', 'higher'),
  weightTotalVariation: entry('Mode weights, total variation', 'lower'),
  weightMse: entry('Mode weights, mean squared error', 'lower'),
  weightMseRatio: entry('Mode weights, error over that of exact samples', 'lower'),
  weightPearson: entry('Mode weights, Pearson p-value', 'none'),
  weightForwardKl: entry('Mode weights, KL(truth ‖ samples)', 'lower', 'nats'),
  weightReverseKl: entry('Mode weights, KL(samples ‖ truth)', 'lower', 'nats'),
  weightJensenShannon: entry('Mode weights, Jensen–Shannon', 'lower', 'bits'),
  entropicCoverage: entry('Entropic mode coverage', 'none'),
  entropicCoverageRatio: entry('Entropic coverage over that of the truth', 'none'),
  entropicCoverageSoft: entry('Entropic coverage, soft', 'none'),
  elbo: entry('ELBO', 'higher', 'nats'),
  logZ: entry('log Z, from samples', 'none', 'nats'),
  logZError: entry('log Z error', 'lower', 'nats'),
  reverseKl: entry('KL(sampler ‖ target)', 'lower', 'nats'),
  ess: entry('ESS, reverse', 'higher'),
  perplexityEss: entry('ESS, perplexity', 'higher'),
  topShare: entry('Weight of the heaviest 1 %', 'lower'),
  paretoK: entry('Pareto k', 'lower'),
  eubo: entry('EUBO', 'lower', 'nats'),
  logZForward: entry('log Z, from the target’s side', 'none', 'nats'),
  forwardKl: entry('KL(target ‖ sampler)', 'lower', 'nats'),
  essForward: entry('ESS, forward', 'higher'),
  mmdUnit: entry('MMD², bandwidth 1', 'lower'),
  mmdUnitP: entry('MMD, bandwidth 1, permutation p-value', 'none'),
  mmdMedian: entry('MMD², median bandwidth', 'lower'),
  mmdMedianP: entry('MMD, median bandwidth, permutation p-value', 'none'),
  mmdSum: entry('MMD², five bandwidths', 'lower'),
  mmdBenchmark: entry('MMD, benchmark-compatible', 'lower'),
  energyDistance: entry('Energy distance', 'lower'),
  slicedW2: entry('Sliced W2', 'lower'),
  maxSlicedW2: entry('Max-sliced W2', 'lower'),
  gaussianW2: entry('Fréchet distance (Gaussian W2²)', 'lower'),
  exactW2: entry('W2', 'lower'),
  sinkhorn: entry('Sinkhorn divergence', 'lower'),
  ksd: entry('Kernel Stein discrepancy', 'lower'),
  marginalWorst: entry('Worst marginal, Kolmogorov–Smirnov', 'lower'),
  marginalsFlagged: entry('Marginals off', 'lower'),
  insideHole: entry('Samples inside the hole, share', 'lower'),
  conditionalWidth: entry('Width given another coordinate, log error', 'lower'),
  signCorrelation: entry('Strongest correlation of two signs', 'lower'),
  foldedVariances: entry('Variances of |x|, mean squared error', 'lower'),
  precision: entry('Precision', 'higher'),
  recall: entry('Recall', 'higher'),
  density: entry('Density', 'none'),
  coverage: entry('Coverage', 'higher'),
  classifierAccuracy: entry('Classifier two-sample accuracy', 'none'),
  neighbourAccuracy: entry('Nearest-neighbour accuracy', 'none'),
  nearestInRadii: entry('Nearest real item, in radii of its ball, median', 'lower'),
  memorised: entry('Nearer to training data than real items, share', 'none'),
  memorisedP: entry('Memorisation, Mann–Whitney p-value', 'none'),
  activeUnits: entry('Active units of the encoder', 'higher'),
} as const satisfies Record<string, CoverageMetricInfo>;
export type CoverageMetricName = keyof typeof coverageMetrics;

/** What a card shows first: no single score tells the whole. */
export const headlineCoverage = [
  'modesFound',
  'weightTotalVariation',
  'highQuality',
  'logZError',
  'ess',
  'essForward',
  'mmdMedian',
] as const satisfies readonly CoverageMetricName[];

/** Values that could be computed, by name: what results keep beside their other metrics. */
export function coverageValues(card: CoverageCard): Record<string, number> {
  return Object.fromEntries(
    Object.entries(card.metrics).flatMap(([name, { value }]) => (value === null ? [] : [[name, value]])),
  );
}

/** Which metric reacts to which failure, as a table of help. */
export const coverageFailures = {
  columns: [
    'Weights',
    'Entropic coverage',
    'ESS, ELBO',
    'log Z',
    'EUBO, forward ESS',
    'KSD',
    'MMD, small l',
    'W2',
    'Coverage',
    'Quality',
  ],
  rows: [
    ['Missing mode', 'yes', 'yes', 'no', 'yes', 'yes', 'no', 'yes', 'yes', 'yes', 'no'],
    ['Wrong weights', 'yes', 'if even', 'weakly', 'no', 'weakly', 'no', 'yes', 'yes', 'weakly', 'no'],
    ['Modes drawn inward', 'no', 'no', 'yes', 'no', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
    [
      'Too little variance',
      'no',
      'no',
      'yes, unless far too little',
      'maybe',
      'yes',
      'yes',
      'yes',
      'weakly',
      'yes',
      'no',
    ],
    ['Mass between modes', 'weakly', 'no', 'yes', 'no', 'weakly', 'yes', 'yes', 'weakly', 'weakly', 'yes'],
  ],
} as const;

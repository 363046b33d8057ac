import { z } from 'zod';
import { coverageCardSchema } from './coverage';

/**
 * What a bound is a bound on, always in nats. IBAL is the implicit Barber–Agakov bound of a critic, itself a lower bound on MI. The
 * logarithm of an event's probability has estimates and no bounds.
 */
export const quantities = ['mi', 'log-px', 'log-z', 'ibal', 'log-probability'] as const;
export type Quantity = (typeof quantities)[number];

const boundSchema = z.object({
  quantity: z.enum(quantities),
  estimator: z.string(),
  side: z.enum(['lower', 'upper', 'estimate']),
  /** Mean over the data, nats. Null when it could not be computed; a warning then says why. */
  value: z.number().nullable(),
  /** Half-width of the 95 % interval over data (Student t), nats. Null with fewer than two data. */
  ci95: z.number().nullable(),
  /** Data averaged over. */
  n: z.number(),
  /** The distribution that samples or chains start from: "prior", "gaussian", or a proposal's name. */
  base: z.string().optional(),
  /** The method's name, in runs with several. */
  method: z.string().optional(),
  /** The critic's name. */
  critic: z.string().optional(),
  /** K: chains or samples for each datum. */
  samples: z.number().optional(),
  /**
   * The two terms of a bound that decomposes, nats: that of Barber–Agakov, and the contrastive one, which is at most log K.
   */
  terms: z.object({ ba: z.number().nullable(), contrastive: z.number().nullable() }).optional(),
  /** Seconds that the samples or chains behind it took, training left out. */
  seconds: z.number().optional(),
});
export type Bound = z.infer<typeof boundSchema>;

/** One curve: a diagnostic along the temperatures, a bound along the rounds. */
const seriesSchema = z.object({
  name: z.string(),
  x: z.object({ label: z.string(), values: z.array(z.number()) }),
  y: z.object({ label: z.string(), unit: z.string().optional(), values: z.array(z.number().nullable()) }),
});
export type Series = z.infer<typeof seriesSchema>;

const perDatumSchema = z.object({
  /** log p(x | z*) of the exact posterior sample, nats; absent for data without one. */
  logLikelihood: z.array(z.number().nullable()).optional(),
  /** Bounds on log p(x) of each datum by estimator, nats. */
  bounds: z.array(
    z.object({
      estimator: z.string(),
      side: z.enum(['lower', 'upper']),
      values: z.array(z.number().nullable()),
      base: z.string().optional(),
      critic: z.string().optional(),
      samples: z.number().optional(),
    }),
  ),
});
export type PerDatum = z.infer<typeof perDatumSchema>;

/** A factorised normal that a method ends in. */
const approximationSchema = z.object({
  method: z.string(),
  mean: z.array(z.number()),
  std: z.array(z.number()),
});
export type Approximation = z.infer<typeof approximationSchema>;

/** What a picture of a target shows: its density where that is known, samples, and normals, on one or two axes. */
const pictureSchema = z.object({
  /** One label in one dimension, two in a plane. */
  axes: z.array(z.string()).min(1).max(2),
  /** Log density, normalised where log Z is known: over `x`, or row by row of `y` over `x`. */
  density: z
    .object({ x: z.array(z.number()), y: z.array(z.number()).optional(), values: z.array(z.number().nullable()) })
    .optional(),
  /** Points of each method, `[x]` or `[x, y]` each. "target" are exact samples. */
  samples: z.array(z.object({ method: z.string(), points: z.array(z.array(z.number())) })),
  /** The approximations as they appear on the axes: covariance row by row. */
  normals: z.array(z.object({ method: z.string(), mean: z.array(z.number()), covariance: z.array(z.number()) })),
  /** The edge of a rare event: a polyline in a plane, or single points on an axis. */
  edge: z.array(z.array(z.number())).optional(),
});
export type Picture = z.infer<typeof pictureSchema>;

/**
 * Where the draws of a method are on the way from its start to the target: after some transitions of an annealed path, after each block of
 * a flow. Seen on the axes of the picture.
 */
const stagesSchema = z.object({
  method: z.string(),
  by: z.enum(['transition', 'block']),
  /** One label in one dimension, two in a plane. */
  axes: z.array(z.string()).min(1).max(2),
  stages: z.array(
    z.object({
      /** k, from 0 for the start. */
      index: z.number(),
      /** β of the density that the stage aims at. */
      beta: z.number().nullable(),
      /** `[x]` or `[x, y]` each; the same draw at the same place in each stage. At most 600. */
      points: z.array(z.array(z.number())),
      /** log Z_k of that density as its draws estimate it, nats, and their effective sample size as a share, where they have weights. */
      logZ: z.number().nullable().optional(),
      ess: z.number().nullable().optional(),
      /** log Z_k by quadrature, nats, where the target has one dimension or two. */
      truth: z.number().nullable().optional(),
    }),
  ),
  /** Along each axis: edges of bins, and how many draws are in each, stage by stage. */
  histograms: z.array(z.object({ edges: z.array(z.number()), counts: z.array(z.array(z.number())) })).optional(),
});
export type Stages = z.infer<typeof stagesSchema>;

/** A sheet of small images: what a model makes of data, or draws by itself. */
const imagesSchema = z.object({
  /**
   * "reconstructions": rows of data, each with what becomes of it in the row below; "samples": drawn from the model; "classes" and
   * "missed-classes": a row of drawn and of real items a class.
   */
  name: z.enum(['reconstructions', 'samples', 'classes', 'missed-classes']),
  rows: z.number(),
  columns: z.number(),
  height: z.number(),
  width: z.number(),
  channels: z.number(),
  /** Bytes 0 to 255 as base64, image by image: `[rows, columns, height, width, channels]`. */
  pixels: z.string(),
  /** Updates of the training before them. */
  iteration: z.number(),
});
export type RunImages = z.infer<typeof imagesSchema>;

/** A scatter of what a card of mode coverage counts: points, which mode each is of, and where the modes are. */
const coverageViewSchema = z.object({
  /** One label in one dimension, two in a plane. */
  axes: z.array(z.string()).min(1).max(2),
  /** `[x]` or `[x, y]` each, at most 5,000. */
  points: z.array(z.array(z.number())),
  /** Of each point: its mode, or null where it is of none. */
  modes: z.array(z.number().nullable()),
  /** Of each point: whether it counts as good. */
  good: z.array(z.boolean()),
  /** Of each point: its importance weight, 1 on average. */
  weights: z.array(z.number()).optional(),
  /** Where each mode is, in the order of the card. */
  locations: z.array(z.array(z.number())).optional(),
  /** Real items on the same axes, at most 5,000, and whether a generated one is near each. */
  reference: z.object({ points: z.array(z.array(z.number())), covered: z.array(z.boolean()) }).optional(),
  /** Signs of each mode by coordinate where modes are patterns of signs, as "+-+": the order of the heat map. */
  signs: z.array(z.string()).optional(),
  /** Share of positive draws by coordinate, where modes are patterns of signs, and what it should be. */
  balance: z.object({ share: z.array(z.number()), expected: z.array(z.number()) }).optional(),
});
export type CoverageView = z.infer<typeof coverageViewSchema>;

/** How well the draws of a method, or the items of a generator, cover what they should. */
const coverageOfSchema = z.object({
  /** As `metrics` calls it; "model" for a generator. */
  method: z.string(),
  card: coverageCardSchema,
  view: coverageViewSchema.optional(),
});
export type CoverageOf = z.infer<typeof coverageOfSchema>;

/** What a run leaves behind. Checks outside this project read this shape: extend it, never change it. */
export const resultSchema = z.object({
  run: z.string(),
  kind: z.string(),
  /** The run file with every default filled in. */
  spec: z.record(z.string(), z.unknown()),
  device: z.string(),
  status: z.enum(['done', 'failed', 'cancelled']),
  seconds: z.number(),
  bounds: z.array(boundSchema),
  metrics: z.record(z.string(), z.unknown()),
  diagnostics: z.record(z.string(), z.unknown()),
  warnings: z.array(z.string()),
  /** Which of the warnings only say how something was understood, such as what the classes of a data set are. */
  notes: z.array(z.string()).optional(),
  series: z.array(seriesSchema),
  artifacts: z.array(z.object({ name: z.string(), path: z.string(), sha256: z.string() })),
  perDatum: perDatumSchema.optional(),
  approximations: z.array(approximationSchema).optional(),
  picture: pictureSchema.optional(),
  /** Of methods whose draws travel from a start to the target. */
  stages: z.array(stagesSchema).optional(),
  /** Of methods that draw, and of generators held against a reference. */
  coverage: z.array(coverageOfSchema).optional(),
  /** Of runs that train a model of images, or draw from one. */
  images: z.array(imagesSchema).optional(),
  /** Why a run failed, and what to change. */
  error: z.string().optional(),
});
export type Result = z.infer<typeof resultSchema>;

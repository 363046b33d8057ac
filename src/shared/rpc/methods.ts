import { z } from 'zod';
import type { DatasetEntry, ImageGrid, ModelEntry } from '../library';
import { deviceNames, layerSchema, likelihoodSchema } from '../runFile';
import type { RunFile } from '../runFile';
import type { Bound } from '../result';
import type { RunDetail, RunOutline, RunRow } from '../runRecord';
import { method } from './method';

const id = z.strictObject({ id: z.string().min(1).max(100) });
const ids = z.strictObject({ ids: z.array(z.string().min(1).max(100)).min(1).max(10_000) });
const hash = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
/** A file that was uploaded to the engine, or a path on the engine's own machine that a native dialog gave. */
const fileSource = z.union([
  z.strictObject({ upload: z.string().min(1).max(100), name: z.string().min(1).max(300) }),
  z.strictObject({ path: z.string().min(1).max(4096) }),
]);

/** Runs that one call of `runs.getMany` may ask for. */
export const mostOutlines = 200;

/** What the engine is and where it keeps things. */
export interface SystemInfo {
  readonly version: string;
  readonly node: string;
  /** Its version, where the engine runs in it. */
  readonly electron: string | null;
  /** What computes: "ONNX Runtime 1.30.0". Null until the devices have been tried. */
  readonly runtime: string | null;
  readonly platform: string;
  readonly home: string;
  readonly host: 'electron' | 'browser';
  /** Empty until they have been tried, which takes seconds; `system.changed` then has them. */
  readonly devices: readonly { readonly name: string; readonly available: boolean; readonly detail: string }[];
}

/** A number of a paper, and which of a run's own bounds stands beside it: what is left out may be anything. */
export interface PublishedNumber {
  readonly label: string;
  readonly quantity?: Bound['quantity'] | undefined;
  readonly estimator?: string | undefined;
  readonly side?: Bound['side'] | undefined;
  readonly base?: string | undefined;
  readonly critic?: string | undefined;
  readonly samples?: number | undefined;
  /** Of the round with so many, rather than of the last. */
  readonly temperatures?: number | undefined;
  /** The method's name in the run's results. With the side "estimate" its log-mean-exp is meant, else its bound. */
  readonly method?: string | undefined;
  /** nats */
  readonly value: number;
  readonly note?: string | undefined;
}

export interface RecipeEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly reference: string | null;
  /** At its usual scale. */
  readonly run: RunFile;
  /** How large it can be run, the usual scale first; empty where it has one size. */
  readonly scales?: readonly { readonly name: string; readonly run: RunFile }[];
  readonly published?: readonly PublishedNumber[];
  /** What to do before it can be run, where it needs a file that does not come along. */
  readonly requires?: string | null;
  /** Those files that are not there. */
  readonly missing?: readonly string[];
  readonly directory: string;
  /** The newest run that was started from it. */
  readonly lastRun: string | null;
}

/** What a run will cost, measured on the device with the model's own gradient. */
export interface Estimate {
  readonly seconds: number;
  /** Bytes that the run process will need at its largest. */
  readonly bytes: number;
  /** Of one value-and-gradient evaluation of one batch. */
  readonly gradientSeconds: number;
  readonly rows: number;
  readonly gradientEvaluations: number;
}

/** A problem in a run file, for the field it concerns. */
export interface SpecProblem {
  /** "ais.chains"; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * Every call that a window can make of the engine. Both ends derive their types from this one map; the engine parses the
 * parameters with the schemas here before any handler sees them.
 */
export const methods = {
  'system.info': method(z.strictObject({})).returns<SystemInfo>(),

  'runs.list': method(z.strictObject({})).returns<readonly RunRow[]>(),
  'runs.get': method(id).returns<RunDetail>(),
  /** Several at once, in the order asked for; those that are not there are left out. */
  'runs.getMany': method(z.strictObject({ ids: z.array(z.string().min(1).max(100)).min(1).max(mostOutlines) })).returns<
    readonly RunOutline[]
  >(),
  /** Checks a run file and queues it. `directory` is where its relative paths start; the data folder when left out. */
  'runs.create': method(
    z.strictObject({
      spec: z.unknown(),
      directory: z.string().max(4096).optional(),
      recipe: z.string().max(200).optional(),
      tags: z.array(z.string().min(1).max(60)).max(20).optional(),
    }),
  ).returns<{ readonly id: string }>(),
  'runs.check': method(z.strictObject({ spec: z.unknown() })).returns<{ readonly problems: readonly SpecProblem[] }>(),
  'runs.estimate': method(
    z.strictObject({ spec: z.unknown(), directory: z.string().max(4096).optional() }),
  ).returns<Estimate>(),
  'runs.cancel': method(id).returns<null>(),
  'runs.pause': method(id).returns<null>(),
  'runs.resume': method(id).returns<null>(),
  'runs.remove': method(ids).returns<null>(),
  'runs.restore': method(ids).returns<null>(),
  'runs.annotate': method(
    z.strictObject({
      id: z.string().min(1).max(100),
      name: z.string().min(1).max(200).optional(),
      notes: z.string().max(20_000).optional(),
      tags: z.array(z.string().min(1).max(60)).max(20).optional(),
    }),
  ).returns<RunRow>(),

  'models.list': method(z.strictObject({})).returns<readonly ModelEntry[]>(),
  'models.import': method(fileSource).returns<ModelEntry>(),
  'models.update': method(
    hash.extend({
      name: z.string().min(1).max(200).optional(),
      decoder: z.array(layerSchema).min(1).max(200).optional(),
      likelihood: likelihoodSchema.optional(),
    }),
  ).returns<ModelEntry>(),
  'models.remove': method(hash).returns<null>(),
  /** Means of p(x | z) for z drawn from the prior. */
  'models.samples': method(hash.extend({ count: z.int().min(1).max(256), seed: z.int().min(0) })).returns<ImageGrid>(),
  /** Means of p(x | z) along each of the first latent dimensions, from −3 to 3, the others at 0 or at a draw from the prior. */
  'models.traversal': method(
    hash.extend({
      dimensions: z.int().min(1).max(32),
      steps: z.int().min(2).max(32),
      seed: z.int().min(0).optional(),
    }),
  ).returns<ImageGrid>(),

  'datasets.list': method(z.strictObject({})).returns<readonly DatasetEntry[]>(),
  /** `array` names one of an archive that holds several. */
  'datasets.import': method(
    z.union([
      fileSource.options[0].extend({ array: z.string().max(300).optional() }),
      fileSource.options[1].extend({ array: z.string().max(300).optional() }),
    ]),
  ).returns<DatasetEntry>(),
  'datasets.remove': method(hash).returns<null>(),
  'datasets.preview': method(
    hash.extend({ offset: z.int().min(0), count: z.int().min(1).max(256) }),
  ).returns<ImageGrid>(),

  'recipes.list': method(z.strictObject({})).returns<readonly RecipeEntry[]>(),

  'settings.get': method(z.strictObject({})).returns<Settings>(),
  'settings.set': method(
    z.strictObject({
      theme: z.enum(['system', 'light', 'dark']).optional(),
      device: z.enum(deviceNames).optional(),
      parallelRuns: z.int().min(1).max(8).optional(),
    }),
  ).returns<Settings>(),

  /** Draws a figure that a page has described as an SVG into another format. Sizes in millimetres and points. */
  'export.figure': method(
    z.strictObject({
      svg: z.string().max(20_000_000),
      format: z.enum(['svg', 'pdf', 'png']),
      width: z.number().min(20).max(500),
      name: z.string().min(1).max(200),
    }),
  ).returns<{ readonly base64: string; readonly mime: string; readonly name: string }>(),
} as const;

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly device: (typeof deviceNames)[number];
  readonly parallelRuns: number;
}

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type Params<M extends MethodName> = z.input<Methods[M]['params']>;
export type Parsed<M extends MethodName> = z.output<Methods[M]['params']>;
export type Returns<M extends MethodName> = Methods[M]['result'];

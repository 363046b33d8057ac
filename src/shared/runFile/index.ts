import { z } from 'zod';
import { aisSchema, contrastiveSchema, iwaeSchema } from './ais';
import { coverageRunSchema, targetCoverageSchema } from './coverage';
import { deviceNames } from './devices';
import { greyLevels } from './greyLevels';
import { importanceFlowSchema, type ImportanceFlowSpec } from './importanceFlow';
import { criticSchema, proposalSchema } from './learned';
import { methodSchema, type MethodSpec } from './methods';
import { modelSchema } from './model';
import { targetSchema, type TargetOf } from './target';
import { vaeRunSchema, type VaeBoundSpec, type VaeRunSpec } from './vae';

export * from './ais';
export * from './coverage';
export * from './devices';
export * from './importanceFlow';
export * from './learned';
export * from './model';
export * from './methods';
export * from './target';
export * from './vae';
export { criticNeeds } from './criticNeeds';
export { inputFiles, type InputFile } from './inputs';
export { maximumRunFileBytes, parseJsonText } from './jsonText';
export { applySettings } from './override';
export { parseRunFile, RunFileError } from './parse';

/** Estimators of log p(x) and I(x; z), by the names that results use. */
export const estimators = [
  'im-ais',
  'cr-ais',
  'bdmc',
  'ais',
  'ir-ais',
  'ba',
  'iwae',
  'riwae',
  's-infonce',
  'infonce',
  'giwae',
  'ibal',
  'mine-dv',
  'mine-f',
  'gmine-dv',
  'gmine-f',
] as const;
export type Estimator = (typeof estimators)[number];

export const simulateSchema = z.strictObject({
  simulate: z
    .int()
    .min(1)
    .max(1_000_000)
    .describe('How many pairs (z, x) to draw from the model. Each x comes with one exact posterior sample.'),
});

export const fileDataSchema = z.strictObject({
  file: z.string().min(1).describe('IDX, NumPy or CSV file, relative to the run file.'),
  array: z.string().optional().describe('Which array of an npz archive.'),
  offset: z.int().min(0).default(0).describe('How many data to skip.'),
  limit: z.int().min(1).default(128).describe('How many data to use.'),
  ...greyLevels,
});
export type FileDataSpec = z.infer<typeof fileDataSchema>;

const common = {
  name: z.string().max(200).optional().describe('What this run is called in tables.'),
  model: modelSchema,
  estimators: z
    .array(z.enum(estimators))
    .min(1)
    .default(['im-ais', 'cr-ais', 'iwae'])
    .describe('Which bounds to compute.'),
  ais: aisSchema.prefault({}).describe('Annealed importance sampling.'),
  iwae: iwaeSchema.prefault({}).describe('Importance-weighted bounds without annealing.'),
  contrastive: contrastiveSchema.prefault({}).describe('Bounds that compare the true z with others by a critic.'),
  proposals: z
    .array(proposalSchema)
    .max(8)
    .default([])
    .describe('Learned distributions q(z | x), trained before anything is bounded.'),
  critics: z.array(criticSchema).max(12).default([]).describe('Learned critics T(x, z), trained after the proposals.'),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('Fixes every random number of the run.'),
  device: z.enum(deviceNames).default('cpu').describe('Where to compute.'),
};

export const mutualInformationSchema = z.strictObject({
  kind: z.literal('mutual-information'),
  ...common,
  data: simulateSchema,
});
export type MutualInformationSpec = z.infer<typeof mutualInformationSchema>;

export const evidenceSchema = z.strictObject({
  kind: z.literal('evidence'),
  ...common,
  data: z.union([simulateSchema, fileDataSchema]),
});
export type EvidenceSpec = z.infer<typeof evidenceSchema>;

export const targetRunSchema = z.strictObject({
  kind: z.literal('target'),
  name: common.name,
  target: targetSchema,
  methods: z
    .array(methodSchema)
    .min(1)
    .max(16)
    .describe('What is fitted to the target or samples it, one after the other.'),
  evaluate: z
    .strictObject({
      samples: z
        .int()
        .min(2)
        .max(16_000_000)
        .default(4096)
        .describe('Draws that bounds, weights and moments are taken from.'),
      coverage: targetCoverageSchema,
    })
    .prefault({})
    .describe('How each method is judged once it is trained.'),
  precision: z
    .enum(['float32', 'float64'])
    .default('float32')
    .describe('Doubles for targets whose conditioning breaks single floats; on the device "cpu" only.'),
  seed: common.seed,
  device: common.device,
});
export type TargetRunSpec = z.infer<typeof targetRunSchema>;

/** A run file: everything that decides a run. Strict: a field that is not here is an error. */
export const runFileSchema = z.discriminatedUnion('kind', [
  mutualInformationSchema,
  evidenceSchema,
  targetRunSchema,
  vaeRunSchema,
  importanceFlowSchema,
  coverageRunSchema,
]);
export type RunFile = z.infer<typeof runFileSchema>;

/** A run that bounds log p(x) or I(x; z) of a model. */
export type ModelRunSpec = MutualInformationSpec | EvidenceSpec;

export function isModelRun(spec: RunFile): spec is ModelRunSpec {
  return spec.kind === 'mutual-information' || spec.kind === 'evidence';
}

/** What a run trains or runs one after the other, each by the name that its results carry. */
export type Component =
  | ModelRunSpec['proposals'][number]
  | ModelRunSpec['critics'][number]
  | NamedMethod
  | VaeComponent
  | FlowComponent
  | NiceComponent;

/** All networks of a VAE, which are trained together. */
export interface VaeComponent {
  readonly type: 'vae';
  readonly name: 'vae';
  readonly bound: VaeBoundSpec;
  readonly model: VaeRunSpec['model'];
}

/** The flow of a run of kind `importance-flow`, or the ratio networks that learn from its draws. */
export interface FlowComponent {
  readonly type: 'importance-flow' | 'density-ratio';
  readonly name: 'flow' | 'ratio';
  readonly spec: ImportanceFlowSpec;
}

/** A NICE flow that a run trains before its methods, whose target it is. */
export interface NiceComponent {
  readonly type: 'nice';
  readonly name: 'nice';
  readonly target: TargetOf<'nice'>;
}

/** A method with the name that results call it: its type, numbered where there are several of it. */
export type NamedMethod = MethodSpec & { readonly name: string };

export function namedMethods(methods: readonly MethodSpec[]): NamedMethod[] {
  const seen = new Map<string, number>();
  return methods.map((each) => {
    const count = (seen.get(each.type) ?? 0) + 1;
    seen.set(each.type, count);
    return { ...each, name: count === 1 ? each.type : `${each.type}-${count}` };
  });
}

export function componentsOf(spec: RunFile): readonly Component[] {
  switch (spec.kind) {
    case 'target':
      return [
        ...(spec.target.type === 'nice' && spec.target.train !== undefined
          ? [{ type: 'nice', name: 'nice', target: spec.target } as const]
          : []),
        ...namedMethods(spec.methods),
      ];
    case 'vae':
      return [{ type: 'vae', name: 'vae', bound: spec.bound, model: spec.model }];
    case 'coverage':
      return [];
    case 'importance-flow':
      return [
        { type: 'importance-flow', name: 'flow', spec },
        ...(spec.ratio === undefined ? [] : [{ type: 'density-ratio', name: 'ratio', spec } as const]),
      ];
    default:
      return [...spec.proposals, ...spec.critics];
  }
}

import type { TargetShape } from '../targets/types';
import type { AssignmentRule } from './assignment';
import type { Climbable } from './clusters';
import type { Points } from './points';

/** What is at hand. Whatever is left out makes its metrics null, with a reason. */
export interface CoverageInputs {
  readonly situation: 'known-target' | 'unknown-target' | 'generator';
  /** Samples of the model: of a sampler, or features of generated items. */
  readonly samples: Points;
  /** Exact samples of the target, or features of real items. */
  readonly reference?: Points | undefined;
  /** Draws further exact samples, for floors; without it halves of the reference are compared. */
  readonly exact?: ((count: number, seed: number) => Points) | undefined;
  /** log q̃(x_i) − log ρ(x_i), `[n]`, or the sampler's own log weights; nats. */
  readonly logWeights?: Float64Array | undefined;
  /** log q̃(y_j) − log ρ(y_j) of the reference, `[m]`, nats. */
  readonly referenceLogRatios?: Float64Array | undefined;
  /** Of the target, nats. */
  readonly logZ?: number | undefined;
  /** ∇ log q̃ of the samples, `[n, d]`. */
  readonly scores?: Points | undefined;
  /** How samples belong to modes; "labels" for classes of generated items. */
  readonly rule?: AssignmentRule | undefined;
  /** Which samples count as good where no distance to a mode tells, `[n]`, and what share of exact ones would. */
  readonly good?: { readonly which: Uint8Array; readonly expected?: number } | undefined;
  /** True weights of modes, or shares of classes in the reference, `[K]`. */
  readonly modeWeights?: ArrayLike<number> | undefined;
  readonly modeLabels?: readonly string[] | undefined;
  /** `[K, d]` */
  readonly modeLocations?: Points | undefined;
  /** Classes of the reference, `[m]`. */
  readonly referenceLabels?: ArrayLike<number> | undefined;
  /** What a target says of itself beside modes and marginals. */
  readonly shape?: TargetShape | undefined;
  /** Exact distribution functions of the marginals. */
  readonly cdf?: ((dimension: number, value: number) => number) | undefined;
  /** log q̃ of rows, for the barriers before missed modes. */
  readonly logDensity?: ((points: Points) => Promise<Float64Array> | Float64Array) | undefined;
  /** For maxima of a density whose modes are unknown. */
  readonly climb?: Climbable | undefined;
  /** Independent samples that these are worth, where they are of chains; 0 where nothing is known of that, which leaves tests out. */
  readonly effective?: number | undefined;
}

/** Parameters of the metrics; see {@link defaults}. */
export interface CoverageOptions {
  readonly seed: number;
  readonly tau: number;
  readonly alpha: number;
  /** Permutations of MMD's test; 0 leaves it out. */
  readonly permutations: number;
  readonly directions: number;
  /** Whether to add the number of another benchmark, for comparison only. */
  readonly benchmarkMmd: boolean;
  readonly sinkhorn: {
    readonly tolerance: number;
    readonly iterations: number;
    readonly cap: number;
    readonly epsilon?: number;
  };
  /** Largest sets that are matched; 0 leaves exact W2 out. */
  readonly exactCap: number;
  readonly steinCap: number;
  /** Largest sets whose pairs are all looked at. */
  readonly pairsCap: number;
  readonly k: number;
  /** Samples that climb to maxima of a density whose modes are unknown. */
  readonly starts: number;
  /** Repeats on exact pairs of the same sizes; 0 for none. Each costs as much as the two-sample metrics themselves. */
  readonly floors: number;
}

export const defaults: CoverageOptions = {
  seed: 0,
  tau: 0.1,
  alpha: 0.01,
  permutations: 500,
  directions: 200,
  benchmarkMmd: false,
  sinkhorn: { tolerance: 1e-4, iterations: 2000, cap: 2000 },
  exactCap: 2000,
  steinCap: 3000,
  pairsCap: 10_000,
  k: 5,
  starts: 500,
  floors: 10,
};

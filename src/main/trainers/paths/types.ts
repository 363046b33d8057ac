// Annealed paths of ULA and UHA (Doucet, Grathwohl, Matthews and Strathmann 2022): what they need, what they give, and what a score
// network is told of them. R rows, d coordinates, K transitions; matrices are flat and row-major; log densities in nats.

export type Floats = Float32Array | Float64Array;

/** What a path needs of its unnormalised density γ. Rows do not depend on each other. */
export interface PathFields {
  /** R */
  readonly rows: number;
  /** d */
  readonly dim: number;
  /** Arrays of the kind that the programs read and write without converting. */
  readonly make: (length: number) => Floats;
  /** ∇ log γ of rows z `[R, d]`, into `force` `[R, d]`. */
  force(z: Floats, force: Floats): Promise<void>;
  /**
   * The Hessian of log γ times `direction`, into `out`; all `[R, d]`. Fields whose density has weights of its own also add the gradient
   * of Σ direction · ∇log γ(z) with respect to those to a sum that they keep.
   */
  curvature(z: Floats, direction: Floats, out: Floats): Promise<void>;
  /** log γ, into `value` `[R]`, and where asked for ∇ log γ, into `force` `[R, d]`. */
  end(z: Floats, value: Floats, force?: Floats): Promise<void>;
  /** Adds the gradient of Σ_r cotangent_r log γ(z_r) with respect to weights to the same sum. Only where there are weights. */
  endGradient?(z: Floats, cotangent: Float64Array): Promise<void>;
  dispose(): Promise<void>;
}

/** The factorised normal π₀ that paths start from: vectors `[d]`, or `[R, d]` where each row has its own, as of an encoder. */
export interface Start {
  readonly mean: Float64Array;
  readonly logVariance: Float64Array;
}

/** Numbers of the transitions. */
export interface Coefficients {
  /** β_1 … β_K of log γ_k = (1 − β_k) log π₀ + β_k log γ; the last is 1. */
  readonly betas: Float64Array;
  /** δ_1 … δ_K */
  readonly steps: Float64Array;
  /** h ∈ (0, 1), the share of a momentum that is kept. Not read by overdamped paths. */
  readonly refreshment: number;
  /** The diagonal of M, `[d]`. Not read by overdamped paths. */
  readonly mass: Float64Array;
}

/** Cotangents in the layouts of `Start` and `Coefficients`. */
export interface PathGradient {
  readonly start: Start;
  readonly betas: Float64Array;
  readonly steps: Float64Array;
  readonly refreshment: number;
  readonly mass: Float64Array;
}

/** Standard normals `[R, d]`. */
export interface PathNoise {
  /** Of x₀; not asked for by reverse paths. */
  position(out: Floats): void;
  /** Of p₀, or of p_K for reverse paths; asked for by underdamped ones. */
  momentum(out: Floats): void;
  /** Of transition k = 1 … K. */
  transition(out: Floats, k: number): void;
}

export type Dynamics = 'overdamped' | 'underdamped';
export type Integrator = 'kick-drift-kick' | 'drift-kick-drift';
/** The mean of the backward refreshment: h[p̃ − 2 log(h) M ŝ] of the paper, or Tweedie's h p̃ + ((1 − h²)/h) M ŝ. */
export type BackwardMean = 'paper' | 'tweedie';

export interface PathOptions {
  readonly dynamics: Dynamics;
  /** Of underdamped paths. Default kick-drift-kick. */
  readonly integrator?: Integrator;
  /** Of underdamped paths. Default that of the paper. */
  readonly backwardMean?: BackwardMean;
  /** K */
  readonly steps: number;
  /** Whether paths will be differentiated. */
  readonly gradients: boolean;
  /** Whether states of all transitions are kept until the next run; always so where gradients are asked for. Default `gradients`. */
  readonly keep?: boolean;
}

/**
 * What a score network ŝ is given for transition k, without copying: views that belong to the path and are valid until its next run
 * (only within `visit` where states are not kept).
 */
export interface ScoreInput {
  /** x_k of overdamped paths, x_{k−1} of underdamped ones, `[R, d]`. */
  readonly position: Floats;
  /** p̃_k of underdamped paths, `[R, d]`. */
  readonly momentum?: Floats;
}

/**
 * How ŝ changes log w. Overdamped and underdamped paths differ in nothing but these numbers: transition k adds, for each row,
 *
 *     linear · ŝ·r − ½ Σ_i quadratic_i ŝ_i²,
 *
 * where r is `residual(k)`: where the backward kernel has to go less its mean at ŝ = 0. So with c = linear · r the cotangent of ŝ is
 * w̄ (c − quadratic ⊙ ŝ), and a program that has ŝ as a graph can take Σ_r w̄_r (ŝ·c_r − ½ ŝ·quadratic ŝ) as its objective.
 */
export interface CorrectionWeights {
  readonly linear: number;
  /** `[d]` */
  readonly quadratic: Float64Array;
}

/** ŝ of one transition in the pass backward, and what the network's own pass backward gave. Read at once, never kept. */
export interface ScoreCotangents {
  /** ŝ, `[R, d]`, the same as was given to `correct`. */
  readonly score: Floats;
  /** The network's cotangent of `ScoreInput.position`, `[R, d]`, of the objective in `CorrectionWeights`. Left out: none. */
  readonly position?: Floats;
  /** That of `ScoreInput.momentum`, `[R, d]`. */
  readonly momentum?: Floats;
}

/**
 * Gives ŝ and the network's cotangents of transition k. Called once for each k = K … 1, in that order, so that a network may work through
 * chunks of several whole transitions and hand out views of them.
 */
export type BackwardScore = (k: number) => ScoreCotangents | Promise<ScoreCotangents>;

/** ŝ of transition k at rows of a reverse path, into `out` `[R, d]`. */
export type ForwardScore = (k: number, input: ScoreInput, out: Floats) => Promise<void> | void;

/**
 * Paths forward. The proposal never depends on ŝ, only the backward kernels do: a run is made with ŝ = 0, which is plain ULA or UHA, and
 * ŝ is put in afterwards, for all transitions at once or in chunks of whole ones:
 *
 *     await path.run(start, coefficients, noise);
 *     for each k, in any order and each once:  ŝ = network(path.scoreInput(k));  path.correct(k, ŝ)
 *     gradient = await path.gradient(cotangent, (k) => ({ score, position, momentum }));
 *
 * For a network alone, with paths held still, `correctionGradient` is all that is needed and `gradient` is not called.
 * Rows that leave the numbers are parked at the start's mean from there on, so that every array that a network or a program reads is finite;
 * their log weight is NaN and `broken` says where. Their cotangents must be zero, and their gradient is then zero.
 */
export interface AnnealedPaths {
  readonly rows: number;
  readonly dim: number;
  /** K */
  readonly steps: number;
  /** log w of the last run, with the corrections made since, `[R]`. */
  readonly logWeights: Float64Array;
  /** For each row k of the first transition after which it was not finite or |x| > 10⁶, 0 for the start, −1 where all is well. */
  readonly broken: Int32Array;
  /** x_K, `[R, d]`. */
  readonly ends: Floats;
  /**
   * Draws all rows and fills `logWeights` with those of ŝ = 0.
   * @param visit called after each transition k, with what `scoreInput`, `residual` and `correct` say of it; needed only where states are
   * not kept. The path waits for it.
   */
  run(
    start: Start,
    coefficients: Coefficients,
    noise: PathNoise,
    visit?: (k: number) => Promise<void> | void,
  ): Promise<void>;
  /** x_k, `[R, d]`, for k = 0 … K where states are kept. */
  position(k: number): Floats;
  /** k = 1 … K */
  scoreInput(k: number): ScoreInput;
  /** r of transition k, written into `out` `[R, d]`, which may be a part of a larger array. */
  residual(k: number, out: Floats): void;
  correctionWeights(k: number): CorrectionWeights;
  /** Adds what ŝ changes at transition k to `logWeights`. */
  correct(k: number, score: Floats): void;
  /** The cotangent of ŝ at transition k, written into `out` `[R, d]`, from those of log w `[R]`. */
  correctionGradient(k: number, score: Floats, cotangent: Float64Array, out: Floats): void;
  /**
   * The gradient of Σ_r cotangent_r · log w_r at the last run, through start, noise, forces, coefficients and, where given, ŝ.
   * Its arrays are new. The fields' weights get theirs through `curvature` and `endGradient`.
   */
  gradient(cotangent: Float64Array, score?: BackwardScore): Promise<PathGradient>;
  dispose(): Promise<void>;
}

/**
 * Paths backward: from exact samples of the target to the start by the backward kernels, with ŝ asked for step by step. log w of those
 * paths is the same ratio Γ/Q; its mean is at least log Z, and E[1/w] = 1/Z.
 */
export interface ReversePaths {
  readonly rows: number;
  readonly dim: number;
  readonly steps: number;
  /** log w of the last run, `[R]`. */
  readonly logWeights: Float64Array;
  /** As of paths forward: k of the transition whose backward kernel led there, K for the sample itself. */
  readonly broken: Int32Array;
  /** x₀, `[R, d]`. */
  readonly starts: Floats;
  /**
   * @param samples exact samples of the target, `[R, d]`
   * @param score nothing for plain ULA and UHA
   */
  run(samples: Floats, start: Start, coefficients: Coefficients, noise: PathNoise, score?: ForwardScore): Promise<void>;
  dispose(): Promise<void>;
}

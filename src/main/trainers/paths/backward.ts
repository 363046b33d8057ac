import { correctionCotangents, type WeightCotangents } from './correction';
import type { Kernel, PathStates } from './states';
import type { Floats, ScoreCotangents } from './types';

/** Sums over rows of the cotangents of what rows share. */
export interface Sums {
  /** In the layout of the start. */
  readonly mean: Float64Array;
  readonly logVariance: Float64Array;
  readonly betas: Float64Array;
  readonly steps: Float64Array;
  readonly mass: Float64Array;
  refreshment: number;
}

export function noSums({ law, steps, dim }: PathStates): Sums {
  return {
    mean: new Float64Array(law.mean.length),
    logVariance: new Float64Array(law.mean.length),
    betas: new Float64Array(steps),
    steps: new Float64Array(steps),
    mass: new Float64Array(dim),
    refreshment: 0,
  };
}

/** What a pass backward carries from transition k to k − 1, `[R, d]` each. */
export class Carried {
  /** Cotangents of x_k and of p_k, and of ∇ log γ at x_k as far as transition k + 1 reads it. */
  readonly x: Float64Array;
  readonly p: Float64Array;
  readonly force: Float64Array;
  /** Of r, where scores are given; zero elsewhere. */
  readonly residual: Float64Array;
  /** What the curvature is multiplied with, and what comes of that. */
  readonly direction: Floats;
  readonly curvature: Floats;
  /** Of log w, `[R]`. */
  cotangent: Float64Array = new Float64Array(0);
  private readonly residualValues: Float64Array;

  constructor({ normals }: PathStates) {
    const size = normals.length;
    this.x = new Float64Array(size);
    this.p = new Float64Array(size);
    this.force = new Float64Array(size);
    this.residual = new Float64Array(size);
    this.residualValues = new Float64Array(size);
    this.direction = normals.slice();
    this.curvature = normals.slice();
  }

  /** log w ends with log γ(x_K). */
  begin(endForces: Floats, dim: number, cotangent: Float64Array): void {
    this.cotangent = cotangent;
    for (let row = 0, at = 0; row < cotangent.length; row += 1) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) this.x[at] = wBar * (endForces[at] as number);
    }
    this.p.fill(0);
    this.force.fill(0);
    this.residual.fill(0);
  }

  /** Fills the cotangent of r at transition k. @returns those of the weights of the correction, where there is a score */
  takeScore(kernel: Kernel, k: number, given: ScoreCotangents | undefined): WeightCotangents | undefined {
    if (given === undefined) return undefined;
    kernel.residual(k, this.residualValues);
    const weights = kernel.correctionWeights(k);
    return correctionCotangents(weights, given.score, this.residualValues, this.cotangent, this.residual);
  }

  /** Adds a network's cotangents, where it gives any. */
  add(to: Float64Array, from: Floats | undefined): void {
    if (from === undefined) return;
    for (let at = 0; at < to.length; at += 1) to[at] = (to[at] as number) + (from[at] as number);
  }

  /** The rest of the cotangent of x_k once the curvature there is known. */
  addCurvature(): void {
    this.add(this.x, this.curvature);
  }
}

/** One kind of transition backward. For each k = K … 1: `before`, the curvature at the rows that it returns, `after`. */
export interface KernelGradient {
  /** Leaves the direction of the curvature that transition k needs. */
  before(k: number, score?: ScoreCotangents): Floats;
  after(k: number, score?: ScoreCotangents): void;
  /** Whether the force at x₀ is read, so that its curvature is needed once more. */
  readonly curvatureAtStart: boolean;
  /** What p₀ gives. */
  finish(): void;
}

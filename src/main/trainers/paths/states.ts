import { startLaw, type StartLaw } from './start';
import type { Coefficients, CorrectionWeights, Floats, PathFields, ScoreInput, Start } from './types';

/** A coordinate beyond this has exploded. */
export const farthest = 1e6;

interface Size {
  readonly steps: number;
  /** Whether states of all transitions are kept. */
  readonly keep: boolean;
  readonly underdamped: boolean;
}

/** What a path is made of. Arrays are `[R, d]` but for the last two; nothing else grows with K. */
export class PathStates {
  readonly rows: number;
  readonly dim: number;
  /** K */
  readonly steps: number;
  /** x_k, k = 0 … K. Where states are not kept, arrays take turns: those of k, k − 1 and k − 2 are apart. */
  readonly positions: readonly Floats[];
  /** ∇ log γ at x_k, k = 0 … K; with a drift first, of the middle of transition k = 1 … K. */
  readonly forces: readonly Floats[];
  /** p₀, then p̃_k, k = 1 … K; empty where there are no momenta. */
  readonly momenta: readonly Floats[];
  /** The noise of the transition in progress. */
  readonly normals: Floats;
  readonly logWeights: Float64Array;
  readonly broken: Int32Array;
  /** Of the last run. */
  law: StartLaw;
  coefficients: Coefficients;

  constructor({ rows, dim, make }: PathFields, { steps, keep, underdamped }: Size) {
    this.rows = rows;
    this.dim = dim;
    this.steps = steps;
    const series = (): Floats[] => {
      const arrays = Array.from({ length: keep ? steps + 1 : Math.min(3, steps + 1) }, () => make(rows * dim));
      return Array.from({ length: steps + 1 }, (_, k) => arrays[k % arrays.length] as Floats);
    };
    this.positions = series();
    this.forces = series();
    this.momenta = underdamped ? series() : [];
    this.normals = make(rows * dim);
    this.logWeights = new Float64Array(rows);
    this.broken = new Int32Array(rows).fill(-1);
    this.law = startLaw({ mean: new Float64Array(dim), logVariance: new Float64Array(dim) }, rows, dim);
    const none = new Float64Array(0);
    this.coefficients = { betas: none, steps: none, refreshment: 0.5, mass: none };
  }

  begin(start: Start, coefficients: Coefficients): void {
    const { betas, steps, mass } = coefficients;
    if (betas.length !== this.steps || steps.length !== this.steps) {
      throw new Error(
        `A path of ${this.steps} transitions has ${betas.length} temperatures and ${steps.length} steps.`,
      );
    }
    if (this.momenta.length > 0 && mass.length !== this.dim) {
      throw new Error(`A path in ${this.dim} dimensions has ${mass.length} masses.`);
    }
    this.law = startLaw(start, this.rows, this.dim);
    this.coefficients = coefficients;
    this.broken.fill(-1);
  }

  /**
   * Takes a row out at transition k. Whatever is read of it from there on is finite, so that it cannot spoil sums over rows: not log w,
   * which becomes NaN at the end, nor gradients, where its cotangent is zero.
   */
  park(row: number, k: number): void {
    if (this.broken[row] === -1) this.broken[row] = k;
    const { dim, law, positions, forces, momenta } = this;
    const from = row * dim;
    const mean = row * law.stride;
    for (const near of k === 0 ? [0] : [k - 1, k]) {
      for (let i = 0; i < dim; i += 1) (positions[near] as Floats)[from + i] = law.mean[mean + i] as number;
      (forces[near] as Floats).fill(0, from, from + dim);
    }
    momenta[k]?.fill(0, from, from + dim);
  }

  /** Takes out, at transition k, the rows that are far or no numbers at x_at. */
  parkFar(at: number, k: number): void {
    const { rows, dim } = this;
    const position = this.positions[at] as Floats;
    const limit = farthest;
    for (let row = 0, place = 0; row < rows; row += 1) {
      let far = false;
      for (let i = 0; i < dim; i += 1, place += 1) if (!(Math.abs(position[place] as number) <= limit)) far = true;
      if (far) this.park(row, k);
    }
  }
}

/** One kind of transition, between forces that programs compute. */
export interface Kernel {
  /** Whether the first transition reads ∇ log γ at x₀, and transition k leaves that at x_k behind for the next. */
  readonly forcesAtEnds: boolean;
  /** From x_{k−1} up to where transition k needs a force, with the noise in `states.normals`. */
  move(k: number): void;
  /** Where that is. */
  forcePoint(k: number): Floats;
  /** The rest of transition k, and its part of log w. */
  weigh(k: number): void;
  scoreInput(k: number): ScoreInput;
  residual(k: number, out: Floats): void;
  correctionWeights(k: number): CorrectionWeights;
}

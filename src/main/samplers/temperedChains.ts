import type * as tf from '@tensorflow/tfjs-core';
import { valueAndGradient } from '../tensor/gradient';
import type { Precision, Program } from '../tensor/types';
import type { Base, SamplerContext, SamplerTarget } from './types';

/**
 * Hamiltonian Monte Carlo with a Metropolis correction (Neal 2011) for rows that may each have a temperature of their own: row r leaves
 * π_β ∝ π₀^{1−β_r} f^{β_r} invariant, π₀ = N(m, s² I). Only log f and its gradient are a program; the rest of a leapfrog step is a few
 * numbers a coordinate, which the host does in doubles. A state carries both at its position, so a transition of L leapfrog steps
 * evaluates them exactly L times, and a change of β costs nothing.
 */
export interface RowState {
  /** `[rows, d]` */
  readonly position: Float64Array;
  /** log f, `[rows]`, nats. */
  readonly logTarget: Float64Array;
  /** ∇log f, `[rows, d]` */
  readonly gradient: Float64Array;
}

export interface RowMoves {
  /** β_r, `[rows]` */
  readonly betas: Float64Array;
  /** ε_r in units of s, `[rows]` */
  readonly stepSizes: Float64Array;
  /** Standard normals, `[rows, d]`. */
  readonly momentum: Float64Array;
  /** log u of the Metropolis test, `[rows]`. */
  readonly logUniform: Float64Array;
  /** L */
  readonly leapfrog: number;
}

export interface RowInfo {
  /** H(old) − H(new), `[rows]`, nats; NaN where the trajectory diverged. */
  readonly energyDrop: Float64Array;
  /** Share of accepted proposals. */
  accepted: number;
  /** Trajectories that ended where the density is zero or no number. */
  divergences: number;
}

/** Rows that are computed at once, at the most. */
const mostRows = 8192;
/** Bytes that they may take. */
const memory = 2 ** 27;
/** Products of one transition: about a fifth of a second. */
const mostProducts = 5e8;
/** Below this, a tenth of a millisecond of arithmetic, threads cost more than they gain. */
const fewProducts = 2e6;

/** How many rows may be computed at once, so that a transition takes neither too much memory nor too long. */
export function rowsAtOnce(target: SamplerTarget, leapfrog: number): number {
  const constants = Object.values(target.constants);
  const products = constants.reduce((total, { data }) => total + data.length, 16 * target.dim);
  const widest = constants.reduce((most, { shape }) => Math.max(most, ...shape), target.dim);
  return Math.max(1, Math.floor(Math.min(mostRows, memory / (96 * widest), mostProducts / (products * leapfrog))));
}

export function emptyRows(rows: number, dim: number): RowState {
  return {
    position: new Float64Array(rows * dim),
    logTarget: new Float64Array(rows),
    gradient: new Float64Array(rows * dim),
  };
}

export class TemperedChains {
  readonly rows: number;
  readonly dim: number;
  /** Evaluations of log f and its gradient so far, counted over rows. */
  gradientEvaluations = 0;
  readonly info: RowInfo;
  private readonly program: Program;
  private readonly base: Base;
  /** What the program reads and writes. */
  private readonly z: Float32Array | Float64Array;
  private readonly value: Float32Array | Float64Array;
  private readonly slope: Float32Array | Float64Array;
  private readonly position: Float64Array;
  private readonly velocity: Float64Array;

  private constructor(program: Program, base: Base, rows: number, dim: number, precision: Precision) {
    const make = (length: number) => (precision === 'float64' ? new Float64Array(length) : new Float32Array(length));
    this.program = program;
    this.base = base;
    this.rows = rows;
    this.dim = dim;
    this.z = make(rows * dim);
    this.value = make(rows);
    this.slope = make(rows * dim);
    this.position = new Float64Array(rows * dim);
    this.velocity = new Float64Array(rows * dim);
    this.info = { energyDrop: new Float64Array(rows), accepted: 0, divergences: 0 };
  }

  static async open(
    { target, device, precision }: Pick<SamplerContext, 'target' | 'device' | 'precision'>,
    base: Base,
    rows: number,
  ): Promise<TemperedChains> {
    const { dim, constants, logDensity } = target;
    const products = rows * Object.values(constants).reduce((total, { data }) => total + data.length, dim);
    const program = await device.compile(
      (tensors) => ({ ...valueAndGradient(logDensity(tensors), tensors['z'] as tf.Tensor2D) }),
      {
        inputs: { z: { shape: [rows, dim] } },
        constants,
        precision,
        threading: products < fewProducts ? 'none' : 'sleeping',
      },
    );
    return new TemperedChains(program, base, rows, dim, precision);
  }

  /** Evaluates log f and its gradient at the state's positions. */
  async evaluate(state: RowState): Promise<void> {
    await this.run(state.position);
    state.logTarget.set(this.value);
    state.gradient.set(this.slope);
  }

  /** Δ = log f − log π₀ of a row, nats: what its log weight grows by for each unit of β. */
  logRatio(state: RowState, row: number): number {
    const { mean, std } = this.base;
    let squares = 0;
    for (let at = row * this.dim, end = at + this.dim; at < end; at += 1) {
      squares += (((state.position[at] as number) - mean) / std) ** 2;
    }
    const logBase = -0.5 * squares - this.dim * (Math.log(std) + 0.5 * Math.log(2 * Math.PI));
    return (state.logTarget[row] as number) - logBase;
  }

  /** One transition of every row, in place; {@link info} says how it went. */
  async transition(state: RowState, moves: RowMoves): Promise<void> {
    const { position, velocity } = this;
    position.set(state.position);
    velocity.set(moves.momentum);
    this.kick(moves, state.gradient, 0.5);
    for (let step = 1; step <= moves.leapfrog; step += 1) {
      this.drift(moves);
      await this.run(position);
      this.kick(moves, this.slope, step === moves.leapfrog ? 0.5 : 1);
    }
    this.decide(state, moves);
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }

  private async run(position: Float64Array): Promise<void> {
    this.z.set(position);
    await this.program.run({ z: this.z }, { value: this.value, gradient: this.slope });
    this.gradientEvaluations += this.rows;
  }

  private drift({ stepSizes }: RowMoves): void {
    const { rows, dim, position, velocity, base } = this;
    for (let row = 0, at = 0; row < rows; row += 1) {
      const size = base.std * (stepSizes[row] as number);
      for (let i = 0; i < dim; i += 1, at += 1) {
        position[at] = (position[at] as number) + size * (velocity[at] as number);
      }
    }
  }

  private kick({ betas, stepSizes }: RowMoves, gradient: Float32Array | Float64Array, share: number): void {
    const { rows, dim, position, velocity } = this;
    const { mean, std } = this.base;
    for (let row = 0, at = 0; row < rows; row += 1) {
      const beta = betas[row] as number;
      const size = share * (stepSizes[row] as number);
      const [toBase, toTarget] = [((1 - beta) * size) / std, beta * size * std];
      for (let i = 0; i < dim; i += 1, at += 1) {
        velocity[at] =
          (velocity[at] as number) - toBase * ((position[at] as number) - mean) + toTarget * (gradient[at] as number);
      }
    }
  }

  private decide(state: RowState, { betas, momentum, logUniform }: RowMoves): void {
    const { rows, dim, position, velocity, info } = this;
    const { mean, std } = this.base;
    let [accepted, divergences] = [0, 0];
    for (let row = 0; row < rows; row += 1) {
      const first = row * dim;
      let [kinetic, base] = [0, 0];
      for (let at = first; at < first + dim; at += 1) {
        kinetic += 0.5 * ((momentum[at] as number) ** 2 - (velocity[at] as number) ** 2);
        const [from, to] = [(state.position[at] as number) - mean, (position[at] as number) - mean];
        base += (0.5 * (from - to) * (from + to)) / (std * std);
      }
      const beta = betas[row] as number;
      const target = (this.value[row] as number) - (state.logTarget[row] as number);
      const drop = (1 - beta) * base + beta * target + kinetic;
      info.energyDrop[row] = drop;
      if (Number.isNaN(drop) || drop === Number.NEGATIVE_INFINITY) divergences += 1;
      // A comparison with NaN is false: a diverged trajectory is refused.
      if (!((logUniform[row] as number) < drop)) continue;
      accepted += 1;
      for (let at = first; at < first + dim; at += 1) {
        state.position[at] = position[at] as number;
        state.gradient[at] = this.slope[at] as number;
      }
      state.logTarget[row] = this.value[row] as number;
    }
    info.accepted = accepted / rows;
    info.divergences = divergences;
  }
}

/** Mean of min(1, e^drop) over rows from `first` to `end`; a trajectory without a finite energy counts as refused. */
export function acceptanceOf(energyDrop: Float64Array, first = 0, end = energyDrop.length): number {
  let total = 0;
  for (let row = first; row < end; row += 1) {
    const drop = energyDrop[row] as number;
    total += Number.isNaN(drop) ? 0 : Math.exp(Math.min(0, drop));
  }
  return total / (end - first);
}

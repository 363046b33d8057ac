import { Carried, noSums, type KernelGradient, type Sums } from './backward';
import { addCorrection, scoreCotangent } from './correction';
import { DriftGradient } from './driftGradient';
import { KickGradient } from './kickGradient';
import { Overdamped } from './overdamped';
import { OverdampedGradient } from './overdampedGradient';
import { addStartGradient, drawStart } from './start';
import { PathStates } from './states';
import type {
  AnnealedPaths,
  BackwardMean,
  BackwardScore,
  Coefficients,
  CorrectionWeights,
  Floats,
  PathFields,
  PathGradient,
  PathNoise,
  PathOptions,
  ScoreInput,
  Start,
} from './types';
import { Underdamped } from './underdamped';

/**
 * Annealed importance sampling by unadjusted transitions from π₀ to γ, with backward kernels that a score network may bend (Doucet et al.
 * 2022, sections 2 and 3). E[w] = Z whatever the network is. Programs compute forces and curvatures of log γ; everything else is a few
 * numbers a coordinate, done on the host in doubles. Gradients go backward over the transitions one by one from their states alone.
 */
export class AnnealedPath implements AnnealedPaths {
  readonly rows: number;
  readonly dim: number;
  readonly steps: number;
  readonly logWeights: Float64Array;
  readonly broken: Int32Array;
  private readonly fields: PathFields;
  private readonly states: PathStates;
  private readonly kernel: Overdamped | Underdamped;
  private readonly backwardMean: BackwardMean;
  private readonly keep: boolean;
  private readonly gradients: boolean;
  /** log γ(x_K) `[R]`, and its gradient where no transition leaves that behind. */
  private readonly values: Floats;
  private readonly endForces: Floats | undefined;
  /** r of one transition, `[R, d]`. */
  private readonly residuals: Float64Array;
  private carried: Carried | undefined;

  private constructor(fields: PathFields, options: PathOptions) {
    const { dynamics, integrator = 'kick-drift-kick', backwardMean = 'paper', steps, gradients } = options;
    this.fields = fields;
    this.rows = fields.rows;
    this.dim = fields.dim;
    this.steps = steps;
    this.backwardMean = backwardMean;
    this.gradients = gradients;
    this.keep = gradients || options.keep === true;
    const underdamped = dynamics === 'underdamped';
    this.states = new PathStates(fields, { steps, keep: this.keep, underdamped });
    this.logWeights = this.states.logWeights;
    this.broken = this.states.broken;
    this.kernel = underdamped
      ? new Underdamped(this.states, { integrator, backwardMean })
      : new Overdamped(this.states);
    this.values = fields.make(fields.rows);
    const size = fields.rows * fields.dim;
    this.endForces = gradients && !this.kernel.forcesAtEnds ? fields.make(size) : undefined;
    this.residuals = new Float64Array(size);
  }

  /** The fields belong to the path from here on. */
  static open(fields: PathFields, options: PathOptions): AnnealedPath {
    return new AnnealedPath(fields, options);
  }

  get ends(): Floats {
    return this.states.positions[this.steps] as Floats;
  }

  async run(
    start: Start,
    coefficients: Coefficients,
    noise: PathNoise,
    visit?: (k: number) => Promise<void> | void,
  ): Promise<void> {
    const { states, kernel, fields, steps } = this;
    states.begin(start, coefficients);
    this.drawFirst(noise);
    if (kernel.forcesAtEnds) await this.force(0);
    for (let k = 1; k <= steps; k += 1) {
      noise.transition(states.normals, k);
      kernel.move(k);
      if (kernel.forcesAtEnds) await this.force(k);
      else await fields.force(kernel.forcePoint(k), states.forces[k] as Floats);
      kernel.weigh(k);
      await visit?.(k);
    }
    if (!kernel.forcesAtEnds) await fields.end(this.ends, this.values, this.endForces);
    this.finish();
  }

  position(k: number): Floats {
    return this.states.positions[k] as Floats;
  }

  scoreInput(k: number): ScoreInput {
    return this.kernel.scoreInput(k);
  }

  residual(k: number, out: Floats): void {
    this.kernel.residual(k, out);
  }

  correctionWeights(k: number): CorrectionWeights {
    return this.kernel.correctionWeights(k);
  }

  correct(k: number, score: Floats): void {
    this.kernel.residual(k, this.residuals);
    addCorrection(this.kernel.correctionWeights(k), score, this.residuals, this.logWeights);
  }

  correctionGradient(k: number, score: Floats, cotangent: Float64Array, out: Floats): void {
    this.kernel.residual(k, this.residuals);
    scoreCotangent(this.kernel.correctionWeights(k), score, this.residuals, cotangent, out);
  }

  async gradient(cotangent: Float64Array, score?: BackwardScore): Promise<PathGradient> {
    if (!this.gradients) throw new Error('The path was opened without gradients.');
    const { states, fields, steps, dim } = this;
    this.carried ??= new Carried(states);
    const { carried } = this;
    const sums = noSums(states);
    carried.begin(this.endForces ?? (states.forces[steps] as Floats), dim, cotangent);
    await fields.endGradient?.(this.ends, cotangent);
    const backward = this.backward(carried, sums);
    for (let k = steps; k >= 1; k -= 1) {
      const given = await score?.(k);
      const at = backward.before(k, given);
      await fields.curvature(at, carried.direction, carried.curvature);
      backward.after(k, given);
    }
    if (backward.curvatureAtStart && steps > 0) {
      carried.direction.set(carried.force);
      await fields.curvature(this.position(0), carried.direction, carried.curvature);
      carried.addCurvature();
    }
    addStartGradient(states.law, dim, this.position(0), carried.x, cotangent, sums);
    backward.finish();
    const { mean, logVariance, betas, steps: stepBars, refreshment, mass } = sums;
    return { start: { mean, logVariance }, betas, steps: stepBars, refreshment, mass };
  }

  dispose(): Promise<void> {
    return this.fields.dispose();
  }

  private backward(carried: Carried, sums: Sums): KernelGradient {
    const { states, kernel, backwardMean } = this;
    if (kernel instanceof Overdamped) return new OverdampedGradient(states, kernel, carried, sums);
    const Gradient = kernel.forcesAtEnds ? KickGradient : DriftGradient;
    return new Gradient(states, kernel, carried, sums, backwardMean);
  }

  private drawFirst(noise: PathNoise): void {
    const { states, kernel, dim } = this;
    noise.position(states.normals);
    const first = states.positions[0] as Floats;
    drawStart(states.law, dim, states.normals, first, states.logWeights);
    states.parkFar(0, 0);
    if (!(kernel instanceof Underdamped)) return;
    noise.momentum(states.momenta[0] as Floats);
    kernel.begin();
  }

  /** ∇ log γ at x_k, with log γ at the last. */
  private force(k: number): Promise<void> {
    const [at, force] = [this.position(k), this.states.forces[k] as Floats];
    return k === this.steps ? this.fields.end(at, this.values, force) : this.fields.force(at, force);
  }

  /** log w ends with log γ(x_K). A row that is not finite there is out as well. */
  private finish(): void {
    const { states, values, logWeights, broken, steps, dim, endForces } = this;
    const forces: Floats = endForces ?? (states.forces[steps] as Floats);
    for (let row = 0; row < logWeights.length; row += 1) {
      const total = (logWeights[row] as number) + (values[row] as number);
      logWeights[row] = total;
      let finite = Number.isFinite(total);
      for (let at = row * dim; at < (row + 1) * dim; at += 1) finite &&= Number.isFinite(forces[at]);
      if (!finite) {
        states.park(row, steps);
        endForces?.fill(0, row * dim, (row + 1) * dim);
      }
      if (broken[row] !== -1) logWeights[row] = Number.NaN;
    }
  }
}

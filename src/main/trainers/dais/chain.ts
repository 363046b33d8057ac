import type { Precision } from '../../tensor/types';
import { compileFields, type FieldOptions, type Fields } from './fields';
import { betasOf, etaOf, type ChainParameters } from './parameters';
import { ChainGradient } from './gradient';
import { TransitionKernel, type TransitionStates } from './kernel';

export type Floats = Float32Array | Float64Array;

/** Standard normals of all rows: of the start, and of each transition but the last. */
export interface ChainNoise {
  readonly position: (out: Floats) => void;
  readonly momentum: (out: Floats) => void;
  /** ξ_k of transition k = 1 … K − 1 */
  readonly refreshment: (out: Floats, k: number) => void;
}

/** Numbers of the parameters as the transitions use them. */
export interface Coefficients {
  readonly mean: Float64Array;
  /** e^{−λ}, `[d]` */
  readonly precision: Float64Array;
  /** M⁻¹ and M^{1/2}, `[d]` */
  readonly inverseMass: Float64Array;
  readonly rootMass: Float64Array;
  /** β_1 … β_K */
  readonly betas: Float64Array;
  /** δ_1 … δ_K */
  readonly steps: Float64Array;
  readonly eta: number;
}

/**
 * Annealed importance sampling by unadjusted Hamiltonian transitions, whose log weight can be differentiated (Zhang et al. 2021; Zenn and
 * Bamler 2024). Each transition is a leapfrog step toward γ_k ∝ q₀^{1−β} f^β, position first, and a partial refreshment of the momentum,
 *
 *     z½ = z + (δ/2) M⁻¹ v;  v̂ = v + δ ∇log γ_k(z½);  z′ = z½ + (δ/2) M⁻¹ v̂;  v′ = η v̂ + √(1−η²) M^{1/2} ξ
 *
 * and adds the kinetic energy before less that after to log w, which begins with −log q₀(z₀) and ends with log f(z_K); E[w] = Z.
 * Gradients go backward over the transitions one by one from what is kept of each: z½, v and ∇log f(z½). Nothing else grows with K.
 */
export class AnnealedFlow {
  readonly rows: number;
  readonly dim: number;
  /** K */
  readonly steps: number;
  /** log w of the last `run`, `[rows]`. */
  readonly logWeights: Float64Array;
  /** Samples of q₀ that the chains began with, `[rows, d]`; belong to the flow, as do the next two. */
  readonly starts: Floats;
  /** Where they are after the last transition. */
  readonly ends: Floats;
  /** ∇log f there. */
  readonly endForces: Floats;
  readonly fields: Fields;
  /** What has the arrays of chains in singles; without one, in doubles, the host makes every pass. */
  readonly kernel: TransitionKernel | undefined;
  readonly make: (length: number) => Floats;
  /** z½, v and ∇log f(z½) of transition k at k − 1; all the same arrays where nothing is differentiated. */
  readonly middles: readonly Floats[];
  readonly momenta: readonly Floats[];
  readonly forces: readonly Floats[];
  private readonly noise: Floats;
  private readonly values: Floats;
  private backward: ChainGradient | undefined;

  private constructor(fields: Fields, { rows, dim, steps, precision, gradients }: Size) {
    this.fields = fields;
    this.rows = rows;
    this.dim = dim;
    this.steps = steps;
    const kept = (shared: number): number => (gradients ? steps : Math.min(shared, steps));
    // Those of all transitions, six here and in the gradient, and two cotangents.
    const arrays = { singles: kept(1) + kept(2) + kept(1) + 6, doubles: gradients ? 2 : 0 };
    const kernel = precision === 'float32' ? new TransitionKernel(rows, dim, arrays) : undefined;
    const make = (length: number): Floats => kernel?.singles(length) ?? new Float64Array(length);
    this.kernel = kernel;
    this.make = make;
    const states = (shared: number): Floats[] => {
      const own = Array.from({ length: kept(shared) }, () => make(rows * dim));
      return Array.from({ length: steps }, (_, k) => own[k % own.length] as Floats);
    };
    this.middles = states(1);
    // A refreshment writes the next momentum while it reads the last.
    this.momenta = states(2);
    this.forces = states(1);
    this.starts = make(rows * dim);
    this.ends = make(rows * dim);
    this.endForces = make(gradients ? rows * dim : 0);
    this.noise = make(rows * dim);
    this.values = precision === 'float32' ? new Float32Array(rows) : new Float64Array(rows);
    this.logWeights = kernel?.doubles(rows) ?? new Float64Array(rows);
  }

  static async open(options: FieldOptions & { readonly steps: number }): Promise<AnnealedFlow> {
    const fields = await compileFields(options);
    return new AnnealedFlow(fields, { ...options, dim: options.target.dim });
  }

  /** Draws all particles and fills `logWeights`. */
  async run(parameters: ChainParameters, noise: ChainNoise): Promise<void> {
    const { steps, fields, ends, values, logWeights, endForces } = this;
    const coefficients = coefficientsOf(parameters, this.dim);
    this.begin(coefficients, parameters.logVariance, noise);
    if (steps > 0) this.drift(coefficients, 1);
    for (let k = 1; k <= steps; k += 1) {
      const [z, force] = [this.middles[k - 1] as Floats, this.forces[k - 1] as Floats];
      await fields.force.run({ z }, { force });
      if (k < steps) noise.refreshment(this.noise, k);
      this.advance(coefficients, k);
    }
    await fields.end.run({ z: ends }, endForces.length === 0 ? { value: values } : { value: values, force: endForces });
    for (let row = 0; row < logWeights.length; row += 1) {
      logWeights[row] = (logWeights[row] ?? Number.NaN) + (values[row] ?? Number.NaN);
    }
  }

  /**
   * The gradient of Σ_r cotangent_r · log w_r at the chains of the last `run`, if the flow was opened with gradients.
   * @param parameters the same as in that run
   */
  gradient(parameters: ChainParameters, cotangent: Float64Array): Promise<ChainParameters> {
    this.backward ??= new ChainGradient(this);
    return this.backward.run(parameters, coefficientsOf(parameters, this.dim), cotangent);
  }

  /** Where the last `run` stopped being finite: k of a transition, the last one where only log f was not, 0 without any. */
  firstBroken(): number {
    const broken = (values: Floats | undefined): boolean => values?.every(Number.isFinite) === false;
    for (let k = 1; k <= this.steps; k += 1) {
      if (broken(this.middles[k - 1]) || broken(this.forces[k - 1])) return k;
    }
    return this.steps;
  }

  dispose(): Promise<void> {
    return this.fields.dispose();
  }

  private begin({ mean, rootMass }: Coefficients, logVariance: Float64Array, noise: ChainNoise): void {
    const { rows, dim, starts, ends, logWeights } = this;
    const [momentum, normals] = [this.momenta[0], this.noise];
    if (momentum !== undefined) {
      noise.momentum(momentum);
      for (let row = 0, at = 0; row < rows; row += 1) {
        for (let i = 0; i < dim; i += 1, at += 1) momentum[at] = (rootMass[i] as number) * (momentum[at] as number);
      }
    }
    const widths = logVariance.map((value) => Math.exp(0.5 * value));
    const constant = logVariance.reduce((sum, value) => sum + value, dim * Math.log(2 * Math.PI));
    noise.position(normals);
    for (let row = 0, at = 0; row < rows; row += 1) {
      let square = constant;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const epsilon = normals[at] as number;
        starts[at] = (mean[i] as number) + (widths[i] as number) * epsilon;
        square += epsilon * epsilon;
      }
      logWeights[row] = 0.5 * square;
    }
    ends.set(starts);
  }

  /** The rest of transition k, and the first drift of the next if there is one. */
  private advance(coefficients: Coefficients, k: number): void {
    if (this.kernel === undefined || k === this.steps) {
      this.kick(coefficients, k);
      if (k < this.steps) this.drift(coefficients, k + 1);
      return;
    }
    this.kernel.advance(coefficients, k, this.states(k), this.states(k + 1), this.noise, this.logWeights);
  }

  /** What is kept of transition k. */
  states(k: number): TransitionStates {
    const [middle, momentum, force] = [this.middles[k - 1], this.momenta[k - 1], this.forces[k - 1]];
    return { middle: middle as Floats, momentum: momentum as Floats, force: force as Floats };
  }

  /** z½ of transition k. */
  private drift({ inverseMass, steps }: Coefficients, k: number): void {
    const { rows, dim, ends } = this;
    const [middle, momentum] = [this.middles[k - 1] as Floats, this.momenta[k - 1] as Floats];
    const half = 0.5 * (steps[k - 1] as number);
    const rates = inverseMass.map((inverse) => half * inverse);
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        middle[at] = (ends[at] as number) + (rates[i] as number) * (momentum[at] as number);
      }
    }
  }

  /** The rest of transition k: kick, second drift, weight and refreshment. */
  private kick({ mean, precision, inverseMass, rootMass, betas, steps, eta }: Coefficients, k: number): void {
    const { rows, dim, ends, logWeights, noise } = this;
    const [middle, force] = [this.middles[k - 1] as Floats, this.forces[k - 1] as Floats];
    const [momentum, next] = [this.momenta[k - 1] as Floats, this.momenta[k] as Floats];
    const [step, beta, last] = [steps[k - 1] as number, betas[k - 1] as number, k === this.steps];
    const spread = Math.sqrt(1 - eta * eta);
    for (let row = 0, at = 0; row < rows; row += 1) {
      let energy = 0;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const z = middle[at] as number;
        const v = momentum[at] as number;
        const inverse = inverseMass[i] as number;
        const ofInitial = ((mean[i] as number) - z) * (precision[i] as number);
        const kicked = v + step * ((1 - beta) * ofInitial + beta * (force[at] as number));
        ends[at] = z + 0.5 * step * inverse * kicked;
        energy += inverse * (v * v - kicked * kicked);
        if (!last) next[at] = eta * kicked + spread * (rootMass[i] as number) * (noise[at] as number);
      }
      logWeights[row] = (logWeights[row] as number) + 0.5 * energy;
    }
  }
}

interface Size {
  readonly rows: number;
  readonly dim: number;
  readonly steps: number;
  readonly precision: Precision;
  readonly gradients: boolean;
}

function coefficientsOf(parameters: ChainParameters, dim: number): Coefficients {
  const { mean, logVariance, logMass, schedule, logStep, refreshment } = parameters;
  const masses = logMass.length === dim ? logMass : new Float64Array(dim).fill(logMass[0] ?? Number.NaN);
  return {
    mean,
    precision: logVariance.map((value) => Math.exp(-value)),
    inverseMass: masses.map((value) => Math.exp(-value)),
    rootMass: masses.map((value) => Math.exp(0.5 * value)),
    betas: betasOf(schedule),
    steps: logStep.map(Math.exp),
    eta: etaOf(refreshment[0] ?? Number.NaN),
  };
}

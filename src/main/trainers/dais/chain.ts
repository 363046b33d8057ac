import type { Precision } from '../../tensor/types';
import { betasOf, etaOf, etaSlope, scheduleGradient, type ChainParameters } from './parameters';
import { compileChain, type ChainProgramOptions, type ChainPrograms } from './programs';

type Floats = Float32Array | Float64Array;

/** Standard normals of all rows: of the start, and of each transition. They are asked for twice, forward and backward. */
export interface ChainNoise {
  readonly position: (out: Floats) => void;
  readonly momentum: (out: Floats) => void;
  /** ξ_k of transition k = 1 … K; that of the last is never used. */
  readonly refreshment: (out: Floats, k: number) => void;
}

/** A chain of K transitions for `rows` particles, with the gradient of its log weights in memory that only the states grow. */
export class AnnealedFlow {
  readonly rows: number;
  readonly dim: number;
  /** K */
  readonly steps: number;
  /** log w of the last `run`, `[rows]`, in float64. */
  readonly logWeights: Float64Array;
  private readonly programs: ChainPrograms;
  private readonly make: (length: number) => Floats;
  /** States before each transition and after the last, `[K + 1][rows · d]`. */
  private readonly positions: Floats[];
  private readonly momenta: Floats[];
  private readonly position: Floats;
  private readonly momentum: Floats;
  private readonly noise: Floats;
  private readonly increments: Floats;

  private constructor(programs: ChainPrograms, rows: number, dim: number, steps: number, precision: Precision) {
    this.programs = programs;
    this.rows = rows;
    this.dim = dim;
    this.steps = steps;
    this.make = precision === 'float64' ? (length) => new Float64Array(length) : (length) => new Float32Array(length);
    const states = (): Floats[] => Array.from({ length: steps + 1 }, () => this.make(rows * dim));
    this.positions = states();
    this.momenta = states();
    this.position = this.make(rows * dim);
    this.momentum = this.make(rows * dim);
    this.noise = this.make(rows * dim);
    this.increments = this.make(rows);
    this.logWeights = new Float64Array(rows);
  }

  static async open(options: ChainProgramOptions & { readonly steps: number }): Promise<AnnealedFlow> {
    const programs = await compileChain(options);
    return new AnnealedFlow(programs, options.rows, options.target.dim, options.steps, options.precision);
  }

  /** Where the particles are after the last transition, `[rows, d]`; belongs to the flow. */
  get ends(): Floats {
    return this.positions[this.steps] as Floats;
  }

  /** Where they started: samples of q₀, `[rows, d]`. */
  get starts(): Floats {
    return this.positions[0] as Floats;
  }

  /** Draws all particles and fills `logWeights`. */
  async run(parameters: ChainParameters, noise: ChainNoise): Promise<void> {
    const { programs, logWeights, increments } = this;
    const shared = this.shared(parameters);
    const betas = betasOf(parameters.schedule);
    noise.position(this.position);
    noise.momentum(this.momentum);
    const [z, v] = [this.positions[0] as Floats, this.momenta[0] as Floats];
    const first = { position: this.position, momentum: this.momentum, ...shared };
    await programs.begin.run(first, { z, v, logWeight: increments });
    logWeights.fill(0);
    this.accumulate();
    for (let k = 1; k <= this.steps; k += 1) {
      const into = { z: this.positions[k] as Floats, v: this.momenta[k] as Floats, logWeight: increments };
      await programs.step.run(this.feeds(k, parameters, shared, betas, noise), into);
      this.accumulate();
    }
    await programs.end.run({ z: this.ends }, { logWeight: increments });
    this.accumulate();
  }

  /**
   * The gradient of Σ_r cotangent_r · log w_r at the chains of the last `run`.
   * @param parameters the same as in that run
   * @param noise the same as in that run
   */
  async gradient(parameters: ChainParameters, noise: ChainNoise, cotangent: Float64Array): Promise<ChainParameters> {
    const { programs, rows, dim, steps } = this;
    const shared = this.shared(parameters);
    const betas = betasOf(parameters.schedule);
    const wBar = this.make(rows);
    wBar.set(cotangent);
    let [zBar, vBar] = [this.make(rows * dim), this.make(rows * dim)];
    let [zNext, vNext] = [this.make(rows * dim), this.make(rows * dim)];
    const parts = {
      meanBar: this.make(dim),
      logVarianceBar: this.make(dim),
      logMassBar: this.make(parameters.logMass.length),
    };
    const scalars = { betaBar: this.make(1), logStepBar: this.make(1), etaBar: this.make(1) };
    const sums = {
      mean: new Float64Array(dim),
      logVariance: new Float64Array(dim),
      logMass: new Float64Array(parameters.logMass.length),
    };
    const add = (): void => {
      addTo(sums.mean, parts.meanBar);
      addTo(sums.logVariance, parts.logVarianceBar);
      addTo(sums.logMass, parts.logMassBar);
    };
    const [betaBars, stepBars] = [new Float64Array(steps), new Float64Array(steps)];
    let etaBar = 0;
    await programs.endBack.run({ z: this.ends, wBar }, { zBar });
    for (let k = steps; k >= 1; k -= 1) {
      const feeds = { ...this.feeds(k, parameters, shared, betas, noise), zBar, vBar, wBar };
      await programs.stepBack.run(feeds, { zBar: zNext, vBar: vNext, ...parts, ...scalars });
      add();
      betaBars[k - 1] = scalars.betaBar[0] ?? Number.NaN;
      stepBars[k - 1] = scalars.logStepBar[0] ?? Number.NaN;
      etaBar += scalars.etaBar[0] ?? Number.NaN;
      [zBar, zNext] = [zNext, zBar];
      [vBar, vNext] = [vNext, vBar];
    }
    noise.position(this.position);
    noise.momentum(this.momentum);
    const first = { position: this.position, momentum: this.momentum, ...shared };
    await programs.beginBack.run({ ...first, zBar, vBar, wBar }, parts);
    add();
    const [u = 0] = parameters.refreshment;
    return {
      ...sums,
      schedule: scheduleGradient(parameters.schedule, betaBars),
      logStep: stepBars,
      refreshment: Float64Array.of(etaBar * etaSlope(u)),
    };
  }

  dispose(): Promise<void> {
    return this.programs.dispose();
  }

  private feeds(
    k: number,
    { logStep, refreshment }: ChainParameters,
    shared: Record<string, Floats>,
    betas: Float64Array,
    noise: ChainNoise,
  ): Record<string, Floats> {
    if (k < this.steps) noise.refreshment(this.noise, k);
    else this.noise.fill(0);
    return {
      z: this.positions[k - 1] as Floats,
      v: this.momenta[k - 1] as Floats,
      noise: this.noise,
      ...shared,
      beta: this.one(betas[k - 1]),
      logStep: this.one(logStep[k - 1]),
      eta: this.one(etaOf(refreshment[0] ?? 0)),
    };
  }

  private shared({ mean, logVariance, logMass }: ChainParameters): Record<string, Floats> {
    const narrowed = (values: Float64Array): Floats => {
      const out = this.make(values.length);
      out.set(values);
      return out;
    };
    return { mean: narrowed(mean), logVariance: narrowed(logVariance), logMass: narrowed(logMass) };
  }

  private one(value = Number.NaN): Floats {
    const out = this.make(1);
    out[0] = value;
    return out;
  }

  private accumulate(): void {
    addTo(this.logWeights, this.increments);
  }
}

function addTo(sum: Float64Array, values: Floats): void {
  for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) + (values[index] ?? Number.NaN);
}

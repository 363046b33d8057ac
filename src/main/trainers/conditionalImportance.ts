import type { Tensor2D } from '@tensorflow/tfjs-core';
import { fillNormals, fillUniforms } from '../tensor/random/streams';
import type { Program } from '../tensor/types';
import type { MethodContext } from './methodTypes';

type Floats = Float32Array | Float64Array;

/** μ and log σ of q, `[d]`. */
export interface ScaledNormal {
  readonly mean: Float64Array;
  readonly logStd: Float64Array;
}

/** What one step over all chains found. */
export interface ClimbStep {
  /** Σ_i w_i ∇ log q(z_i), averaged over chains: uphill toward the smaller KL(π ‖ q). */
  readonly score: ScaledNormal;
  /** 1/Σw², averaged over chains; between 1 and S. */
  readonly effective: number;
  /** Log-mean-exp of the weights of the fresh candidates alone, averaged over chains: at most log Z in expectation. */
  readonly bound: number;
  /** The next retained points, `[C, d]`. */
  readonly retained: Float64Array;
}

/**
 * Conditional importance sampling (Naesseth, Lindsten and Blei 2020): each of C chains holds a point, draws S − 1 candidates from q beside
 * it, and keeps one of all S by its weight f/q. That leaves π invariant whatever q is, which is why the point that is held takes part
 * like the others.
 */
export class ConditionalImportance {
  readonly chains: number;
  private readonly dim: number;
  private readonly candidates: number;
  private readonly seed: number;
  private readonly program: Program;
  /** Candidate i of chain c at row i · C + c; the points that are held come first. */
  private readonly points: Floats;
  private readonly logTarget: Floats;
  private readonly uniforms: Float64Array;

  private constructor(program: Program, dim: number, size: Size, precision: MethodContext['precision']) {
    const rows = size.candidates * size.chains;
    this.program = program;
    this.dim = dim;
    this.chains = size.chains;
    this.candidates = size.candidates;
    this.seed = size.seed;
    this.points = precision === 'float64' ? new Float64Array(rows * dim) : new Float32Array(rows * dim);
    this.logTarget = precision === 'float64' ? new Float64Array(rows) : new Float32Array(rows);
    this.uniforms = new Float64Array(size.chains);
  }

  static async open(
    context: Pick<MethodContext, 'target' | 'device' | 'precision'>,
    size: Size,
  ): Promise<ConditionalImportance> {
    const { target, device, precision } = context;
    const { dim, constants } = target;
    const program = await device.compile(
      (tensors) => ({ value: target.logDensity(tensors)(tensors['z'] as Tensor2D) }),
      { inputs: { z: { shape: [size.candidates * size.chains, dim] } }, constants, precision },
    );
    return new ConditionalImportance(program, dim, size, precision);
  }

  /** Points drawn from q, to begin with. */
  start(normal: ScaledNormal): Float64Array {
    const out = new Float64Array(this.chains * this.dim);
    fillNormals(out, { ...this.place('pathInitial', 0), firstChain: 0, chains: 1, width: this.dim });
    return out.map((value, at) => drawn(normal, at % this.dim, value));
  }

  /**
   * One step of all chains. It depends on the iteration and what is given, and on nothing else.
   * @returns undefined where a weight is not a number
   */
  async step(normal: ScaledNormal, retained: Float64Array, iteration: number): Promise<ClimbStep | undefined> {
    const { dim, chains, candidates, points, logTarget, uniforms } = this;
    const fresh = points.subarray(chains * dim);
    fillNormals(fresh, {
      ...this.place('trainingSamples', iteration),
      firstChain: 0,
      chains: candidates - 1,
      width: dim,
    });
    for (let at = 0; at < fresh.length; at += 1) fresh[at] = drawn(normal, at % dim, fresh[at] as number);
    points.set(retained);
    fillUniforms(uniforms, { ...this.place('trainingAccept', iteration), firstChain: 0, chains: 1, width: 1 });
    await this.program.run({ z: points }, { value: logTarget });
    const score = { mean: new Float64Array(dim), logStd: new Float64Array(dim) };
    const next = new Float64Array(chains * dim);
    const ratios = this.logRatios(normal);
    let [effective, bound] = [0, 0];
    for (let chain = 0; chain < chains; chain += 1) {
      const weights = Float64Array.from({ length: candidates }, (_, i) => ratios[i * chains + chain] ?? Number.NaN);
      const { total, squares, rest } = normalise(weights);
      if (!Number.isFinite(total)) return undefined;
      effective += 1 / squares / chains;
      bound += rest / chains;
      this.addScore(normal, weights, chain, score);
      const row = chosen(weights, uniforms[chain] ?? Number.NaN) * chains + chain;
      next.set(points.subarray(row * dim, (row + 1) * dim), chain * dim);
    }
    return { score, effective, bound, retained: next };
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }

  private place(stream: 'pathInitial' | 'trainingSamples' | 'trainingAccept', step: number) {
    return { seed: this.seed, stream, step, firstDatum: 0, data: this.chains };
  }

  /** log f − log q of all rows. */
  private logRatios({ mean, logStd }: ScaledNormal): Float64Array {
    const { dim, points, logTarget } = this;
    const inverse = logStd.map((value) => Math.exp(-value));
    const constant = logStd.reduce((sum, value) => sum + value, 0.5 * dim * Math.log(2 * Math.PI));
    return Float64Array.from(logTarget, (value, row) => {
      let squares = 0;
      for (let i = 0; i < dim; i += 1) {
        const scaled = ((points[row * dim + i] as number) - (mean[i] as number)) * (inverse[i] as number);
        squares += scaled * scaled;
      }
      return value + 0.5 * squares + constant;
    });
  }

  private addScore({ mean, logStd }: ScaledNormal, weights: Float64Array, chain: number, score: ScaledNormal): void {
    const { dim, chains, points } = this;
    for (let i = 0; i < dim; i += 1) {
      const inverse = Math.exp(-(logStd[i] as number));
      let [first, second] = [0, 0];
      weights.forEach((weight, candidate) => {
        const scaled = ((points[(candidate * chains + chain) * dim + i] as number) - (mean[i] as number)) * inverse;
        first += weight * scaled;
        second += weight * scaled * scaled;
      });
      score.mean[i] = (score.mean[i] as number) + (first * inverse) / chains;
      score.logStd[i] = (score.logStd[i] as number) + (second - 1) / chains;
    }
  }
}

interface Size {
  /** S */
  readonly candidates: number;
  /** C */
  readonly chains: number;
  readonly seed: number;
}

function drawn({ mean, logStd }: ScaledNormal, i: number, noise: number): number {
  return (mean[i] as number) + Math.exp(logStd[i] as number) * noise;
}

/**
 * Log weights in place to weights that add up to 1.
 * @returns `total`, NaN where one is not a number or all are zero; the sum of squares; and `rest`, the log-mean-exp of all but the first
 */
function normalise(weights: Float64Array): { total: number; squares: number; rest: number } {
  const top = weights.reduce((most, value) => Math.max(most, value), -Infinity);
  let [fresh, squares] = [0, 0];
  weights.forEach((value, i) => {
    weights[i] = Math.exp(value - top);
    if (i > 0) fresh += weights[i] ?? Number.NaN;
  });
  const total = fresh + (weights[0] ?? Number.NaN);
  weights.forEach((value, i) => {
    const share = value / total;
    weights[i] = share;
    squares += share * share;
  });
  return { total, squares, rest: top + Math.log(fresh / (weights.length - 1)) };
}

/** The index whose share of [0, 1) holds u; the last one with any weight where rounding leaves u beyond all. */
function chosen(weights: Float64Array, u: number): number {
  let below = 0;
  for (let i = 0; i < weights.length; i += 1) {
    below += weights[i] ?? 0;
    if (u < below) return i;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

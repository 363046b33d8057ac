import type { Coefficients, Floats } from './chain';
import bytes from './transition.wat';

/** Node's types leave WebAssembly to those of the browser. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly chain: { readonly memory: object } },
  ) => { readonly exports: unknown };
};

interface Exports {
  readonly advance: (...values: number[]) => void;
  readonly retreat: (...values: number[]) => void;
}

const module = new WebAssembly.Module(bytes);
const pageBytes = 65_536;

/** Where one transition keeps what the way back needs. */
export interface TransitionStates {
  /** z½, v and ∇log f(z½), `[rows, d]` */
  readonly middle: Floats;
  readonly momentum: Floats;
  readonly force: Floats;
}

/**
 * What lies between two evaluations of the target, for chains in singles: half of the time of a small target, as loops of the host. The
 * arrays of a chain are in its memory.
 */
export class TransitionKernel {
  /** Cotangents of mean, log variance and log mass, `[d]` each, which `retreat` adds to. */
  readonly sums: readonly [Float64Array, Float64Array, Float64Array];
  /** Of log w, `[rows]`. */
  readonly cotangent: Float64Array;
  private readonly rows: number;
  private readonly dim: number;
  /** d rounded up to even. */
  private readonly width: number;
  private readonly memory: { readonly buffer: ArrayBuffer };
  private readonly exports: Exports;
  private readonly coordinates: Float64Array;
  private readonly found: Float64Array;
  private used = 0;

  /** @param arrays of `rows · dim` numbers that will be asked for, in singles and in doubles */
  constructor(rows: number, dim: number, arrays: { readonly singles: number; readonly doubles: number }) {
    this.rows = rows;
    this.dim = dim;
    this.width = dim + (dim % 2);
    const numbers = 8 * (2 * rows + 9 * this.width + 4) + rows * dim * (4 * arrays.singles + 8 * arrays.doubles);
    // Each begins at a multiple of 16, and the last pair of the last row reads beyond its end.
    const pages = Math.ceil((numbers + 16 * (arrays.singles + arrays.doubles + 8)) / pageBytes);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.exports = new WebAssembly.Instance(module, { chain: { memory: this.memory } }).exports as Exports;
    this.coordinates = this.doubles(6 * this.width);
    const sums = this.doubles(3 * this.width);
    const part = (index: number): Float64Array => sums.subarray(index * this.width, index * this.width + dim);
    this.sums = [part(0), part(1), part(2)];
    this.cotangent = this.doubles(rows);
    this.found = this.doubles(4);
  }

  singles(length: number): Float32Array {
    return new Float32Array(this.memory.buffer, this.take(4 * length), length);
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.memory.buffer, this.take(8 * length), length);
  }

  /** The rest of transition k and the first drift of the next; adds to the log weights. */
  advance(
    coefficients: Coefficients,
    k: number,
    from: TransitionStates,
    to: Pick<TransitionStates, 'middle' | 'momentum'>,
    noise: Floats,
    logWeights: Float64Array,
  ): void {
    const { mean, precision, inverseMass, rootMass, betas, steps, eta } = coefficients;
    const [step, beta] = [at(steps, k), at(betas, k)];
    const { coordinates: out, width, dim } = this;
    const [free, held, drift, following] = [step * (1 - beta), spreadOf(eta), 0.5 * step, 0.5 * at(steps, k + 1)];
    for (let i = 0; i < dim; i += 1) {
      const inverse = inverseMass[i] as number;
      out[i] = mean[i] as number;
      out[width + i] = free * (precision[i] as number);
      out[2 * width + i] = drift * inverse;
      out[3 * width + i] = inverse;
      out[4 * width + i] = held * (rootMass[i] as number);
      out[5 * width + i] = following * inverse;
    }
    const { rows, exports } = this;
    const [middle, momentum, force] = [place(from.middle), place(from.momentum), place(from.force)];
    const [nextMiddle, nextMomentum, weights] = [place(to.middle), place(to.momentum), place(logWeights)];
    const states = [middle, momentum, force, place(noise), nextMiddle, nextMomentum, weights];
    exports.advance(rows, dim, place(out), width, ...states, step * beta, eta);
  }

  /**
   * Back through force and first drift of transition k + 1, and through all of transition k but those two.
   * @param zBar cotangent of where k + 1 ended; on return of where k did
   * @param kickBar cotangent of v̂ of k + 1; on return of k
   * @param direction for the curvature at k, on return
   * @returns what to add to the cotangents of both steps, and of β and η of k
   */
  retreat(
    coefficients: Coefficients,
    k: number,
    kept: TransitionStates & { readonly nextMomentum: Floats; readonly curvature: Floats },
    { zBar, kickBar, direction }: { readonly zBar: Floats; readonly kickBar: Floats; readonly direction: Floats },
  ): { readonly nextStep: number; readonly step: number; readonly beta: number; readonly eta: number } {
    const { mean, precision, inverseMass, betas, steps, eta } = coefficients;
    const [step, following, beta, next] = [at(steps, k), at(steps, k + 1), at(betas, k), at(betas, k + 1)];
    const { coordinates: out, width, dim } = this;
    const [free, drift] = [following * (1 - next), 0.5 * step];
    for (let i = 0; i < dim; i += 1) {
      const inverse = inverseMass[i] as number;
      out[i] = mean[i] as number;
      out[width + i] = precision[i] as number;
      out[2 * width + i] = inverse;
      out[3 * width + i] = free * (precision[i] as number);
      out[4 * width + i] = 0.5 * following * inverse;
      out[5 * width + i] = drift * inverse;
    }
    const { middle, momentum, force, nextMomentum, curvature } = kept;
    const { rows, exports, sums, found, cotangent } = this;
    const shared = [place(sums[0]), place(found), place(cotangent), place(zBar), place(kickBar)];
    const states = [place(curvature), place(nextMomentum), place(middle), place(momentum), place(force)];
    exports.retreat(rows, dim, place(out), width, ...shared, ...states, place(direction), next, beta, step, eta);
    const [nextStep = NaN, own = NaN, betaBar = NaN, etaBar = NaN] = this.found;
    return { nextStep, step: own, beta: betaBar, eta: etaBar };
  }

  private take(size: number): number {
    const start = this.used;
    this.used = start + 16 * Math.ceil(size / 16);
    if (this.used > this.memory.buffer.byteLength) throw new Error('A chain asked for more arrays than it said.');
    return start;
  }
}

function place(array: Floats): number {
  return array.byteOffset;
}

/** √(1−η²) */
function spreadOf(eta: number): number {
  return Math.sqrt(1 - eta * eta);
}

/** Of transition k. */
function at(values: Float64Array, k: number): number {
  return values[k - 1] ?? Number.NaN;
}

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
    shared: Coefficients,
    k: number,
    from: TransitionStates,
    to: Pick<TransitionStates, 'middle' | 'momentum'>,
    noise: Floats,
    logWeights: Float64Array,
  ): void {
    const { mean, precision, inverseMass, rootMass, betas, steps, eta } = shared;
    const [step, following, beta] = [at(steps, k), at(steps, k + 1), at(betas, k)];
    const spread = Math.sqrt(1 - eta * eta);
    this.fill(
      mean,
      precision.map((value) => step * (1 - beta) * value),
      inverseMass.map((value) => 0.5 * step * value),
      inverseMass,
      rootMass.map((value) => spread * value),
      inverseMass.map((value) => 0.5 * following * value),
    );
    const states = [from.middle, from.momentum, from.force, noise, to.middle, to.momentum, logWeights];
    this.exports.advance(...this.shape(), ...states.map(place), step * beta, eta);
  }

  /**
   * Back through force and first drift of transition k + 1, and through all of transition k but those two.
   * @param zBar cotangent of where k + 1 ended; on return of where k did
   * @param kickBar cotangent of v̂ of k + 1; on return of k
   * @param direction for the curvature at k, on return
   * @returns what to add to the cotangents of both steps, and of β and η of k
   */
  retreat(
    shared: Coefficients,
    k: number,
    states: TransitionStates & { readonly nextMomentum: Floats; readonly curvature: Floats },
    { zBar, kickBar, direction }: { readonly zBar: Floats; readonly kickBar: Floats; readonly direction: Floats },
  ): { readonly nextStep: number; readonly step: number; readonly beta: number; readonly eta: number } {
    const { mean, precision, inverseMass, betas, steps, eta } = shared;
    const [step, following, beta, next] = [at(steps, k), at(steps, k + 1), at(betas, k), at(betas, k + 1)];
    this.fill(
      mean,
      precision,
      inverseMass,
      precision.map((value) => (1 - next) * following * value),
      inverseMass.map((value) => 0.5 * following * value),
      inverseMass.map((value) => 0.5 * step * value),
    );
    const { middle, momentum, force, nextMomentum, curvature } = states;
    const arrays = [this.sums[0], this.found, this.cotangent, zBar, kickBar, curvature, nextMomentum];
    const places = [...arrays, middle, momentum, force, direction].map(place);
    this.exports.retreat(...this.shape(), ...places, next, beta, step, eta);
    const [nextStep = NaN, own = NaN, betaBar = NaN, etaBar = NaN] = this.found;
    return { nextStep, step: own, beta: betaBar, eta: etaBar };
  }

  private shape(): readonly [number, number, number, number] {
    return [this.rows, this.dim, place(this.coordinates), this.width];
  }

  private fill(...numbers: readonly Float64Array[]): void {
    numbers.forEach((values, index) => this.coordinates.set(values, index * this.width));
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

/** Of transition k. */
function at(values: Float64Array, k: number): number {
  return values[k - 1] ?? Number.NaN;
}

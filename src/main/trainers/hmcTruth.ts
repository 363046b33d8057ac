import * as tf from '@tensorflow/tfjs-core';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { InputError } from '../../shared/errors';
import type { HmcSpec } from '../../shared/runFile';
import { chainMoments } from '../metrics/chainMoments';
import { keptDraws } from '../metrics/keptDraws';
import {
  compileAnnealing,
  emptyInfo,
  emptyState,
  type AnnealedPrograms,
  type ChainState,
} from '../samplers/annealedPrograms';
import { noiseOf } from '../samplers/chainNoise';
import { fillNormals, fillUniforms } from '../tensor/random/streams';
import { componentSeed } from './componentSeed';
import { disagreement } from './disagreement';
import { recordCurve, type CurveState } from './curve';
import type { HmcTruth, MethodContext, MethodProgress } from './methodTypes';

/** z = location + factor · u: chains move in u, where the target is about a standard normal. */
interface Whitening {
  /** `[d]` */
  readonly location: Float64Array;
  /** Lower triangular, `[d, d]`. */
  readonly factor: Float64Array;
}

/** Everything that the chains go on from, with equal bits. */
export interface HmcSnapshot {
  /** Transitions of each chain, those of the warm-up included. */
  readonly iteration: number;
  /** Of each chain, in u. */
  readonly state: ChainState;
  readonly logStep: number;
  readonly whitening: Whitening;
  /** Draws kept so far, `[iteration, chains, d]` in z. */
  readonly draws: Float32Array;
  readonly accepted: number;
  /** Evaluations of the gradient of all chains at once. */
  readonly evaluations: number;
  readonly divergences: number;
  readonly curve: CurveState;
}

/** Draws of all chains that are held at once: half a gigabyte. */
const mostNumbers = 2 ** 27;
/** Shares of the warm-up between which draws are collected; it is whitened at the end of each window. */
const windows = [0.08, 0.2, 0.4, 0.7];
/** Beyond this many coordinates only their scales are learned. */
const mostDense = 200;
const jitter = 0.2;
/**
 * What the step size is multiplied with in the transitions of a warm-up, in turn. A chain that starts where the density is much stiffer than
 * where the others already are would accept none of their steps for good.
 */
const warmUpScales = [1, 1, 1, 0.1, 1, 1, 1, 0.01] as const;

/**
 * Long Hamiltonian Monte Carlo (Neal 2011) from many starts. While it warms up, the step size moves toward the wanted acceptance and
 * the target is whitened several times with the covariance of what the chains have seen; then everything is frozen.
 * @returns moments with their errors, and how well the chains agree
 * @throws InputError where the draws would not fit in memory
 */
export async function* hmcTruth(
  spec: HmcSpec,
  { name, target, device, seed }: MethodContext,
  resume?: HmcSnapshot,
): AsyncGenerator<MethodProgress<HmcSnapshot>, HmcTruth> {
  const { chains, iterations, warmUp, leapfrog, acceptance, start } = spec;
  const { dim } = target;
  const rows = chains * dim;
  if (rows * Math.max(iterations, warmUp) > mostNumbers) {
    throw new InputError(
      `methods.${name}`,
      `would hold ${chains} chains of ${iterations} draws of ${dim} numbers, which do not fit in memory`,
      'Use fewer chains or iterations.',
    );
  }
  const own = componentSeed(seed, name);
  const place = { seed: own, firstChain: 0, chains, firstDatum: 0, data: 1 };
  const draw = noiseOf({ ...place, momentum: 'pathMomentum', accept: 'pathRefreshment' }, dim, jitter);
  let whitening: Whitening = resume?.whitening ?? {
    location: new Float64Array(dim).fill(start.mean),
    factor: diagonal(new Float64Array(dim).fill(start.std)),
  };
  let logStep = resume?.logStep ?? Math.log(0.1);
  let draws = new Float32Array(rows * Math.max(iterations, warmUp));
  draws.set(resume?.draws ?? []);
  let [accepted, divergences] = [resume?.accepted ?? 0, resume?.divergences ?? 0];
  const total = warmUp + iterations;
  const recorder = recordCurve(total, resume?.curve);
  const first = new Float32Array(rows);
  if (resume === undefined) fillNormals(first, { ...place, stream: 'pathInitial', step: 0, width: dim });
  // Trajectories of one length return on themselves in some direction; of any length up to L they do not.
  const uniform = new Float64Array(1);
  const lengthOf = (iteration: number): number => {
    const block = { seed: own, stream: 'pathInitial', step: iteration + 1, firstChain: 0, chains: 1 } as const;
    fillUniforms(uniform, { ...block, firstDatum: 0, data: 1, width: 1 });
    return 1 + Math.floor((uniform[0] ?? 0) * leapfrog);
  };
  const programs = await compiled(target, device, chains);
  const evaluations = (): number => (resume?.evaluations ?? 0) + programs.gradientEvaluations();
  try {
    let inputs = tensorsOf(whitening);
    let [state, spare] = [emptyState(chains, dim), emptyState(chains, dim)];
    const info = emptyInfo(chains);
    if (resume === undefined) await programs.init(first, inputs, state);
    else state = structuredClone(resume.state);
    for (let iteration = resume?.iteration ?? 0; iteration < total; iteration += 1) {
      const warming = iteration < warmUp;
      const scale = warming ? (warmUpScales[iteration % warmUpScales.length] ?? 1) : 1;
      const noise = draw(iteration, scale * Math.exp(logStep));
      await programs.transition(state, spare, inputs, { ...noise, beta: 1, leapfrog: lengthOf(iteration) }, info);
      [state, spare] = [spare, state];
      const share =
        info.energyDrop.reduce((sum, drop) => sum + (Number.isNaN(drop) ? 0 : Math.min(1, Math.exp(drop))), 0) / chains;
      const row = warming ? iteration : iteration - warmUp;
      placeOf(state.position, whitening, dim, draws.subarray(row * rows, (row + 1) * rows));
      if (warming) {
        if (scale === 1) logStep += Math.max(0.05, 1 / Math.sqrt(iteration + 1)) * (share - acceptance);
        const from = windowEndingAt(iteration + 1, warmUp);
        if (from !== undefined) {
          const z = draws.slice(row * rows, (row + 1) * rows);
          whitening = whiteningOf(draws.subarray(from * rows, (row + 1) * rows), dim);
          inputs = tensorsOf(whitening);
          // Where the target is about a standard normal, this is a good place to start from.
          logStep = Math.log(0.3);
          await programs.init(unplaced(z, whitening, dim), inputs, state);
        }
        if (iteration + 1 === warmUp) draws = draws.slice().fill(0);
      } else {
        accepted += share;
        divergences += info.energyDrop.reduce((count, drop) => count + Number(!Number.isFinite(drop)), 0);
      }
      const made = iteration + 1;
      const report = { acceptance: share, 'step size': Math.exp(logStep) };
      const point = recorder.add(made, report);
      const [stored, current] = [made <= warmUp ? made : made - warmUp, state];
      const capture = (): HmcSnapshot => ({
        iteration: made,
        state: structuredClone(current),
        logStep,
        whitening,
        draws: draws.slice(0, (made === warmUp ? 0 : stored) * rows),
        accepted,
        evaluations: evaluations(),
        divergences,
        curve: recorder.capture(),
      });
      yield { iteration: made, report, capture, ...(point === undefined ? {} : { point }) };
    }
  } finally {
    await programs.dispose();
  }
  const made = draws.subarray(0, iterations * rows);
  const moments = chainMoments(made, chains, dim);
  return {
    ...moments,
    samples: keptDraws(made, chains, dim),
    ...warningOf(name, moments.rHat, divergences, chains * iterations),
    acceptance: accepted / iterations,
    stepSize: Math.exp(logStep),
    curve: recorder.curve,
    gradientEvaluations: evaluations() * chains,
  };
}

function compiled(
  target: MethodContext['target'],
  device: MethodContext['device'],
  chains: number,
): Promise<AnnealedPrograms> {
  const { dim, constants, logDensity } = target;
  return compileAnnealing(
    {
      device,
      latent: dim,
      constants,
      inputs: () => ({ location: { shape: [1, dim] }, factor: { shape: [dim, dim] } }),
      path: (tensors) => {
        const log = logDensity(tensors);
        const half = (u: tf.Tensor2D): tf.Tensor1D => tf.mul<tf.Tensor1D>(0.5, tf.sum(tf.square(u), 1));
        const placed = (u: tf.Tensor2D): tf.Tensor2D =>
          tf.add(tf.matMul(u, tensors['factor'] as tf.Tensor2D, false, true), tensors['location'] as tf.Tensor2D);
        // At β = 1 base and ratio add up to log f; the part that is quadratic costs no evaluation.
        return { logBase: (u) => tf.neg(half(u)), logRatio: (u) => tf.add(log(placed(u)), half(u)) };
      },
    },
    chains,
    1,
  );
}

/** @returns the first transition of the window that ends with this one; after the last, the warm-up only tunes the step size */
function windowEndingAt(made: number, warmUp: number): number | undefined {
  const ends = windows.map((share) => Math.floor(share * warmUp));
  const index = ends.indexOf(made);
  return index > 0 ? ends[index - 1] : undefined;
}

/**
 * From the mean and the covariance of draws, shrunk toward its diagonal by as much as few draws ask for: a share of 10⁻² would hide directions
 * in which a posterior is a hundred times as narrow as along its axes.
 */
function whiteningOf(draws: Float32Array, dim: number): Whitening {
  const count = draws.length / dim;
  const location = new Float64Array(dim);
  draws.forEach((value, index) => (location[index % dim] = (location[index % dim] ?? 0) + value / count));
  const dense = dim <= mostDense;
  const covariance = Matrix.zeros(dim, dense ? dim : 1);
  const offset = new Float64Array(dim);
  for (let row = 0; row < count; row += 1) {
    for (let i = 0; i < dim; i += 1) offset[i] = (draws[row * dim + i] ?? NaN) - (location[i] ?? 0);
    for (let i = 0; i < dim; i += 1) {
      for (let j = dense ? 0 : i; j <= i; j += 1) {
        const column = dense ? j : 0;
        covariance.set(i, column, covariance.get(i, column) + ((offset[i] ?? 0) * (offset[j] ?? 0)) / count);
      }
    }
  }
  if (!dense) return { location, factor: diagonal(Float64Array.from(covariance.to1DArray(), rooted)) };
  const kept = 1 - Math.min(1, 0.1 * (dim / count) ** 2);
  for (let i = 0; i < dim; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const shrunk = covariance.get(i, j) * kept;
      covariance.set(i, j, shrunk);
      covariance.set(j, i, shrunk);
    }
    covariance.set(i, i, Math.max(covariance.get(i, i), 1e-12));
  }
  const cholesky = new CholeskyDecomposition(covariance);
  if (!cholesky.isPositiveDefinite())
    return { location, factor: diagonal(Float64Array.from(covariance.diagonal(), rooted)) };
  return { location, factor: Float64Array.from(cholesky.lowerTriangularMatrix.to1DArray()) };
}

function rooted(variance: number): number {
  return Math.sqrt(Math.max(variance, 1e-12));
}

function diagonal(values: Float64Array): Float64Array {
  const matrix = new Float64Array(values.length * values.length);
  values.forEach((value, index) => (matrix[index * (values.length + 1)] = value));
  return matrix;
}

function tensorsOf({ location, factor }: Whitening): Record<string, Float32Array> {
  return { location: Float32Array.from(location), factor: Float32Array.from(factor) };
}

/** z of u. */
function placeOf(u: Float32Array, { location, factor }: Whitening, dim: number, out: Float32Array): void {
  for (let row = 0; row < u.length; row += dim) {
    for (let i = 0; i < dim; i += 1) {
      let value = location[i] ?? NaN;
      for (let j = 0; j <= i; j += 1) value += (factor[i * dim + j] ?? 0) * (u[row + j] ?? NaN);
      out[row + i] = value;
    }
  }
}

/** u of z, by forward substitution. */
function unplaced(z: Float32Array, { location, factor }: Whitening, dim: number): Float32Array {
  const u = new Float32Array(z.length);
  for (let row = 0; row < z.length; row += dim) {
    for (let i = 0; i < dim; i += 1) {
      let rest = (z[row + i] ?? NaN) - (location[i] ?? 0);
      for (let j = 0; j < i; j += 1) rest -= (factor[i * dim + j] ?? 0) * (u[row + j] ?? 0);
      u[row + i] = rest / (factor[i * dim + i] ?? NaN);
    }
  }
  return u;
}

/** @param transitions of all chains together */
function warningOf(
  name: string,
  agreement: Float64Array,
  divergences: number,
  transitions: number,
): { readonly warning?: string } {
  const worst = agreement.reduce((most, value) => Math.max(most, value), 0);
  const disagree = disagreement(name, worst);
  if (disagree !== undefined) return { warning: disagree };
  if (divergences <= 0.01 * transitions) return {};
  return {
    warning: `${divergences} trajectories of ${name} diverged. Raise its acceptance, so that it takes smaller steps.`,
  };
}

import { rowNoise } from './rowNoise';
import { steinDirection, steinPairs } from './steinDirection';
import { emptyRows, TemperedChains } from './temperedChains';
import type { Base, SamplerContext, SamplerProgress } from './types';

/**
 * Stein variational gradient descent (Liu and Wang 2016): N particles follow the direction that lowers KL(their law ‖ π) fastest within the
 * unit ball of a kernel's space, with step sizes coordinate by coordinate from a decaying mean of squared directions. Nothing in it is random
 * but where the particles begin. It estimates no normaliser; in many dimensions the particles' spread falls below that of the target.
 */
export interface SvgdOptions {
  readonly base: Base;
  /** N */
  readonly particles: number;
  readonly iterations: number;
  readonly stepSize: number;
  /** Of the mean of squares. */
  readonly decay: number;
  /** h of the kernel; by the median distance in each step where left out. */
  readonly bandwidth?: number | undefined;
}

export interface SvgdSnapshot {
  readonly iteration: number;
  readonly points: Float64Array;
  readonly squares: Float64Array;
  /** Steps with a direction that is no number somewhere, which left those particles where they were. */
  readonly broken: number;
  /** Such steps one after the other. */
  readonly inARow: number;
  readonly diverged: boolean;
  readonly bandwidth: number;
  /** Particles that did not move in the last step because of that. */
  readonly stuck: number;
  readonly gradientEvaluations: number;
}

export interface SvgdResult extends Pick<SvgdSnapshot, 'points' | 'broken' | 'diverged' | 'bandwidth'> {
  /** Steps made. */
  readonly steps: number;
  readonly gradientEvaluations: number;
}

/** After so many broken steps in a row it ends. */
const patience = 25;
const fudge = 1e-6;

/** Yields after each step. */
export async function* descendStein(
  context: SamplerContext,
  options: SvgdOptions,
  resume?: SvgdSnapshot,
): AsyncGenerator<SamplerProgress<SvgdSnapshot>, SvgdResult> {
  const { base, particles, iterations, stepSize, decay } = options;
  const { dim } = context.target;
  const rows = emptyRows(particles, dim);
  const { position: points, gradient } = rows;
  const squares = resume?.squares.slice() ?? new Float64Array(points.length);
  let { iteration, broken, inARow, diverged, bandwidth, stuck, gradientEvaluations } = resume ?? {
    ...{ iteration: 0, broken: 0, inARow: 0, diverged: false, bandwidth: NaN, stuck: 0, gradientEvaluations: 0 },
  };
  if (resume !== undefined) points.set(resume.points);
  else rowNoise({ seed: context.seed, first: 0, rows: particles }, dim).base(base, points);
  let steps = Math.round(gradientEvaluations / particles);
  if (iteration < iterations) {
    const chains = await TemperedChains.open(context, base, particles);
    const before = gradientEvaluations;
    const pairs = steinPairs(particles, dim);
    const direction = new Float64Array(points.length);
    try {
      while (iteration < iterations) {
        await chains.evaluate(rows);
        stuck = withoutNumbers(gradient, dim);
        bandwidth = steinDirection(pairs, points, gradient, direction, options.bandwidth);
        let length = 0;
        for (let at = 0; at < points.length; at += 1) {
          const along = direction[at] as number;
          const old = squares[at] as number;
          const square = steps === 0 ? along * along : decay * old + (1 - decay) * along * along;
          squares[at] = square;
          points[at] = (points[at] as number) + (stepSize * along) / (fudge + Math.sqrt(square));
          length += along * along;
        }
        steps += 1;
        iteration += 1;
        broken += Number(stuck > 0);
        inARow = stuck > 0 ? inARow + 1 : 0;
        diverged = inARow >= patience;
        // What has diverged counts as ended, so that it is not begun again where a run is taken up.
        if (diverged) iteration = iterations;
        gradientEvaluations = before + chains.gradientEvaluations;
        const now = { iteration, points, squares, broken, inARow, diverged, bandwidth, stuck, gradientEvaluations };
        const report = { 'length of direction': Math.sqrt(length / particles), bandwidth };
        yield { iteration, report, capture: () => structuredClone(now) };
      }
    } finally {
      await chains.dispose();
    }
  }
  return { points, broken, diverged, bandwidth, steps, gradientEvaluations };
}

/** Sets gradients that are no numbers to zero: such particles are only pushed by the others. @returns how many those are */
function withoutNumbers(gradient: Float64Array, dim: number): number {
  let count = 0;
  for (let first = 0; first < gradient.length; first += dim) {
    const row = gradient.subarray(first, first + dim);
    if (row.every(Number.isFinite)) continue;
    row.fill(0);
    count += 1;
  }
  return count;
}

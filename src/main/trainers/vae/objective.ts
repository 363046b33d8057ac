import type { ParameterShapes, Parameters } from '../../models/network';
import type { TensorData } from '../../tensor/types';
import type { Coefficients } from '../paths/types';
import type { TrainingProblem } from '../train';

/** Which random numbers: those of a datum depend on nothing else, not on how data are cut. */
export interface Draws {
  readonly seed: number;
  readonly step: number;
  /** The place of the first row among the data. */
  readonly firstDatum: number;
}

/** A bound on log p(x) of given data. */
export interface BoundOf {
  /**
   * @param x `[rows, D]`
   * @returns `[rows]`, nats; belongs to the bound until its next call
   */
  readonly of: (parameters: Parameters, x: Float32Array, draws: Draws) => Promise<ArrayLike<number>>;
  readonly dispose: () => Promise<void>;
}

/** What of a training problem the objective decides. It reads `x [batch, D]` and inputs of its own. */
export interface VaeProblem extends Pick<TrainingProblem, 'inputs' | 'loss' | 'step' | 'leftOut'> {
  /** Writes the objective's own inputs of an iteration. */
  readonly fill: (feeds: Readonly<Record<string, TensorData>>, iteration: number) => void;
}

/** A lower bound on log p(x) that a VAE is trained to raise: what is trained, and how the bound and its gradient are computed. */
export interface VaeObjective {
  /** What learning curves call it. */
  readonly quantity: string;
  /** Of the networks and of whatever else is trained along. */
  readonly shapes: ParameterShapes;
  readonly initial: (seed: number) => Parameters;
  /** What else to change where training diverges: 'a smaller "stepSize"'. */
  readonly advice?: string;
  /** Rows of z that a datum takes. */
  readonly particles: number;
  readonly problem: (batch: number, seed: number) => VaeProblem;
  /** Where the bound is that of chains: what their transitions have learned. */
  readonly transitions?: (parameters: Parameters) => Coefficients;
  /** Prepares the bound for so many data at once. */
  readonly open: (rows: number) => Promise<BoundOf>;
}

/** Rows of z that are evaluated together where nothing is differentiated. */
const mostRows = 4096;

/** Data whose bounds are computed together: enough to fill the cores, few enough for their memory. */
export function dataAtOnce({ particles }: VaeObjective, count: number): number {
  return Math.min(count, 512, Math.max(1, Math.floor(mostRows / particles)));
}

/**
 * The bound on log p(x) of each datum, computed some rows at a time; the last piece may begin among data that are done, since a datum's
 * numbers do not depend on the cut.
 * @param rows that the bound was opened for, at most as many as there are data
 * @param x `[count, D]`
 * @returns after each piece; at last the bounds, `[count]`, nats
 */
export async function* boundsOver(
  bound: BoundOf,
  rows: number,
  parameters: Parameters,
  { x, count }: { readonly x: Float32Array; readonly count: number },
  draws: Omit<Draws, 'firstDatum'>,
): AsyncGenerator<number, Float64Array> {
  const width = x.length / count;
  const values = new Float64Array(count);
  for (let done = 0; done < count;) {
    const firstDatum = Math.min(done, count - rows);
    const piece = x.subarray(firstDatum * width, (firstDatum + rows) * width);
    values.set(Float64Array.from(await bound.of(parameters, piece, { ...draws, firstDatum })), firstDatum);
    done = firstDatum + rows;
    yield done;
  }
  return values;
}

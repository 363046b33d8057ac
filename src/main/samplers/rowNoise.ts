import { fillNormals, fillUniforms, type Block } from '../tensor/random/streams';
import type { Base } from './types';

/** The random numbers of some rows of a sampler: those from `first` on, of all that it has. They do not depend on how rows are cut. */
export interface RowPlace {
  readonly seed: number;
  readonly first: number;
  readonly rows: number;
}

/** Trajectories take ε · U(1 − jitter, 1 + jitter): fixed lengths can make HMC periodic. */
const jitter = 0.2;

export interface RowNoise {
  /** Exact draws of π₀, `[rows, d]`; of other rows for another step. */
  readonly base: (base: Base, out: Float64Array, step?: number) => void;
  /**
   * Fills what transition `step` needs.
   * @param stepSize ε, for all rows or row by row
   */
  readonly transition: (step: number, stepSize: number | Float64Array) => TransitionNoise;
  /** Uniforms in (0, 1), `[rows]`: a stream apart. */
  readonly uniforms: (step: number) => Float64Array;
}

export interface TransitionNoise {
  readonly momentum: Float64Array;
  readonly logUniform: Float64Array;
  readonly stepSizes: Float64Array;
}

/** Buffers are used again and again. */
export function rowNoise({ seed, first, rows }: RowPlace, dim: number): RowNoise {
  const place = { seed, firstChain: 0, chains: 1, firstDatum: first, data: rows };
  const initial: Block = { ...place, stream: 'pathInitial', step: 0, width: dim };
  const normals: Block = { ...place, stream: 'pathMomentum', step: 0, width: dim };
  const pairs: Block = { ...place, stream: 'pathRefreshment', step: 0, width: 2 };
  const single: Block = { ...place, firstChain: 1, stream: 'pathRefreshment', step: 0, width: 1 };
  const momentum = new Float64Array(rows * dim);
  const uniforms = new Float64Array(2 * rows);
  const logUniform = new Float64Array(rows);
  const stepSizes = new Float64Array(rows);
  const others = new Float64Array(rows);
  return {
    base: ({ mean, std }, out, step = 0) => {
      fillNormals(out, { ...initial, step });
      for (let at = 0; at < out.length; at += 1) out[at] = mean + std * (out[at] as number);
    },
    transition: (step, stepSize) => {
      fillNormals(momentum, { ...normals, step });
      fillUniforms(uniforms, { ...pairs, step });
      for (let row = 0; row < rows; row += 1) {
        const size = typeof stepSize === 'number' ? stepSize : (stepSize[row] as number);
        logUniform[row] = Math.log(uniforms[2 * row] as number);
        stepSizes[row] = size * (1 + jitter * (2 * (uniforms[2 * row + 1] as number) - 1));
      }
      return { momentum, logUniform, stepSizes };
    },
    uniforms: (step) => {
      fillUniforms(others, { ...single, step });
      return others;
    },
  };
}

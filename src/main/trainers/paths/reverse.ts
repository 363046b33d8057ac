import { OverdampedReversal } from './overdampedReversal';
import { subtractLogStart } from './start';
import { PathStates } from './states';
import type {
  Coefficients,
  Floats,
  ForwardScore,
  PathFields,
  PathNoise,
  PathOptions,
  ReversePaths,
  Start,
} from './types';
import { UnderdampedReversal } from './underdampedReversal';

export type ReverseOptions = Pick<PathOptions, 'dynamics' | 'integrator' | 'backwardMean' | 'steps'>;

/** One kind of transition, drawn backward. */
export interface Reversal {
  /** Whether it reads ∇ log γ at x_K, and transition k leaves that at x_{k−1} behind for the next. */
  readonly forcesAtEnds: boolean;
  /** Draws p_K, where there are momenta. */
  begin(noise: PathNoise): void;
  /** From k to k − 1, with the part of log w, the correction by ŝ included. */
  step(k: number, noise: PathNoise, score?: ForwardScore): Promise<void>;
}

/**
 * Draws paths from Γ in place of Q: x_K from the target itself, then x_{k−1} by the backward kernels. With w = Γ/Q the mean of log w is
 * log Z + KL(Γ/Z ‖ Q), at least log Z, and E[1/w] = 1/Z. States of three transitions are all that is held.
 */
export class ReversePath implements ReversePaths {
  readonly rows: number;
  readonly dim: number;
  readonly steps: number;
  readonly logWeights: Float64Array;
  readonly broken: Int32Array;
  private readonly fields: PathFields;
  private readonly states: PathStates;
  private readonly reversal: Reversal;
  private readonly values: Floats;

  private constructor(fields: PathFields, options: ReverseOptions) {
    const { dynamics, integrator = 'kick-drift-kick', backwardMean = 'paper', steps } = options;
    this.fields = fields;
    this.rows = fields.rows;
    this.dim = fields.dim;
    this.steps = steps;
    this.states = new PathStates(fields, { steps, keep: false, underdamped: dynamics === 'underdamped' });
    this.logWeights = this.states.logWeights;
    this.broken = this.states.broken;
    this.reversal =
      dynamics === 'underdamped'
        ? new UnderdampedReversal(fields, this.states, { integrator, backwardMean })
        : new OverdampedReversal(fields, this.states);
    this.values = fields.make(fields.rows);
  }

  /** The fields belong to the path from here on; they need no gradients. */
  static open(fields: PathFields, options: ReverseOptions): ReversePath {
    return new ReversePath(fields, options);
  }

  get starts(): Floats {
    return this.states.positions[0] as Floats;
  }

  async run(
    samples: Floats,
    start: Start,
    coefficients: Coefficients,
    noise: PathNoise,
    score?: ForwardScore,
  ): Promise<void> {
    const { states, reversal, fields, steps, dim, logWeights, broken, values } = this;
    states.begin(start, coefficients);
    const last = states.positions[steps] as Floats;
    last.set(samples);
    states.parkFar(steps, steps);
    reversal.begin(noise);
    await fields.end(last, values, reversal.forcesAtEnds ? states.forces[steps] : undefined);
    logWeights.set(values);
    for (let k = steps; k >= 1; k -= 1) await reversal.step(k, noise, score);
    subtractLogStart(states.law, dim, this.starts, logWeights);
    for (let row = 0; row < broken.length; row += 1) {
      if (!Number.isFinite(logWeights[row])) states.park(row, steps);
      if (broken[row] !== -1) logWeights[row] = Number.NaN;
    }
  }

  dispose(): Promise<void> {
    return this.fields.dispose();
  }
}

import { addCorrection } from './correction';
import { Overdamped } from './overdamped';
import type { Reversal } from './reverse';
import type { PathStates } from './states';
import type { Floats, ForwardScore, PathFields, PathNoise } from './types';

/** x_{k−1} = x_k + δ g_k(x_k) + 2δ ŝ(k, x_k) + √(2δ) ε; the weight is that of a transition forward between the same two states. */
export class OverdampedReversal implements Reversal {
  readonly forcesAtEnds = true;
  private readonly fields: PathFields;
  private readonly states: PathStates;
  private readonly kernel: Overdamped;
  private readonly scores: Floats;
  private readonly residuals: Float64Array;

  constructor(fields: PathFields, states: PathStates) {
    this.fields = fields;
    this.states = states;
    this.kernel = new Overdamped(states);
    this.scores = states.normals.slice();
    this.residuals = new Float64Array(states.normals.length);
  }

  begin(): void {
    this.scores.fill(0);
  }

  async step(k: number, noise: PathNoise, score?: ForwardScore): Promise<void> {
    const { states, kernel, scores, residuals, fields } = this;
    await score?.(k, kernel.scoreInput(k), scores);
    noise.transition(states.normals, k);
    this.draw(k);
    states.parkFar(k - 1, k);
    await fields.force(states.positions[k - 1] as Floats, states.forces[k - 1] as Floats);
    kernel.weigh(k);
    if (score === undefined) return;
    kernel.residual(k, residuals);
    addCorrection(kernel.correctionWeights(k), scores, residuals, states.logWeights);
  }

  private draw(k: number): void {
    const { rows, dim, law, normals, positions, forces, coefficients } = this.states;
    const { mean, precision, stride } = law;
    const [before, after, force] = [positions[k - 1] as Floats, positions[k] as Floats, forces[k] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const [width, rest] = [Math.sqrt(2 * step), 1 - beta];
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        const y = after[at] as number;
        const initial = ((mean[from + i] as number) - y) * (precision[from + i] as number);
        const drift = rest * initial + beta * (force[at] as number) + 2 * (this.scores[at] as number);
        before[at] = y + step * drift + width * (normals[at] as number);
      }
    }
  }
}

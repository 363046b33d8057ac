import { overdampedWeights } from './correction';
import { farthest, type Kernel, type PathStates } from './states';
import type { CorrectionWeights, Floats, ScoreInput } from './types';

/**
 * Langevin transitions, x_k = x_{k−1} + δ g_k(x_{k−1}) + √(2δ) ε with g_k = ∇ log γ_k, and the same kernel backward from x_k. With
 * Δ = x_k − x_{k−1} they add −½ Δ·(g₋ + g₊) + (δ/4)(‖g₋‖² − ‖g₊‖²) to log w: the normalisers cancel, and nothing large is subtracted
 * where δ is small. The force at x_k is the first of the next transition too, since log γ_k is linear in β.
 */
export class Overdamped implements Kernel {
  readonly forcesAtEnds = true;
  private readonly states: PathStates;

  constructor(states: PathStates) {
    this.states = states;
  }

  move(k: number): void {
    const { rows, dim, law, normals, positions, forces, coefficients } = this.states;
    const { mean, precision, stride } = law;
    const [before, after, force] = [positions[k - 1] as Floats, positions[k] as Floats, forces[k - 1] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const [width, rest] = [Math.sqrt(2 * step), 1 - beta];
    const limit = farthest;
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      let far = false;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const x = before[at] as number;
        const initial = ((mean[from + i] as number) - x) * (precision[from + i] as number);
        const drift = rest * initial + beta * (force[at] as number);
        const next = x + step * drift + width * (normals[at] as number);
        after[at] = next;
        if (!(Math.abs(next) <= limit)) far = true;
      }
      if (far) this.states.park(row, k);
    }
  }

  forcePoint(k: number): Floats {
    return this.states.positions[k] as Floats;
  }

  weigh(k: number): void {
    const { rows, dim, law, positions, forces, coefficients, logWeights } = this.states;
    const { mean, precision, stride } = law;
    const [before, after] = [positions[k - 1] as Floats, positions[k] as Floats];
    const [forceBefore, forceAfter] = [forces[k - 1] as Floats, forces[k] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const [quarter, rest] = [0.25 * step, 1 - beta];
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      let sum = 0;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const x = before[at] as number;
        const y = after[at] as number;
        const centre = mean[from + i] as number;
        const inverse = rest * (precision[from + i] as number);
        const first = inverse * (centre - x) + beta * (forceBefore[at] as number);
        const second = inverse * (centre - y) + beta * (forceAfter[at] as number);
        sum += (first + second) * (quarter * (first - second) - 0.5 * (y - x));
      }
      logWeights[row] = (logWeights[row] as number) + sum;
      if (!Number.isFinite(sum)) this.states.park(row, k);
    }
  }

  scoreInput(k: number): ScoreInput {
    return { position: this.states.positions[k] as Floats };
  }

  /** x_{k−1} − x_k − δ g_k(x_k) */
  residual(k: number, out: Floats): void {
    const { rows, dim, law, positions, forces, coefficients } = this.states;
    const { mean, precision, stride } = law;
    const [before, after, force] = [positions[k - 1] as Floats, positions[k] as Floats, forces[k] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        const y = after[at] as number;
        const initial = ((mean[from + i] as number) - y) * (precision[from + i] as number);
        out[at] = (before[at] as number) - y - step * ((1 - beta) * initial + beta * (force[at] as number));
      }
    }
  }

  correctionWeights(k: number): CorrectionWeights {
    const { dim, coefficients } = this.states;
    return overdampedWeights(coefficients.steps[k - 1] ?? Number.NaN, dim);
  }
}

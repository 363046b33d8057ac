import { refreshed, underdampedWeights } from './correction';
import { farthest, type Kernel, type PathStates } from './states';
import type { BackwardMean, CorrectionWeights, Floats, Integrator, ScoreInput } from './types';

/**
 * Hamiltonian transitions. The momentum is partly refreshed, p̃_k ~ N(h p_{k−1}, (1 − h²) M), and a leapfrog step for γ_k leads from
 * (x_{k−1}, p̃_k) to (x_k, p_k). The refreshment is reversible for N(0, M), so that transition k adds ½ (p̃ᵀM⁻¹p̃ − p_kᵀM⁻¹p_k) to log w.
 * Kick-drift-kick needs forces at x_{k−1} and x_k, each once for two transitions; drift-kick-drift one in the middle of each.
 */
export class Underdamped implements Kernel {
  readonly forcesAtEnds: boolean;
  private readonly states: PathStates;
  private readonly backwardMean: BackwardMean;
  /** p_k of the last transition weighed, or p₀. */
  private readonly momentum: Float64Array;
  private readonly middle: Floats;

  constructor(
    states: PathStates,
    { integrator, backwardMean }: { readonly integrator: Integrator; readonly backwardMean: BackwardMean },
  ) {
    this.states = states;
    this.forcesAtEnds = integrator === 'kick-drift-kick';
    this.backwardMean = backwardMean;
    this.momentum = new Float64Array(states.normals.length);
    this.middle = states.normals.slice();
  }

  /** From standard normals in `states.momenta[0]` to p₀. */
  begin(): void {
    const { rows, dim, momenta, coefficients } = this.states;
    const first = momenta[0] as Floats;
    const roots = coefficients.mass.map(Math.sqrt);
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let i = 0; i < dim; i += 1, at += 1) first[at] = (roots[i] as number) * (first[at] as number);
    }
    this.momentum.set(first);
  }

  move(k: number): void {
    this.refresh(k);
    const { rows, dim, law, positions, forces, momenta, coefficients } = this.states;
    const { mean, precision, stride } = law;
    const [before, tilde] = [positions[k - 1] as Floats, momenta[k] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const kick = this.forcesAtEnds;
    const after = kick ? (positions[k] as Floats) : this.middle;
    const rates = coefficients.mass.map((mass) => (kick ? step : 0.5 * step) / mass);
    const [half, rest] = [kick ? 0.5 * step : 0, 1 - beta];
    const force = forces[k - 1] as Floats;
    const limit = farthest;
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      let far = false;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const x = before[at] as number;
        let p = tilde[at] as number;
        if (kick) {
          const initial = ((mean[from + i] as number) - x) * (precision[from + i] as number);
          p += half * (rest * initial + beta * (force[at] as number));
        }
        const next = x + (rates[i] as number) * p;
        after[at] = next;
        if (!(Math.abs(next) <= limit)) far = true;
      }
      if (far) this.parkHere(row, k);
    }
  }

  forcePoint(k: number): Floats {
    return this.forcesAtEnds ? (this.states.positions[k] as Floats) : this.middle;
  }

  weigh(k: number): void {
    const { rows, dim, positions, momenta, coefficients, logWeights } = this.states;
    const { momentum, middle } = this;
    this.momentumAfter(k, momentum);
    const tilde = momenta[k] as Floats;
    const inverse = coefficients.mass.map((mass) => 1 / mass);
    for (let row = 0, at = 0; row < rows; row += 1) {
      let energy = 0;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const p = momentum[at] as number;
        const t = tilde[at] as number;
        energy += (inverse[i] as number) * (t - p) * (t + p);
      }
      logWeights[row] = (logWeights[row] as number) + 0.5 * energy;
      if (!Number.isFinite(energy)) this.parkHere(row, k);
    }
    if (this.forcesAtEnds) return;
    const after = positions[k] as Floats;
    const half = 0.5 * (coefficients.steps[k - 1] as number);
    const limit = farthest;
    for (let row = 0, at = 0; row < rows; row += 1) {
      let far = false;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const next = (middle[at] as number) + half * (inverse[i] as number) * (momentum[at] as number);
        after[at] = next;
        if (!(Math.abs(next) <= limit)) far = true;
      }
      if (far) this.parkHere(row, k);
    }
  }

  scoreInput(k: number): ScoreInput {
    const { positions, momenta } = this.states;
    return { position: positions[k - 1] as Floats, momentum: momenta[k] as Floats };
  }

  /** p_{k−1} − h p̃_k */
  residual(k: number, out: Floats): void {
    const { momenta, coefficients } = this.states;
    const tilde = momenta[k] as Floats;
    const h = coefficients.refreshment;
    this.momentumAfter(k - 1, out);
    for (let at = 0; at < out.length; at += 1) out[at] = (out[at] as number) - h * (tilde[at] as number);
  }

  correctionWeights(): CorrectionWeights {
    const { refreshment, mass } = this.states.coefficients;
    return underdampedWeights(refreshment, mass, this.backwardMean);
  }

  /** p_k from what is kept of transition k, or p₀; into `out` `[R, d]`. */
  momentumAfter(k: number, out: Floats): void {
    const { rows, dim, law, positions, forces, momenta, coefficients } = this.states;
    const tilde = momenta[k] as Floats;
    if (k === 0) {
      out.set(tilde);
      return;
    }
    const { mean, precision, stride } = law;
    const [before, after] = [positions[k - 1] as Floats, positions[k] as Floats];
    const [forceBefore, forceAfter] = [forces[k - 1] as Floats, forces[k] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const [half, rest] = [0.5 * step, 1 - beta];
    if (this.forcesAtEnds) {
      for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
        for (let i = 0; i < dim; i += 1, at += 1) {
          const centre = mean[from + i] as number;
          const initial =
            (2 * centre - (before[at] as number) - (after[at] as number)) * (precision[from + i] as number);
          const target = (forceBefore[at] as number) + (forceAfter[at] as number);
          out[at] = (tilde[at] as number) + half * (rest * initial + beta * target);
        }
      }
      return;
    }
    const rates = coefficients.mass.map((mass) => half / mass);
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        const p = tilde[at] as number;
        const centre = (before[at] as number) + (rates[i] as number) * p;
        const initial = ((mean[from + i] as number) - centre) * (precision[from + i] as number);
        out[at] = p + step * (rest * initial + beta * (forceAfter[at] as number));
      }
    }
  }

  /** Where transition k had its force, drift-kick-drift; into `out`. */
  middleOf(k: number, out: Floats): void {
    const { rows, dim, positions, momenta, coefficients } = this.states;
    const [before, tilde] = [positions[k - 1] as Floats, momenta[k] as Floats];
    const half = 0.5 * (coefficients.steps[k - 1] as number);
    const rates = coefficients.mass.map((mass) => half / mass);
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        out[at] = (before[at] as number) + (rates[i] as number) * (tilde[at] as number);
      }
    }
  }

  private refresh(k: number): void {
    const { rows, dim, normals, momenta, coefficients } = this.states;
    const { momentum } = this;
    const tilde = momenta[k] as Floats;
    const h = coefficients.refreshment;
    const variance = refreshed(h);
    const widths = coefficients.mass.map((mass) => Math.sqrt(variance * mass));
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        tilde[at] = h * (momentum[at] as number) + (widths[i] as number) * (normals[at] as number);
      }
    }
  }

  private parkHere(row: number, k: number): void {
    const { dim, law } = this.states;
    this.states.park(row, k);
    const from = row * dim;
    this.momentum.fill(0, from, from + dim);
    for (let i = 0; i < dim; i += 1) this.middle[from + i] = law.mean[row * law.stride + i] as number;
  }
}

import { addCorrection, refreshed, scoreFactor, underdampedWeights } from './correction';
import type { Reversal } from './reverse';
import type { PathStates } from './states';
import type { BackwardMean, Floats, ForwardScore, Integrator, PathFields, PathNoise } from './types';

/**
 * The leapfrog step undone, (x_k, p_k) to (x_{k−1}, p̃_k), then p_{k−1} = h p̃ + c M ŝ + √(1 − h²) M^{1/2} ξ. It adds the same
 * ½ (p̃ᵀM⁻¹p̃ − p_kᵀM⁻¹p_k) to log w as forward, since volume is preserved.
 */
export class UnderdampedReversal implements Reversal {
  readonly forcesAtEnds: boolean;
  private readonly fields: PathFields;
  private readonly states: PathStates;
  private readonly backwardMean: BackwardMean;
  /** p_k, then p_{k−1}. */
  private readonly momentum: Float64Array;
  private readonly energies: Float64Array;
  private readonly residuals: Float64Array;
  private readonly scores: Floats;
  private readonly middle: Floats;

  constructor(
    fields: PathFields,
    states: PathStates,
    { integrator, backwardMean }: { readonly integrator: Integrator; readonly backwardMean: BackwardMean },
  ) {
    const size = states.normals.length;
    this.forcesAtEnds = integrator === 'kick-drift-kick';
    this.fields = fields;
    this.states = states;
    this.backwardMean = backwardMean;
    this.momentum = new Float64Array(size);
    this.residuals = new Float64Array(size);
    this.energies = new Float64Array(states.rows);
    this.scores = fields.make(size);
    this.middle = fields.make(size);
  }

  /** p_K ~ N(0, M) */
  begin(noise: PathNoise): void {
    const { rows, dim, normals, coefficients } = this.states;
    const roots = coefficients.mass.map(Math.sqrt);
    noise.momentum(normals);
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let i = 0; i < dim; i += 1, at += 1) this.momentum[at] = (roots[i] as number) * (normals[at] as number);
    }
    this.scores.fill(0);
  }

  async step(k: number, noise: PathNoise, score?: ForwardScore): Promise<void> {
    const { states, scores, residuals, fields, forcesAtEnds, middle } = this;
    const [before, tilde] = [states.positions[k - 1] as Floats, states.momenta[k] as Floats];
    this.takeEnergy(1);
    if (forcesAtEnds) {
      this.kick(k, states.positions[k] as Floats, states.forces[k] as Floats, 0.5);
      this.drift(k, states.positions[k] as Floats, before, 1);
      states.parkFar(k - 1, k);
      await fields.force(before, states.forces[k - 1] as Floats);
      this.kick(k, before, states.forces[k - 1] as Floats, 0.5);
    } else {
      this.drift(k, states.positions[k] as Floats, middle, 0.5);
      await fields.force(middle, states.forces[k] as Floats);
      this.kick(k, middle, states.forces[k] as Floats, 1);
      this.drift(k, middle, before, 0.5);
      states.parkFar(k - 1, k);
    }
    tilde.set(this.momentum);
    this.momentum.set(tilde);
    this.takeEnergy(-1);
    this.weigh(k);
    await score?.(k, { position: before, momentum: tilde }, scores);
    noise.transition(states.normals, k);
    this.refresh(k);
    if (score === undefined) return;
    const { refreshment, mass } = states.coefficients;
    const weights = underdampedWeights(refreshment, mass, this.backwardMean);
    addCorrection(weights, scores, residuals, states.logWeights);
  }

  /** p ← p − share · δ g_k(x) */
  private kick(k: number, at: Floats, force: Floats, share: number): void {
    const { rows, dim, law, coefficients } = this.states;
    const { mean, precision, stride } = law;
    const { momentum } = this;
    const [step, beta] = [share * (coefficients.steps[k - 1] as number), coefficients.betas[k - 1] as number];
    for (let row = 0, place = 0, from = 0; row < rows; row += 1, from += stride) {
      for (let i = 0; i < dim; i += 1, place += 1) {
        const initial = ((mean[from + i] as number) - (at[place] as number)) * (precision[from + i] as number);
        momentum[place] = (momentum[place] as number) - step * ((1 - beta) * initial + beta * (force[place] as number));
      }
    }
  }

  /** x′ = x − share · δ M⁻¹ p */
  private drift(k: number, x: Floats, out: Floats, share: number): void {
    const { rows, dim, coefficients } = this.states;
    const rates = coefficients.mass.map((mass) => (share * (coefficients.steps[k - 1] as number)) / mass);
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        out[at] = (x[at] as number) - (rates[i] as number) * (this.momentum[at] as number);
      }
    }
  }

  /** −½ sign · pᵀM⁻¹p: set for sign 1, added to for sign −1. */
  private takeEnergy(sign: 1 | -1): void {
    const { rows, dim, coefficients } = this.states;
    const halves = coefficients.mass.map((mass) => (-0.5 * sign) / mass);
    for (let row = 0, at = 0; row < rows; row += 1) {
      let energy = sign === 1 ? 0 : (this.energies[row] as number);
      for (let i = 0; i < dim; i += 1, at += 1) energy += (halves[i] as number) * (this.momentum[at] as number) ** 2;
      this.energies[row] = energy;
    }
  }

  private weigh(k: number): void {
    const { dim, logWeights } = this.states;
    this.energies.forEach((energy, row) => {
      logWeights[row] = (logWeights[row] as number) + energy;
      if (Number.isFinite(energy)) return;
      this.states.park(row, k);
      this.momentum.fill(0, row * dim, (row + 1) * dim);
    });
  }

  private refresh(k: number): void {
    const { rows, dim, normals, momenta, coefficients } = this.states;
    const { refreshment: h, mass } = coefficients;
    const tilde = momenta[k] as Floats;
    const variance = refreshed(h);
    const widths = mass.map((value) => Math.sqrt(variance * value));
    const bends = mass.map((value) => scoreFactor(h, this.backwardMean) * value);
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        const moved =
          (bends[i] as number) * (this.scores[at] as number) + (widths[i] as number) * (normals[at] as number);
        this.residuals[at] = moved;
        this.momentum[at] = h * (tilde[at] as number) + moved;
      }
    }
  }
}

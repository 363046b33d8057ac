import type { Carried, KernelGradient, Sums } from './backward';
import type { Overdamped } from './overdamped';
import type { PathStates } from './states';
import type { Floats, ScoreCotangents } from './types';

/** Langevin transitions backward. The noise need not be drawn again: √(2δ) ε is Δ − δ g₋. */
export class OverdampedGradient implements KernelGradient {
  readonly curvatureAtStart = true;
  private readonly states: PathStates;
  private readonly kernel: Overdamped;
  private readonly carried: Carried;
  private readonly sums: Sums;

  constructor(states: PathStates, kernel: Overdamped, carried: Carried, sums: Sums) {
    this.states = states;
    this.kernel = kernel;
    this.carried = carried;
    this.sums = sums;
  }

  /** Through what transition k reads of x_k: the second half of its weight, its residual, and a score. */
  before(k: number, score?: ScoreCotangents): Floats {
    const { rows, dim, law, positions, forces, coefficients } = this.states;
    const { carried, sums } = this;
    const weights = carried.takeScore(this.kernel, k, score);
    carried.add(carried.x, score?.position);
    const { mean, precision, stride } = law;
    const [before, after] = [positions[k - 1] as Floats, positions[k] as Floats];
    const [forceBefore, forceAfter] = [forces[k - 1] as Floats, forces[k] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const { x: xBar, force: forceBar, residual: residualBar, direction, cotangent } = carried;
    const { mean: meanBar, logVariance: varianceBar } = sums;
    const rest = 1 - beta;
    let [stepBar, betaBar] = [0, 0];
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const x = before[at] as number;
        const y = after[at] as number;
        const inverse = precision[from + i] as number;
        const centre = mean[from + i] as number;
        const initialX = (centre - x) * inverse;
        const initialY = (centre - y) * inverse;
        const targetX = forceBefore[at] as number;
        const targetY = forceAfter[at] as number;
        const first = rest * initialX + beta * targetX;
        const second = rest * initialY + beta * targetY;
        const rBar = residualBar[at] as number;
        const secondBar = -wBar * 0.5 * (y - x + step * second) - step * rBar;
        const place = from + i;
        const initialBar = rest * secondBar;
        direction[at] = (forceBar[at] as number) + beta * secondBar;
        // From Δ and from g₊ through π₀; that through γ is the curvature.
        xBar[at] = (xBar[at] as number) - 0.5 * wBar * (first + second) - rBar - initialBar * inverse;
        stepBar += 0.25 * wBar * (first - second) * (first + second) - rBar * second;
        betaBar += secondBar * (targetY - initialY);
        meanBar[place] = (meanBar[place] as number) + initialBar * inverse;
        varianceBar[place] = (varianceBar[place] as number) - initialBar * initialY;
      }
    }
    if (weights !== undefined) for (const bar of weights.quadratic) stepBar += 2 * bar;
    sums.steps[k - 1] = stepBar;
    sums.betas[k - 1] = betaBar;
    return after;
  }

  /** Through x_k = x_{k−1} + δ g₋ + √(2δ) ε and the first half of the weight. */
  after(k: number): void {
    const { carried, sums } = this;
    carried.addCurvature();
    const { rows, dim, law, positions, forces, coefficients } = this.states;
    const { mean, precision, stride } = law;
    const [before, after] = [positions[k - 1] as Floats, positions[k] as Floats];
    const [forceBefore, forceAfter] = [forces[k - 1] as Floats, forces[k] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const { x: xBar, force: forceBar, residual: residualBar, cotangent } = carried;
    const { mean: meanBar, logVariance: varianceBar } = sums;
    const rest = 1 - beta;
    let [stepBar, betaBar] = [0, 0];
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const x = before[at] as number;
        const y = after[at] as number;
        const inverse = precision[from + i] as number;
        const centre = mean[from + i] as number;
        const initialX = (centre - x) * inverse;
        const targetX = forceBefore[at] as number;
        const first = rest * initialX + beta * targetX;
        const second = rest * (centre - y) * inverse + beta * (forceAfter[at] as number);
        const bar = xBar[at] as number;
        const moved = y - x;
        const firstBar = 0.5 * wBar * (step * first - moved) + step * bar;
        const place = from + i;
        const initialBar = rest * firstBar;
        forceBar[at] = beta * firstBar;
        xBar[at] = bar + 0.5 * wBar * (first + second) + (residualBar[at] as number) - initialBar * inverse;
        stepBar += bar * (first + moved / step);
        betaBar += firstBar * (targetX - initialX);
        meanBar[place] = (meanBar[place] as number) + initialBar * inverse;
        varianceBar[place] = (varianceBar[place] as number) - initialBar * initialX;
      }
    }
    sums.steps[k - 1] = (sums.steps[k - 1] as number) + 0.5 * stepBar;
    sums.betas[k - 1] = (sums.betas[k - 1] as number) + betaBar;
  }

  finish(): void {
    // There are no momenta.
  }
}

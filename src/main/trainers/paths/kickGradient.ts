import type { Carried, KernelGradient, Sums } from './backward';
import type { WeightCotangents } from './correction';
import { addFirstMomentum, addWeightCotangents, unrefresh } from './refreshmentGradient';
import type { PathStates } from './states';
import type { BackwardMean, Floats, ScoreCotangents } from './types';
import type { Underdamped } from './underdamped';

/** Hamiltonian transitions with kick, drift and kick, backward. */
export class KickGradient implements KernelGradient {
  readonly curvatureAtStart = true;
  private readonly states: PathStates;
  private readonly kernel: Underdamped;
  private readonly carried: Carried;
  private readonly sums: Sums;
  private readonly backwardMean: BackwardMean;
  /** p_k, then p_{k−1}. */
  private readonly momentum: Float64Array;
  private weights: WeightCotangents | undefined;

  constructor(states: PathStates, kernel: Underdamped, carried: Carried, sums: Sums, backwardMean: BackwardMean) {
    this.states = states;
    this.kernel = kernel;
    this.carried = carried;
    this.sums = sums;
    this.backwardMean = backwardMean;
    this.momentum = new Float64Array(states.normals.length);
    kernel.momentumAfter(states.steps, this.momentum);
  }

  /** Through the kinetic energy of p_k and the second kick. */
  before(k: number, score?: ScoreCotangents): Floats {
    const { rows, dim, positions, coefficients } = this.states;
    const { carried, sums, momentum } = this;
    this.weights = carried.takeScore(this.kernel, k, score);
    const inverses = coefficients.mass.map((mass) => 1 / mass);
    const half = 0.5 * (coefficients.steps[k - 1] as number);
    const along = half * (coefficients.betas[k - 1] as number);
    const { p: pBar, force: forceBar, direction, cotangent } = carried;
    const { mass: massBar } = sums;
    for (let row = 0, at = 0; row < rows; row += 1) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const velocity = (inverses[i] as number) * (momentum[at] as number);
        const bar = (pBar[at] as number) - wBar * velocity;
        pBar[at] = bar;
        direction[at] = (forceBar[at] as number) + along * bar;
        massBar[i] = (massBar[i] as number) + 0.5 * wBar * velocity * velocity;
      }
    }
    return positions[k] as Floats;
  }

  /** Through the rest of the leapfrog step and the refreshment. */
  after(k: number, score?: ScoreCotangents): void {
    const { carried, sums, momentum, kernel } = this;
    carried.addCurvature();
    const { rows, dim, law, positions, forces, momenta, coefficients } = this.states;
    const { mean, precision, stride } = law;
    const [before, after, tilde] = [positions[k - 1] as Floats, positions[k] as Floats, momenta[k] as Floats];
    const [forceBefore, forceAfter] = [forces[k - 1] as Floats, forces[k] as Floats];
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const inverses = coefficients.mass.map((mass) => 1 / mass);
    const { x: xBar, p: pBar, force: forceBar } = carried;
    const { mean: meanBar, logVariance: varianceBar, mass: massBar } = sums;
    const [half, rest] = [0.5 * step, 1 - beta];
    let [stepBar, betaBar] = [0, 0];
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        const place = from + i;
        const centre = mean[place] as number;
        const narrow = precision[place] as number;
        const initialX = (centre - (before[at] as number)) * narrow;
        const initialY = (centre - (after[at] as number)) * narrow;
        const targetX = forceBefore[at] as number;
        const targetY = forceAfter[at] as number;
        const first = rest * initialX + beta * targetX;
        const second = rest * initialY + beta * targetY;
        const kickedBar = pBar[at] as number;
        const secondBar = half * kickedBar;
        const positionBar = (xBar[at] as number) - rest * narrow * secondBar;
        const velocity = (inverses[i] as number) * ((tilde[at] as number) + half * first);
        const rate = step * (inverses[i] as number) * positionBar;
        const tildeBar = kickedBar + rate;
        const firstBar = half * tildeBar;
        pBar[at] = tildeBar;
        xBar[at] = positionBar - rest * narrow * firstBar;
        forceBar[at] = beta * firstBar;
        stepBar += positionBar * velocity + 0.5 * (kickedBar * second + tildeBar * first);
        betaBar += secondBar * (targetY - initialY) + firstBar * (targetX - initialX);
        massBar[i] = (massBar[i] as number) - rate * velocity;
        meanBar[place] = (meanBar[place] as number) + rest * narrow * (firstBar + secondBar);
        varianceBar[place] = (varianceBar[place] as number) - rest * (firstBar * initialX + secondBar * initialY);
      }
    }
    sums.steps[k - 1] = stepBar;
    sums.betas[k - 1] = betaBar;
    carried.add(xBar, score?.position);
    carried.add(pBar, score?.momentum);
    kernel.momentumAfter(k - 1, momentum);
    unrefresh(this.states, k, carried, momentum, sums);
    addWeightCotangents(this.states, this.backwardMean, this.weights, sums);
  }

  finish(): void {
    addFirstMomentum(this.states, this.carried, this.sums);
  }
}

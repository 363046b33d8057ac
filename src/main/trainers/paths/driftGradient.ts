import type { Carried, KernelGradient, Sums } from './backward';
import type { WeightCotangents } from './correction';
import { addFirstMomentum, addWeightCotangents, unrefresh } from './refreshmentGradient';
import type { PathStates } from './states';
import type { BackwardMean, Floats, ScoreCotangents } from './types';
import type { Underdamped } from './underdamped';

/** Hamiltonian transitions with drift, kick and drift, backward. */
export class DriftGradient implements KernelGradient {
  readonly curvatureAtStart = false;
  private readonly states: PathStates;
  private readonly kernel: Underdamped;
  private readonly carried: Carried;
  private readonly sums: Sums;
  private readonly backwardMean: BackwardMean;
  /** p_k, then p_{k−1}. */
  private readonly momentum: Float64Array;
  private readonly middle: Floats;
  private weights: WeightCotangents | undefined;

  constructor(states: PathStates, kernel: Underdamped, carried: Carried, sums: Sums, backwardMean: BackwardMean) {
    this.states = states;
    this.kernel = kernel;
    this.carried = carried;
    this.sums = sums;
    this.backwardMean = backwardMean;
    this.momentum = new Float64Array(states.normals.length);
    this.middle = states.normals.slice();
    kernel.momentumAfter(states.steps, this.momentum);
  }

  /** Through the second drift, the kinetic energy of p_k and the kick, up to the force. */
  before(k: number, score?: ScoreCotangents): Floats {
    const { rows, dim, law, forces, coefficients } = this.states;
    const { carried, sums, momentum, middle } = this;
    this.weights = carried.takeScore(this.kernel, k, score);
    this.kernel.middleOf(k, middle);
    const { mean, precision, stride } = law;
    const force = forces[k] as Floats;
    const [step, beta] = [coefficients.steps[k - 1] as number, coefficients.betas[k - 1] as number];
    const inverses = coefficients.mass.map((mass) => 1 / mass);
    const { x: xBar, p: pBar, direction, cotangent } = carried;
    const { mean: meanBar, logVariance: varianceBar, mass: massBar } = sums;
    const [half, rest] = [0.5 * step, 1 - beta];
    let [stepBar, betaBar] = [0, 0];
    for (let row = 0, at = 0, from = 0; row < rows; row += 1, from += stride) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const place = from + i;
        const narrow = precision[place] as number;
        const initial = ((mean[place] as number) - (middle[at] as number)) * narrow;
        const target = force[at] as number;
        const velocity = (inverses[i] as number) * (momentum[at] as number);
        const positionBar = xBar[at] as number;
        const rate = half * (inverses[i] as number) * positionBar;
        const bar = (pBar[at] as number) - wBar * velocity + rate;
        const forceBar = step * bar;
        pBar[at] = bar;
        direction[at] = beta * forceBar;
        xBar[at] = positionBar - rest * narrow * forceBar;
        stepBar += 0.5 * positionBar * velocity + bar * (rest * initial + beta * target);
        betaBar += forceBar * (target - initial);
        massBar[i] = (massBar[i] as number) + (0.5 * wBar * velocity - rate) * velocity;
        meanBar[place] = (meanBar[place] as number) + rest * narrow * forceBar;
        varianceBar[place] = (varianceBar[place] as number) - rest * forceBar * initial;
      }
    }
    sums.steps[k - 1] = stepBar;
    sums.betas[k - 1] = betaBar;
    return middle;
  }

  /** Through the first drift and the refreshment. */
  after(k: number, score?: ScoreCotangents): void {
    const { carried, sums, momentum, kernel } = this;
    carried.addCurvature();
    const { rows, dim, momenta, coefficients } = this.states;
    const tilde = momenta[k] as Floats;
    const inverses = coefficients.mass.map((mass) => 1 / mass);
    const half = 0.5 * (coefficients.steps[k - 1] as number);
    const { x: xBar, p: pBar } = carried;
    const { mass: massBar } = sums;
    let stepBar = 0;
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let i = 0; i < dim; i += 1, at += 1) {
        const inverse = inverses[i] as number;
        const velocity = inverse * (tilde[at] as number);
        const bar = xBar[at] as number;
        const rate = half * inverse * bar;
        pBar[at] = (pBar[at] as number) + rate;
        stepBar += 0.5 * bar * velocity;
        massBar[i] = (massBar[i] as number) - rate * velocity;
      }
    }
    sums.steps[k - 1] = (sums.steps[k - 1] as number) + stepBar;
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

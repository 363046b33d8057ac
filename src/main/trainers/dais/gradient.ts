import type { AnnealedFlow, Coefficients, Floats } from './chain';
import { etaSlope, scheduleGradient, type ChainParameters } from './parameters';

/** Sums over rows of the cotangents of shared parameters. */
interface Sums {
  readonly mean: Float64Array;
  readonly logVariance: Float64Array;
  /** One a coordinate, whatever the mass matrix is. */
  readonly logMass: Float64Array;
  readonly beta: Float64Array;
  readonly logStep: Float64Array;
  eta: number;
}

/** The pass backward over a chain: cotangents of its states, transition by transition, in doubles. */
export class ChainGradient {
  private readonly flow: AnnealedFlow;
  /** Cotangents of z, v and v̂ at the transition in progress, `[rows · d]`. */
  private readonly zBar: Float64Array;
  private readonly vBar: Float64Array;
  private readonly kickBar: Float64Array;
  private readonly direction: Floats;
  private readonly curvature: Floats;

  constructor(flow: AnnealedFlow) {
    const size = flow.rows * flow.dim;
    this.flow = flow;
    const doubles = (): Float64Array => flow.kernel?.doubles(size) ?? new Float64Array(size);
    this.zBar = doubles();
    this.vBar = new Float64Array(size);
    this.kickBar = doubles();
    this.direction = flow.make(size);
    this.curvature = flow.make(size);
  }

  async run(parameters: ChainParameters, shared: Coefficients, cotangent: Float64Array): Promise<ChainParameters> {
    const { flow, direction, curvature } = this;
    const { dim, steps, fields, kernel } = flow;
    if (fields.curvature === undefined) throw new Error('The flow was opened without gradients.');
    const [mean, logVariance, logMass] = kernel?.sums.map((sum) => sum.fill(0)) ?? [];
    kernel?.cotangent.set(cotangent);
    const sums: Sums = {
      mean: mean ?? new Float64Array(dim),
      logVariance: logVariance ?? new Float64Array(dim),
      logMass: logMass ?? new Float64Array(dim),
      beta: new Float64Array(steps),
      logStep: new Float64Array(steps),
      eta: 0,
    };
    this.end(cotangent);
    if (steps > 0) this.unkick(shared, cotangent, sums, steps);
    for (let k = steps; k >= 1; k -= 1) {
      const z = flow.middles[k - 1] as Floats;
      await fields.curvature.run({ z, direction }, { curvature });
      this.retreat(shared, cotangent, sums, k);
    }
    this.begin(parameters.mean, cotangent, sums);
    const masses = sums.logMass.slice();
    const [u = 0] = parameters.refreshment;
    return {
      mean: sums.mean.slice(),
      logVariance: sums.logVariance.slice(),
      logMass: parameters.logMass.length === dim ? masses : Float64Array.of(masses.reduce((a, b) => a + b, 0)),
      schedule: scheduleGradient(parameters.schedule, sums.beta),
      logStep: sums.logStep,
      refreshment: Float64Array.of(sums.eta * etaSlope(u)),
    };
  }

  /** log w ends with log f(z_K). */
  private end(cotangent: Float64Array): void {
    const { zBar, flow } = this;
    const { rows, dim, endForces } = flow;
    this.vBar.fill(0);
    for (let row = 0, at = 0; row < rows; row += 1) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) zBar[at] = wBar * (endForces[at] as number);
    }
  }

  /** Back through force and first drift of transition k, and through the one before up to its force. */
  private retreat(shared: Coefficients, cotangent: Float64Array, sums: Sums, k: number): void {
    const { flow, curvature, zBar, kickBar, direction } = this;
    if (flow.kernel === undefined || k === 1) {
      this.undrift(shared, cotangent, sums, k);
      if (k > 1) this.unkick(shared, cotangent, sums, k - 1);
      return;
    }
    const states = { ...flow.states(k - 1), nextMomentum: flow.momenta[k - 1] as Floats, curvature };
    const found = flow.kernel.retreat(shared, k - 1, states, { zBar, kickBar, direction });
    sums.logStep[k - 1] = (sums.logStep[k - 1] ?? Number.NaN) + found.nextStep;
    sums.logStep[k - 2] = found.step;
    sums.beta[k - 2] = found.beta;
    sums.eta += found.eta;
  }

  /** Back through refreshment, weight, second drift and kick of transition k, up to the force: leaves the direction for its curvature. */
  private unkick(shared: Coefficients, cotangent: Float64Array, sums: Sums, k: number): void {
    const { flow, zBar, vBar, kickBar, direction } = this;
    const { mean, precision, inverseMass, betas, steps, eta } = shared;
    const { rows, dim } = flow;
    const [middle, force] = [flow.middles[k - 1] as Floats, flow.forces[k - 1] as Floats];
    const [momentum, next] = [flow.momenta[k - 1] as Floats, flow.momenta[k] as Floats];
    const [step, beta, last] = [steps[k - 1] as number, betas[k - 1] as number, k === flow.steps];
    const ratio = eta / (1 - eta * eta);
    const { mean: meanBar, logVariance: varianceBar, logMass: massBar } = sums;
    let [stepBar, betaBar, etaBar] = [0, 0, 0];
    for (let row = 0, at = 0; row < rows; row += 1) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const z = middle[at] as number;
        const v = momentum[at] as number;
        const inverse = inverseMass[i] as number;
        const ofInitial = ((mean[i] as number) - z) * (precision[i] as number);
        const ofTarget = force[at] as number;
        const total = (1 - beta) * ofInitial + beta * ofTarget;
        const kicked = v + step * total;
        const drifted = 0.5 * step * inverse * (zBar[at] as number);
        let bar = drifted - wBar * inverse * kicked;
        let mass = -drifted * kicked - 0.5 * wBar * inverse * (v * v - kicked * kicked);
        if (!last) {
          const refreshed = vBar[at] as number;
          // √(1−η²) M^{1/2} ξ, which need not be drawn again.
          const noise = (next[at] as number) - eta * kicked;
          bar += eta * refreshed;
          mass += 0.5 * refreshed * noise;
          etaBar += refreshed * (kicked - ratio * noise);
        }
        stepBar += drifted * kicked + step * bar * total;
        const along = step * bar;
        betaBar += along * (ofTarget - ofInitial);
        kickBar[at] = bar;
        direction[at] = along;
        meanBar[i] = (meanBar[i] as number) + (1 - beta) * along * (precision[i] as number);
        varianceBar[i] = (varianceBar[i] as number) - (1 - beta) * along * ofInitial;
        massBar[i] = (massBar[i] as number) + mass;
      }
    }
    sums.logStep[k - 1] = stepBar;
    sums.beta[k - 1] = betaBar;
    sums.eta += etaBar;
  }

  /** Back through the force and the first drift of transition k. */
  private undrift(shared: Coefficients, cotangent: Float64Array, sums: Sums, k: number): void {
    const { flow, zBar, vBar, kickBar, curvature } = this;
    const { precision, inverseMass, betas, steps } = shared;
    const { rows, dim } = flow;
    const momentum = flow.momenta[k - 1] as Floats;
    const [step, beta] = [steps[k - 1] as number, betas[k - 1] as number];
    const { logMass: massBar } = sums;
    let stepBar = 0;
    for (let row = 0, at = 0; row < rows; row += 1) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const v = momentum[at] as number;
        const inverse = inverseMass[i] as number;
        const bar = kickBar[at] as number;
        const middleBar =
          (zBar[at] as number) - (1 - beta) * step * bar * (precision[i] as number) + beta * (curvature[at] as number);
        const drifted = 0.5 * step * inverse * middleBar;
        zBar[at] = middleBar;
        vBar[at] = bar + drifted + wBar * inverse * v;
        stepBar += drifted * v;
        massBar[i] = (massBar[i] as number) - drifted * v;
      }
    }
    sums.logStep[k - 1] = (sums.logStep[k - 1] as number) + stepBar;
  }

  /** z₀ = μ + e^{λ/2} ε and v₀ = M^{1/2} ε′; −log q₀(z₀) is ½ Σ (ε² + λ) but for a constant. */
  private begin(mean: Float64Array, cotangent: Float64Array, sums: Sums): void {
    const { flow, zBar, vBar } = this;
    const { rows, dim, starts } = flow;
    const momentum = flow.momenta[0];
    for (let row = 0, at = 0; row < rows; row += 1) {
      const wBar = cotangent[row] as number;
      for (let i = 0; i < dim; i += 1, at += 1) {
        const bar = zBar[at] as number;
        sums.mean[i] = (sums.mean[i] as number) + bar;
        sums.logVariance[i] =
          (sums.logVariance[i] as number) + 0.5 * (bar * ((starts[at] as number) - (mean[i] as number)) + wBar);
        if (momentum === undefined) continue;
        sums.logMass[i] = (sums.logMass[i] as number) + 0.5 * (vBar[at] as number) * (momentum[at] as number);
      }
    }
  }
}

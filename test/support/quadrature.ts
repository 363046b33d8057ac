import { logPrior } from './linearModel';
import type { Random } from './random';

/** A model with z ~ N(0, I) of one or two dimensions, by its density and a way to draw from it. */
export interface SmallModel {
  readonly latent: 1 | 2;
  /** log p(x | z), nats. */
  readonly logLikelihood: (x: readonly number[], z: readonly number[]) => number;
  readonly simulate: (z: readonly number[], random: Random) => number[];
}

/** Everything beyond ±10 standard deviations of the prior weighs 1e-22. */
const reach = 10;

/** log p(x), by the trapezoidal rule over z: exact to rounding once the steps are well below the width of the posterior. */
export function logEvidenceByQuadrature(model: SmallModel, x: readonly number[], steps: number): number {
  const width = (2 * reach) / steps;
  const axis = Array.from({ length: steps + 1 }, (_, index) => index * width - reach);
  const points =
    model.latent === 1 ? axis.map((z) => [z]) : axis.flatMap((first) => axis.map((second) => [first, second]));
  const values = points.map((z) => logPrior(z) + model.logLikelihood(x, z));
  const most = values.reduce((a, b) => Math.max(a, b));
  return (
    most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0)) + model.latent * Math.log(width)
  );
}

/** Binary x with logits w z + b for one z. */
export function bernoulliModel(weight: readonly number[], bias: readonly number[]): SmallModel {
  const logits = (z: readonly number[]): number[] => weight.map((w, j) => w * (z[0] ?? Number.NaN) + (bias[j] ?? 0));
  const softplus = (a: number): number => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
  return {
    latent: 1,
    logLikelihood: (x, z) => logits(z).reduce((total, a, j) => total + (x[j] ?? Number.NaN) * a - softplus(a), 0),
    simulate: (z, { uniform }) => logits(z).map((a) => Number(uniform() < 1 / (1 + Math.exp(-a)))),
  };
}

/** x = 3 tanh(2z) + ε/2, one number from one. */
export const tanhModel: SmallModel = {
  latent: 1,
  logLikelihood: ([x = Number.NaN], [z = Number.NaN]) =>
    -0.5 * (((x - 3 * Math.tanh(2 * z)) / 0.5) ** 2 + Math.log(2 * Math.PI * 0.25)),
  simulate: ([z = Number.NaN], { normal }) => [3 * Math.tanh(2 * z) + 0.5 * normal()],
};

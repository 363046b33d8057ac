import { LogSumExp } from '../../src/main/bounds/logMeanExp';
import { posteriorPath, standardNormal, type DiagonalBase } from './gaussianPaths';
import { draw, logEvidence, logLikelihood, logPrior, simulatePair, tempered, type LinearModel } from './linearModel';
import type { Random } from './random';

/** One simulated datum of a linear-Gaussian model with what estimators without chains need. All in nats. */
export interface LinearDatum {
  readonly x: number[];
  /** The z that x was simulated from: an exact posterior sample. */
  readonly z: number[];
  /** log p(x) */
  readonly truth: number;
  /** log p(x | z*) */
  readonly logLikelihood: number;
  /** log p(z*) */
  readonly logPrior: number;
  /** log q(z* | x) */
  readonly logBase: number;
  /** log p(x, z) − log q(z | x) */
  readonly logWeight: (z: readonly number[]) => number;
  /** An independent sample of q. */
  readonly sample: () => number[];
  /** An independent sample of the posterior. */
  readonly posterior: () => number[];
}

/** @param base q(z | x); the prior when left out */
export function linearData(
  model: LinearModel,
  count: number,
  random: Random,
  base: DiagonalBase = standardNormal(model.latent),
): LinearDatum[] {
  const path = posteriorPath(model, base);
  return Array.from({ length: count }, () => {
    const { x, z } = simulatePair(model, random);
    const [start, end] = [path.at(x, 0), tempered(model, x, 1)];
    return {
      x,
      z,
      truth: logEvidence(model, x),
      logLikelihood: logLikelihood(model, x, z),
      logPrior: logPrior(z),
      logBase: path.logBase(x, z),
      logWeight: (point) => path.logRatio(x, point),
      sample: () => draw(start, random),
      posterior: () => draw(end, random),
    };
  });
}

/** Streams `count` values into a sum. */
export function sumOf(count: number, value: () => number): LogSumExp {
  const sum = new LogSumExp();
  for (let index = 0; index < count; index += 1) sum.add(value());
  return sum;
}

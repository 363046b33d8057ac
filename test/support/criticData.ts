import type { CriticValues } from '../../src/main/bounds/types';
import { critic } from './gaussianPaths';
import { linearData, sumOf } from './linearData';
import { lg2, mutualInformation } from './linearModel';
import { differences, estimate, type Estimate } from './moments';
import { random } from './random';

/** Values of T_a at simulated data of the small linear model, negatives from the prior. */
export function criticValues(
  a: number,
  shape: { readonly data: number; readonly negatives: number; readonly seed: number },
): {
  readonly values: CriticValues[];
  /** log p(x | z*) − log p(x), whose mean is I(x; z) and which shares the noise of the data. */
  readonly control: number[];
} {
  const source = random(shape.seed);
  const t = critic(lg2, a);
  const data = linearData(lg2, shape.data, source);
  return {
    values: data.map(({ x, z, sample }) => ({
      ba: 0,
      critic: t(x, z),
      negatives: sumOf(shape.negatives, () => t(x, sample())),
    })),
    control: data.map((datum) => datum.logLikelihood - datum.truth),
  };
}

/** A mean over data of the small linear model, from differences to the control, whose mean is known. */
export function controlled(terms: readonly number[], control: readonly number[]): Estimate {
  const { mean, se } = estimate(differences(terms, control));
  return { mean: mutualInformation(lg2) + mean, se };
}

/** Values of a list, one after the other. */
export function listed(values: readonly number[]): () => number {
  let next = 0;
  return () => values[next++] ?? Number.NaN;
}

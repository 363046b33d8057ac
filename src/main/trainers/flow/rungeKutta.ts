import * as tf from '@tensorflow/tfjs-core';
import { exact } from '../../tensor/exact';

export const rules = ['rk4', 'rk4-38'] as const;
/** The classic rule of fourth order, and the 3/8 rule of torchdiffeq. */
export type Rule = (typeof rules)[number];

/** ẋ and ẏ of rows x at a time: `[n, d]`, and whatever else goes along, without acting back on x. */
export type Derivative = (x: tf.Tensor2D, time: tf.Scalar) => { readonly x: tf.Tensor2D; readonly along: tf.Tensor };

interface Tableau {
  /** What each stage but the first takes of those before it. */
  readonly stages: readonly (readonly number[])[];
  readonly times: readonly number[];
  readonly weights: readonly number[];
}

const tableaux: Readonly<Record<Rule, Tableau>> = {
  rk4: { stages: [[1 / 2], [0, 1 / 2], [0, 0, 1]], times: [0, 1 / 2, 1 / 2, 1], weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6] },
  'rk4-38': {
    stages: [[1 / 3], [-1 / 3, 1], [1, -1, 1]],
    times: [0, 1 / 3, 2 / 3, 1],
    weights: [1 / 8, 3 / 8, 3 / 8, 1 / 8],
  },
};

/**
 * One explicit Runge–Kutta step of four stages.
 * @param step h, a scalar; below zero it goes back in time
 * @returns how far x and what goes along with it have moved
 */
export function rungeKuttaStep(
  derivative: Derivative,
  x: tf.Tensor2D,
  time: tf.Scalar,
  step: tf.Scalar,
  rule: Rule,
): { readonly x: tf.Tensor2D; readonly along: tf.Tensor } {
  const { stages, times, weights } = tableaux[rule];
  const found = [derivative(x, time)];
  stages.forEach((shares, index) => {
    const moved = combined(
      found.map((each) => each.x),
      shares,
      step,
    );
    const later = tf.add<tf.Scalar>(time, tf.mul(step, exact(times[index + 1] ?? Number.NaN)));
    found.push(derivative(tf.add(x, moved), later));
  });
  return {
    x: combined(
      found.map((each) => each.x),
      weights,
      step,
    ) as tf.Tensor2D,
    along: combined(
      found.map((each) => each.along),
      weights,
      step,
    ),
  };
}

/** h Σ share · value */
function combined(values: readonly tf.Tensor[], shares: readonly number[], step: tf.Scalar): tf.Tensor {
  let total: tf.Tensor | undefined;
  shares.forEach((share, index) => {
    const value = values[index];
    if (share === 0 || value === undefined) return;
    const term = tf.mul(value, tf.mul(step, exact(share)));
    total = total === undefined ? term : tf.add(total, term);
  });
  if (total === undefined) throw new Error('A step without a stage.');
  return total;
}

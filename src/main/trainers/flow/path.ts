import * as tf from '@tensorflow/tfjs-core';
import { exact } from '../../tensor/exact';
import { divergenceOf, type DivergenceSettings } from './divergence';
import { rungeKuttaStep, type Rule } from './rungeKutta';
import type { VelocityField } from './velocity';

export interface PathSettings extends DivergenceSettings {
  readonly rule: Rule;
  /** S: steps of a block, whose time is 1. */
  readonly steps: number;
}

/** Where rows have been on their way through a block. */
export interface BlockPath {
  /** x at times 0, 1/S, …, 1, `[n, d]` each. */
  readonly states: readonly tf.Tensor2D[];
  /** D = ∫ div v dt, `[n]`. */
  readonly divergence: tf.Tensor1D;
}

/**
 * Rows through a block, step by step, so that gradients go back through it.
 * @param probes e of each step, held through its four stages; `[S, n, d]`
 */
export function blockPath(
  field: VelocityField,
  x: tf.Tensor2D,
  settings: PathSettings,
  probes?: tf.Tensor3D,
): BlockPath {
  const { rule, steps } = settings;
  const [rows, dim] = x.shape;
  const states = [x];
  let divergence: tf.Tensor1D | undefined;
  for (let step = 0; step < steps; step += 1) {
    const from = states[step] as tf.Tensor2D;
    const probe = probes && tf.reshape<tf.Rank.R2>(tf.slice(probes, [step, 0, 0], [1, rows, dim]), [rows, dim]);
    const moved = rungeKuttaStep(
      (at, time) => {
        const point = field.at(at, time);
        return { x: point.velocity, along: divergenceOf(settings, field, point, at, time, probe) };
      },
      from,
      exact(step / steps),
      exact(1 / steps),
      rule,
    );
    states.push(tf.add(from, moved.x));
    divergence = divergence === undefined ? (moved.along as tf.Tensor1D) : tf.add(divergence, moved.along);
  }
  return { states, divergence: divergence as tf.Tensor1D };
}

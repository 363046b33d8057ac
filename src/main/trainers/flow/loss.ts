import * as tf from '@tensorflow/tfjs-core';
import { exact } from '../../tensor/exact';
import { valueAndGradient } from '../../tensor/gradient';
import type { TensorSpec } from '../../tensor/types';
import type { LossFunction } from '../step';
import { blockInputs, type Bridge } from './bridge';
import { blockPath, type PathSettings } from './path';
import { velocityField, type VelocityNetwork } from './velocity';

export type FlowLoss = 'type-1' | 'type-2' | 'reference';

export interface LossSettings extends PathSettings {
  readonly loss: FlowLoss;
}

/** What a training step reads: rows `x`, the Wasserstein coefficient, the block's numbers, and probes where the divergence is estimated. */
export function lossInputs(
  bridge: Bridge,
  { divergence, steps }: LossSettings,
  batch: number,
): Record<string, TensorSpec> {
  return {
    x: { shape: [batch, bridge.dim] },
    gamma: { shape: [] },
    ...blockInputs(bridge),
    ...(divergence === 'exact' ? {} : { probes: { shape: [steps, batch, bridge.dim] } }),
  };
}

/**
 * The objective of one block (Wu and Xie, "Annealing flow"), with rows x(0) from the block before and f_k unnormalised, in nats:
 *
 *     L = E[ −log f_k(x(1)) − ∫ div v dt + γ ∫ |v|² dt ],   ∫ |v|² dt ≈ Σ_s |x_{s+1} − x_s|² S
 *
 * It is KL(ρ_k ‖ f_k/Z_k) − log Z_k + H(ρ_{k−1}) + γ W. "type-2" puts −∇log f_k(x(1)) · v(x(1)) in place of −log f_k, with no gradient
 * through the score: the same to first order in the displacement. "reference" takes v at the start of the last step and the penalty of that
 * step alone, and does differentiate the score.
 */
export function blockLoss(network: VelocityNetwork, bridge: Bridge, settings: LossSettings): LossFunction {
  const { loss, steps } = settings;
  return (parameters, tensors) => {
    const field = velocityField(network, parameters);
    const probes = tensors['probes'] as tf.Tensor3D | undefined;
    const { states, divergence } = blockPath(field, tensors['x'] as tf.Tensor2D, settings, probes);
    const log = bridge.logDensity(tensors);
    const end = states[steps] as tf.Tensor2D;
    const before = states[steps - 1] as tf.Tensor2D;
    const speeds = states.slice(1).map((to, step) => tf.sum(tf.square(tf.sub(to, states[step] as tf.Tensor2D)), 1));
    const energy = (): tf.Tensor => {
      if (loss === 'type-1') return tf.neg(log(end));
      const score = valueAndGradient(log, end).gradient;
      if (loss === 'reference') {
        return tf.neg(tf.sum(tf.mul(score, field.at(before, exact(1 - 1 / steps)).velocity), 1));
      }
      return tf.neg(tf.sum(tf.mul(withoutGradient(score), field.at(end, exact(1)).velocity), 1));
    };
    const path =
      loss === 'reference'
        ? tf.mul(speeds[steps - 1] as tf.Tensor, exact(steps * steps))
        : tf.mul(tf.addN(speeds), exact(steps));
    const report = {
      energy: tf.mean<tf.Scalar>(energy()),
      divergence: tf.mean<tf.Scalar>(divergence),
      penalty: tf.mul<tf.Scalar>(tf.mean(path), tensors['gamma'] as tf.Scalar),
    };
    const total = tf.add<tf.Scalar>(tf.sub(report.energy, report.divergence), report.penalty);
    return { loss: total, report };
  };
}

/** The same value, which no gradient goes back through. */
function withoutGradient(x: tf.Tensor): tf.Tensor {
  const identity = tf.customGrad((value) => {
    const input = value as tf.Tensor;
    return { value: tf.clone(input), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) };
  });
  return identity(x);
}

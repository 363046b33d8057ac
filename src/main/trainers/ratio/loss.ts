import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../../models/network';
import type { LossFunction } from '../step';

/** What a loss is at r = 0, and where two laws are equal: 2 log 2, nats. */
export const lossOfEqual = 2 * Math.LN2;

/**
 * The logistic loss of a network r(x) that tells draws `before` of a law ρ₀ from draws `after` of a law ρ₁, nats:
 *
 *     E_{ρ₀}[log(1 + e^{−r})] + E_{ρ₁}[log(1 + e^{r})] ≥ 2 log 2 − 2 JSD(ρ₀, ρ₁),
 *
 * with equality at r = log ρ₀/ρ₁. Away from draws of either law nothing says what r is.
 */
export function ratioLoss(network: Network): LossFunction {
  return (parameters, tensors) => {
    const at = (name: string): tf.Tensor => network.apply(parameters, tensors[name] as tf.Tensor2D);
    const before = tf.mean(tf.softplus(tf.neg(at('before'))));
    const after = tf.mean(tf.softplus(at('after')));
    return { loss: tf.add<tf.Scalar>(before, after) };
  };
}

/** Jensen–Shannon divergence of two laws, nats, from the least logistic loss between them. */
export function divergenceOf(loss: number): number {
  return 0.5 * (lossOfEqual - loss);
}

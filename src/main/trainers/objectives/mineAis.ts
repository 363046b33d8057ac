import * as tf from '@tensorflow/tfjs-core';

// MINE-AIS (Brekelmans et al. 2022, section 4.2) raises IBAL, the Barber–Agakov bound of π(z | x) ∝ q(z | x) e^{T(x, z)},
//
//     IBAL = E[log q(z* | x) − log p(z*) + T(x, z*)] − E_x[log E_q e^T] ≤ I(x; z),
//     ∂ IBAL = E_{p(x, z)}[∂ (log q + T)] − E_{p(x) π(z | x)}[∂ (log q + T)],
//
// with samples of π from a few HMC transitions that start at z* itself (contrastive divergence, Hinton 2002). Only the gradient means
// something: the value is a difference of energies, says nothing of I(x; z), and tends to zero as training succeeds.

/**
 * The mean of log q + T at the chains' ends less that at the true samples, whose gradient is that of −IBAL.
 * @param truth log q + T at z*, `[B]`; T alone where q is fixed
 * @param chains the same where the chains ended
 * @param moved 1 where a chain has moved, `[B]`. One that has not says nothing, and without this rounding would be left of it, which
 * Adam blows up when there is nothing else.
 */
export function energyDifference(truth: tf.Tensor1D, chains: tf.Tensor1D, moved: tf.Tensor1D): tf.Scalar {
  return tf.mean(tf.mul(moved, tf.sub(chains, truth)));
}

/** 1 for each row `[B, d]` in which the two differ, `[B]`. */
export function movedRows(from: tf.Tensor2D, to: tf.Tensor2D): tf.Tensor1D {
  return tf.cast(tf.any(tf.notEqual(from, to), 1), 'float32');
}

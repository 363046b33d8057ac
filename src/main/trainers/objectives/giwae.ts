import * as tf from '@tensorflow/tfjs-core';
import { contrastive } from './infonce';
import type { Scores } from './scores';

// GIWAE (Brekelmans et al. 2022, section 3.1): with negatives z_2 … z_K ~ q(z | x),
//
//     E[log q(z* | x) − log p(z*)] + E[T(x, z*) − log mean_k e^{T(x, z_k)}] ≤ I(x; z),   z_1 = z*.
//
// The first term is the Barber–Agakov bound of q, the second InfoNCE's. The best T is log p(x, z)/q(z | x) + c(x), which makes it
// the lower bound of IWAE; a constant T leaves the first term. Where q is trained too, its samples are reparameterised.

/** @param ba log q(z* | x) − log p(z*), `[B]` @returns `[B]` */
export function giwae(scores: Scores, ba: tf.Tensor1D): tf.Tensor1D {
  return tf.add(ba, contrastive(scores));
}

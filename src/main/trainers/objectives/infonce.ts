import * as tf from '@tensorflow/tfjs-core';
import { logMeanExp } from './logMeanExp';
import type { Scores } from './scores';

// InfoNCE (van den Oord, Li and Vinyals 2018; Poole et al. 2019, equation 10): with negatives z_2 … z_K ~ p(z),
//
//     E[T(x, z*) − log mean_k e^{T(x, z_k)}] ≤ min(log K, I(x; z)),   z_1 = z*,
//
// for every T, and indifferent to any c(x) added to it. The best T is log p(x | z) + c(x).

/** T(x, z*) − log mean_k e^{T(x, z_k)} of each x, `[B]`, never above log K. */
export function contrastive({ all, positive }: Scores): tf.Tensor1D {
  return tf.sub(positive, logMeanExp(all, 'rows'));
}

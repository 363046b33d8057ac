import { contrastive } from './contrastive';
import type { LogSumExp } from './logMeanExp';

/**
 * InfoNCE (van den Oord, Li and Vinyals 2018; Brekelmans et al. 2022), for any critic T and negatives from the prior:
 *
 *     E[T(x, z*) − log (1/K) (e^{T(x, z*)} + Σ_{k ≥ 2} e^{T(x, z_k)})] ≤ min(log K, I(x; z))
 *
 * No density is evaluated. It is 0 at K = 1, and best with T = log p(x | z) + c(x), where it is structured InfoNCE.
 * @param critic T(x, z*)
 * @param negatives T(x, z_k) of K − 1 samples of the prior
 * @returns one datum's term, nats
 */
export function infonce(critic: number, negatives: LogSumExp): number {
  return contrastive(critic, negatives);
}

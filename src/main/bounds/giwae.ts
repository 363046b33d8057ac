import { contrastive } from './contrastive';
import type { CriticValues, InformationTerms } from './types';

/**
 * Generalised IWAE (Brekelmans et al. 2022), for any critic T and a normalised base q(z | x):
 *
 *     E[log q(z* | x) − log p(z*)] + E[T(x, z*) − log (1/K) (e^{T(x, z*)} + Σ_{k ≥ 2} e^{T(x, z_k)})] ≤ I(x; z),   z_k ~ q
 *
 * The first term is Barber and Agakov's, the second contrastive and at most log K. With T constant it is the former at every K; with
 * T = log p(x, z)/q(z | x) + c(x) it is IWAE, the best there is; with the prior as base it is InfoNCE; as K → ∞ it tends to IBAL.
 * For a fixed poor T it may fall as K grows.
 * @param values with K − 1 negatives
 */
export function giwae({ ba, critic, negatives }: CriticValues): InformationTerms {
  const gain = contrastive(critic, negatives);
  return { value: ba + gain, ba, contrastive: gain };
}

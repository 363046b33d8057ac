/** β_0 = 0 < … < β_{M−1} = 1, as far apart. */
export function evenLadder(temperatures: number): Float64Array {
  return Float64Array.from({ length: temperatures }, (_, j) => j / (temperatures - 1));
}

/**
 * Moves temperatures so that all neighbours swap alike: rejections add up along the ladder to the communication barrier Λ(β), and the new
 * temperatures cut it into equal parts (Syed, Bouchard-Côté, Deligiannidis and Doucet 2022), between the old ones by straight lines.
 * @param rejections of each pair of neighbours, `[M − 1]`; NaN counts as 1
 */
export function equalised(betas: Float64Array, rejections: Float64Array): Float64Array {
  const last = betas.length - 1;
  const barrier = new Float64Array(last + 1);
  for (let j = 0; j < last; j += 1) {
    const rejection = rejections[j] as number;
    // Where every swap was accepted there must be some way to go yet.
    barrier[j + 1] = (barrier[j] as number) + Math.max(1e-3, Number.isNaN(rejection) ? 1 : rejection);
  }
  const total = barrier[last] as number;
  const out = betas.slice();
  for (let k = 1, j = 0; k < last; k += 1) {
    const place = (total * k) / last;
    while (j < last - 1 && (barrier[j + 1] as number) < place) j += 1;
    const [low, high] = [barrier[j] as number, barrier[j + 1] as number];
    const share = (place - low) / (high - low);
    out[k] = (betas[j] as number) + share * ((betas[j + 1] as number) - (betas[j] as number));
  }
  return out;
}

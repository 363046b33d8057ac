/** Random numbers of one seed and one use of it, so that a metric's numbers do not depend on which others were computed. */
export interface Random {
  /** In [0, 1). */
  readonly uniform: () => number;
  readonly normal: () => number;
  /** An integer in [0, below). */
  readonly integer: (below: number) => number;
}

/**
 * The generator sfc32 (Doty-Humphrey's "small fast counting"), warmed up from the seed and a name.
 * @param seed a non-negative integer
 */
export function seeded(seed: number, use: string): Random {
  let hash = 2166136261;
  for (let index = 0; index < use.length; index += 1) hash = Math.imul(hash ^ use.charCodeAt(index), 16777619);
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, hash | 0, 1];
  const word = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    c |= 0;
    return out >>> 0;
  };
  for (let turn = 0; turn < 16; turn += 1) word();
  const uniform = (): number => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal, integer: (below) => Math.floor(uniform() * below) };
}

/** Some of 0 … count − 1 without repetition, in random order: the first entries of a shuffle. */
export function choose(count: number, size: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const taken = Math.min(size, count);
  for (let place = 0; place < taken; place += 1) {
    const other = place + random.integer(count - place);
    const value = order[place] ?? 0;
    order[place] = order[other] ?? 0;
    order[other] = value;
  }
  return order.subarray(0, taken);
}

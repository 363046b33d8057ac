import { InputError } from '../../../src/shared/errors';

/** Seeded uniform numbers below n (mulberry32). */
export function seeded(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

/** A damaged copy: changed bytes, a cut end, a piece taken out or doubled. */
export function mutate(bytes: Uint8Array, random: (n: number) => number): Uint8Array {
  const copy = new Uint8Array(bytes); // a Buffer would share its memory with a slice
  const at = random(copy.length);
  switch (random(6)) {
    case 0:
      copy[at] = random(256);
      return copy;
    case 1:
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3:
      copy.fill(random(2) * 255, at, at + 1 + random(8));
      return copy;
    case 4:
      return concat(copy.subarray(0, at), copy.subarray(at + 1 + random(16)));
    default:
      return concat(copy.subarray(0, at), copy.subarray(random(at + 1)));
  }
}

/**
 * Damages the bytes many times in many ways, and reads them.
 * @returns how many could still be read; the others gave an `InputError` of one line
 * @throws whatever else `read` throws, with the seed
 */
export function fuzz(bytes: Uint8Array, read: (damaged: Uint8Array) => unknown, times = 1000): number {
  let readable = 0;
  for (let seed = 0; seed < times; seed++) {
    const random = seeded(seed);
    let damaged = mutate(bytes, random);
    if (damaged.length > 0 && random(3) === 0) damaged = mutate(damaged, random);
    try {
      read(damaged);
      readable++;
    } catch (error) {
      if (!(error instanceof InputError) || error.message.includes('\n'))
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
  return readable;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

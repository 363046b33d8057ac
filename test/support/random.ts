/** Seeded random numbers of the tests' own, unrelated to the generator under test. */
export interface Random {
  /** In (0, 1). */
  readonly uniform: () => number;
  readonly normal: () => number;
  readonly normals: (count: number) => number[];
}

/** Mulberry32 for uniforms, Box and Muller's pairs for normals. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  let spare: number | undefined;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const uniform = (): number => (word() + 0.5) / 2 ** 32;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const normals = (count: number): number[] => {
    // Faster than Array.from, and tests with exact transitions draw millions.
    const values: number[] = [];
    for (let index = 0; index < count; index += 1) values.push(normal());
    return values;
  };
  return { uniform, normal, normals };
}

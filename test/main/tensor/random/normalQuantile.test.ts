import { describe, expect, it } from 'vitest';
import { doubles, noise } from '../../../../src/main/tensor/random/noise';
import { normalQuantile } from './normalQuantile';
import { sameBits } from './reference';

// python3 -c "from statistics import NormalDist; print([(p, NormalDist().inv_cdf(p)) for p in (...)])", Python 3.11.
const golden: [p: number, quantile: number][] = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.27345356096532],
  [1e-20, -9.262340089798405],
  [1e-10, -6.361340902404056],
  [1e-5, -4.2648907939228256],
  [0.001, -3.090232306167813],
  [0.025, -1.9599639845400538],
  [0.0749999, -1.4395321773759004],
  [0.075, -1.4395314709384557],
  [0.1, -1.2815515655446008],
  [0.25, -0.6744897501960817],
  [0.4, -0.2533471031357998],
  [0.499, -0.0025066308995717666],
  [0.5, 0],
  [0.6, 0.2533471031357998],
  [0.9, 1.2815515655446008],
  [0.925, 1.439531470938456],
  [0.975, 1.9599639845400536],
  [0.999, 3.090232306167813],
];

/** The quantiles of the uniforms that come from these words. */
function byLanes(words: Uint32Array): Float64Array {
  new Uint32Array(noise.memory.buffer, 0x4040, words.length).set(words);
  noise.normals(words.length);
  return doubles.slice(0, words.length);
}

function byReference(words: Uint32Array): Float64Array {
  return Float64Array.from(words, (word) => normalQuantile((word + 0.5) / 2 ** 32));
}

describe('one at a time', () => {
  it.each(golden)('the quantile of %d is %d', (p, quantile) => {
    expect(Math.abs(normalQuantile(p) - quantile)).toBeLessThanOrEqual(1e-15 * Math.abs(quantile));
  });

  it('is odd about one half', () => {
    for (let p = 2 ** -33; p < 0.5; p *= 1.5) {
      const dyadic = (Math.floor(p * 2 ** 33) + 0.5) / 2 ** 34;
      expect(normalQuantile(1 - dyadic)).toBe(-normalQuantile(dyadic));
    }
  });

  it('never decreases where one formula takes over from the next', () => {
    for (const edge of [Math.exp(-25), 0.075, 0.925]) {
      const values = [-3, -2, -1, 0, 1, 2, 3].map((step) => normalQuantile(edge * (1 + step * 1e-12)));
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
  });
});

describe('two at a time', () => {
  it('gives the same bits at the ends, in the middle and where the formulas meet', () => {
    const edges = [0.075 * 2 ** 32, 0.925 * 2 ** 32, 2 ** 31].flatMap((edge) =>
      [-3, -2, -1, 0, 1, 2, 3].map((step) => Math.round(edge) + step),
    );
    const words = Uint32Array.from([0, 1, 2, ...edges, 2 ** 32 - 3, 2 ** 32 - 2, 2 ** 32 - 1]);
    expect(sameBits(byLanes(words), byReference(words))).toBe(true);
  });

  it('gives the same bits over the whole range', () => {
    for (let first = 0; first < 64; first += 1) {
      const words = Uint32Array.from({ length: 4096 }, (_, index) => (index * 64 + first) * 16411);
      expect(sameBits(byLanes(words), byReference(words))).toBe(true);
    }
  });

  it.each([0, 1, 2, 3, 4, 5, 4095, 4096])('takes any share of tails among %d numbers', (count) => {
    for (const period of [1, 2, 3, 5, 10000]) {
      const words = Uint32Array.from({ length: count }, (_, index) => (index % period === 0 ? index : 2 ** 31 + index));
      expect(sameBits(byLanes(words), byReference(words))).toBe(true);
    }
  });

  it('reaches a magnitude of 6.34 and no more', () => {
    const ends = byLanes(Uint32Array.of(0, 2 ** 32 - 1));
    expect(ends[1]).toBeCloseTo(6.338, 3);
    expect(ends[0]).toBe(-(ends[1] as number));
  });
});

import { describe, expect, it } from 'vitest';
import { hostAdam, startHostAdam } from '../../../src/main/trainers/hostAdam';
import { isAveraged, noIterates, withIterate } from '../../../src/main/trainers/iterateAverage';

describe('Adam on the host', () => {
  it('takes the steps that the paper defines', () => {
    let parameters: Record<'w' | 'fixed', Float64Array> = { w: Float64Array.of(1, -2), fixed: Float64Array.of(3) };
    const options = { trained: ['w'] as const, learningRate: 0.1 };
    let state = startHostAdam(parameters, options.trained);
    let [w, m, v] = [1, 0, 0];
    for (const [index, g] of [0.3, -0.2, 5].entries()) {
      const t = index + 1;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      w -= (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
      const gradient = { w: Float64Array.of(g, 0), fixed: Float64Array.of(9) };
      const before = structuredClone(parameters);
      const updated = hostAdam(parameters, gradient, state, options);
      expect(parameters).toEqual(before);
      ({ parameters, state } = updated);
      expect(parameters.w[0]).toBeCloseTo(w, 14);
      expect(parameters.w[1]).toBe(-2);
      expect(parameters.fixed[0]).toBe(3);
    }
  });

  it('scales a long gradient down to the norm, all vectors together', () => {
    const parameters = { a: Float64Array.of(0), b: Float64Array.of(0) };
    const trained = ['a', 'b'] as const;
    const gradient = { a: Float64Array.of(30), b: Float64Array.of(40) };
    const { state } = hostAdam(parameters, gradient, startHostAdam(parameters, trained), {
      ...{ trained, learningRate: 0.1, clip: 10 },
    });
    expect(state.first['a']?.[0]).toBeCloseTo(0.6, 14);
    expect(state.first['b']?.[0]).toBeCloseTo(0.8, 14);
    const short = hostAdam(parameters, { a: Float64Array.of(3), b: Float64Array.of(4) }, state, {
      ...{ trained, learningRate: 0.1, clip: 10 },
    });
    expect(short.state.first['a']?.[0]).toBeCloseTo(0.9 * 0.6 + 0.3, 14);
  });
});

describe('the average of iterates', () => {
  it('is their mean', () => {
    let average = noIterates;
    for (const value of [1, 5, 9, -3]) average = withIterate(average, { w: Float64Array.of(value, 2 * value) });
    expect(average.count).toBe(4);
    expect(average.mean['w']?.[0]).toBeCloseTo(3, 14);
    expect(average.mean['w']?.[1]).toBeCloseTo(6, 14);
  });

  it('begins with the last share, and is of the very last where that is none', () => {
    const inside = (share: number): number[] =>
      Array.from({ length: 10 }, (_, i) => i + 1).filter((update) => isAveraged(update, 10, share));
    expect(inside(0.3)).toEqual([8, 9, 10]);
    expect(inside(0)).toEqual([10]);
    expect(inside(0.9)).toHaveLength(9);
  });
});

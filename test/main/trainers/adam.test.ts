import { describe, expect, it } from 'vitest';
import { adam, adamRate } from '../../../src/main/trainers/adam';
import { random } from '../../support/random';

const f = Math.fround;

/** One update of one number, rounded to float32 after each operation as the kernel is. */
function step([p, m, v]: readonly [number, number, number], g: number, rate: number): [number, number, number] {
  const first = f(f(f(0.9) * m) + f(f(0.1) * g));
  const second = f(f(f(0.999) * v) + f(f(0.001) * f(g * g)));
  const direction = f(first / f(f(Math.sqrt(second)) + f(1e-8)));
  return [f(p - f(f(rate) * direction)), first, second];
}

describe('adam', () => {
  it('takes the steps that the paper defines', () => {
    const optimiser = adam({ w: [] }, { parameters: { w: Float32Array.of(1) } });
    let [w, m, v] = [1, 0, 0];
    for (const [index, g] of [0.3, -0.2, 5].entries()) {
      const t = index + 1;
      optimiser.gradients['gradients/w']?.set([g]);
      optimiser.update(adamRate(0.1, t));
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      w -= (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
      expect(optimiser.parameters['w']?.[0]).toBeCloseTo(w, 5);
    }
  });

  it('updates every number of every parameter by the formula, to the bit', () => {
    const shapes = { a: [5, 7], b: [1], c: [16], d: [3, 11] };
    const { normals } = random(1);
    const parameters = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        Float32Array.from(normals(shape.reduce((x, y) => x * y, 1))),
      ]),
    );
    const optimiser = adam(shapes, { parameters });
    const expected = Object.fromEntries(
      Object.entries(parameters).map(([name, values]) => [
        name,
        Array.from(values, (value): [number, number, number] => [value, 0, 0]),
      ]),
    );
    for (let t = 1; t <= 3; t += 1) {
      for (const [name, states] of Object.entries(expected)) {
        const gradients = Float32Array.from(normals(states.length));
        optimiser.gradients[`gradients/${name}`]?.set(gradients);
        states.forEach((state, index) => (states[index] = step(state, gradients[index] ?? NaN, adamRate(0.01, t))));
      }
      optimiser.update(adamRate(0.01, t));
    }
    for (const [name, states] of Object.entries(expected)) {
      expect([...(optimiser.parameters[name] ?? [])]).toEqual(states.map(([p]) => p));
      expect([...(optimiser.moments.first[name] ?? [])]).toEqual(states.map(([, m]) => m));
      expect([...(optimiser.moments.second[name] ?? [])]).toEqual(states.map(([, , v]) => v));
    }
  });

  it('captures copies, from which another goes on with the same bits', () => {
    const parameters = { w: Float32Array.from(random(2).normals(9)) };
    const one = adam({ w: [9] }, { parameters });
    const gradient = Float32Array.from(random(3).normals(9));
    one.gradients['gradients/w']?.set(gradient);
    one.update(0.1);
    const captured = one.capture();
    const kept = structuredClone(captured);
    expect(captured.parameters['w']?.buffer.byteLength).toBe(36);
    one.update(0.1);
    expect(captured).toEqual(kept);
    const other = adam({ w: [9] }, captured);
    other.gradients['gradients/w']?.set(gradient);
    other.update(0.1);
    expect(other.capture()).toEqual(one.capture());
    expect(parameters.w).toEqual(Float32Array.from(random(2).normals(9)));
  });

  it('lets moments of weights without a gradient go to zero rather than to the slowest numbers', () => {
    const optimiser = adam({ w: [4] }, { parameters: { w: new Float32Array(4) } });
    optimiser.gradients['gradients/w']?.set([1e-3, 1, -1e3, 0]);
    optimiser.update(0.1);
    optimiser.gradients['gradients/w']?.fill(0);
    for (let t = 0; t < 900; t += 1) optimiser.update(0.1);
    expect([...(optimiser.moments.first['w'] ?? [])].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(optimiser.moments.second['w']?.[1]).toBeGreaterThan(1e-4);
  });

  it('passes on what is not finite', () => {
    const optimiser = adam({ w: [3] }, { parameters: { w: new Float32Array(3) } });
    optimiser.gradients['gradients/w']?.set([NaN, Infinity, 1]);
    optimiser.update(0.1);
    expect([...(optimiser.parameters['w'] ?? [])].map(Number.isFinite)).toEqual([false, false, true]);
    expect([...(optimiser.moments.second['w'] ?? [])].map(Number.isFinite)).toEqual([false, false, true]);
  });

  it('says that a network is too large', () => {
    expect(() => adam({ w: [20_000, 20_000] }, { parameters: {} })).toThrow(
      'A network of 400 million parameters cannot be trained; 268 million is the limit. Use narrower "hidden" layers.',
    );
  });
});

import { expect } from 'vitest';

/** Every number lies within `tolerance` of the one expected in its place; further ones are not looked at. */
export function expectNear(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] ?? Number.NaN) - value), `number ${i}: ${actual[i]} for ${value}`).toBeLessThan(
      tolerance,
    );
  });
}

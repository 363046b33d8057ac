import { describe, expect, it } from 'vitest';
import { ellipse, rings, type Field, type Point } from '../../../src/shared/charts/target/contours';

function area(ring: readonly Point[]): number {
  return ring.reduce((total, [x, y], index) => {
    const [u, v] = ring[(index + 1) % ring.length] ?? [0, 0];
    return total + (x * v - u * y) / 2;
  }, 0);
}

function field(of: (x: number, y: number) => number, count = 81): Field {
  const x = Array.from({ length: count }, (_, index) => -3 + (6 * index) / (count - 1));
  return { x, y: x, values: x.flatMap((v) => x.map((u) => of(u, v))) };
}

describe('rings of a field', () => {
  it('enclose the area of a circle, with the higher side to their left', () => {
    const [ring, ...others] = rings(
      field((x, y) => -(x * x + y * y)),
      -4,
    );
    expect(others).toEqual([]);
    expect(area(ring ?? [])).toBeCloseTo(4 * Math.PI, 1);
    for (const [x, y] of ring ?? []) expect(Math.hypot(x, y)).toBeCloseTo(2, 2);
  });

  it('turn the other way around a hole, and are two for two hills', () => {
    const annulus = rings(
      field((x, y) => -((Math.hypot(x, y) - 1.5) ** 2)),
      -0.25,
    ).map(area);
    expect(annulus).toHaveLength(2);
    expect(annulus.sort((a, b) => a - b)[0]).toBeCloseTo(-Math.PI, 1);
    expect(annulus.reduce((a, b) => a + b, 0)).toBeCloseTo(Math.PI * (4 - 1), 1);
    const hills = rings(
      field((x, y) => Math.max(-((x - 1.2) ** 2) - y * y, -((x + 1.2) ** 2) - y * y)),
      -0.5,
    );
    expect(hills).toHaveLength(2);
  });

  it('close at the border, and there are none where nothing is above the level', () => {
    const half = rings(
      field((x) => x),
      0,
    );
    expect(half).toHaveLength(1);
    expect(area(half[0] ?? [])).toBeCloseTo(18, 6);
    expect(
      rings(
        field(() => 1),
        2,
      ),
    ).toEqual([]);
  });

  it('goes on where values are missing', () => {
    const whole = field((x, y) => -(x * x + y * y));
    const holed = { ...whole, values: whole.values.map((value, index) => (index % 81 < 40 ? null : value)) };
    const [ring] = rings(holed, -4);
    expect(area(ring ?? [])).toBeCloseTo(2 * Math.PI, 0);
  });
});

describe('an ellipse of a normal', () => {
  it('lies where the Mahalanobis distance is the number of standard deviations', () => {
    const covariance = [2, 1.2, 1.2, 1];
    const determinant = 2 - 1.44;
    for (const [x, y] of ellipse([1, -1], covariance, 2)) {
      const [u, v] = [x - 1, y + 1];
      const distance = (u * u * 1 - 2 * u * v * 1.2 + v * v * 2) / determinant;
      expect(distance).toBeCloseTo(4, 9);
    }
    expect(area(ellipse([0, 0], [4, 0, 0, 9], 1))).toBeCloseTo(6 * Math.PI, 0);
    expect(area(ellipse([0, 0], [9, 0, 0, 4], 1))).toBeCloseTo(6 * Math.PI, 0);
  });
});

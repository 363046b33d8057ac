import { describe, expect, it } from 'vitest';
import { ratioEnvelope } from '../../../../src/shared/charts/coverage/envelope';
import { massLevels } from '../../../../src/shared/charts/coverage/levels';
import { hatching, mixed } from '../../../../src/shared/charts/coverage/looks';
import { grayRank } from '../../../../src/shared/charts/coverage/ratioMap';

describe('levels that enclose shares of the mass', () => {
  it('are those of a normal: half within 1.1774 standard deviations', () => {
    const axis = Array.from({ length: 161 }, (_, index) => -8 + 0.1 * index);
    const values = axis.flatMap((y) => axis.map((x) => -(x * x + y * y) / 2));
    const shares = [0.5, 0.8, 0.95, 0.99];
    massLevels({ values }, shares).forEach((level, index) => {
      // Within the radius r of a normal in a plane lies 1 − exp(−r²/2), so that the level is log(1 − share).
      expect(level).toBeCloseTo(Math.log(1 - (shares[index] ?? 0)), 1);
    });
  });

  it('are in the order of the shares and ignore what is missing', () => {
    const values = [0, -1, null, -2, -3];
    expect(massLevels({ values }, [0.99, 0.5])).toEqual([-3, 0]);
    expect(massLevels({ values: [null] })).toEqual([]);
  });
});

describe('the envelope of exact samples', () => {
  it('is the same each time, and holds nine tenths of the ranks of exact samples', () => {
    const weights = new Array<number>(200).fill(1 / 200);
    const envelope = ratioEnvelope(weights, 4000);
    expect(ratioEnvelope(weights, 4000)).toEqual(envelope);
    // Another 4,000 draws by a generator of another kind (Lehmer), so that nothing is shared with the envelope.
    let state = 12_345;
    const counts = new Float64Array(200);
    for (let draw = 0; draw < 4000; draw += 1) {
      state = (state * 48_271) % 2_147_483_647;
      const mode = Math.floor((state / 2_147_483_647) * 200);
      counts[mode] = (counts[mode] ?? 0) + 1;
    }
    const inside = (ratios: Float64Array): number =>
      ratios.sort().reduce((sum, ratio, rank) => {
        const [low = NaN, high = NaN] = [envelope.low[rank], envelope.high[rank]];
        return sum + Number(ratio >= low && ratio <= high);
      }, 0) / 200;
    // Ranks of one set hang together, so that its share may be far from 0.9; a set without an eighth of its modes is not inside.
    expect(inside(counts.map((count) => count / 20))).toBeGreaterThan(0.6);
    expect(inside(counts.map((count, mode) => (mode < 25 ? 0 : (count * 8) / 7) / 20))).toBeLessThan(0.4);
  });

  it('is wide where few samples are expected, and has empty modes there', () => {
    const envelope = ratioEnvelope([0.9, 0.099, 0.001], 1000);
    expect(envelope.low[0]).toBe(0);
    expect((envelope.high[2] ?? NaN) - (envelope.low[2] ?? NaN)).toBeGreaterThan(0.5);
  });
});

describe('the order of signs', () => {
  it('is a Gray code: neighbours differ in one sign, and each pattern has a place', () => {
    const patterns = Array.from({ length: 32 }, (_, mode) =>
      Array.from({ length: 5 }, (_bit, bit) => ((mode >> bit) & 1 ? '+' : '-')).join(''),
    );
    const ordered = patterns.toSorted((a, b) => grayRank(a) - grayRank(b));
    expect(new Set(patterns.map(grayRank)).size).toBe(32);
    ordered.slice(1).forEach((pattern, index) => {
      expect([...pattern].filter((sign, at) => sign !== ordered[index]?.[at])).toHaveLength(1);
    });
  });
});

describe('looks', () => {
  it('mixes colours', () => {
    expect(mixed('#000000', '#ffffff', 0.5)).toBe('#808080');
    expect(mixed('#102030', '#102030', 0.7)).toBe('#102030');
  });

  it('hatches within the rectangle', () => {
    const numbers = [...hatching(10, 20, 30, 12, 4).matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)];
    expect(numbers.length).toBeGreaterThan(4);
    for (const [, x, y] of numbers) {
      expect(Number(x)).toBeGreaterThanOrEqual(10);
      expect(Number(x)).toBeLessThanOrEqual(40);
      expect(Number(y)).toBeGreaterThanOrEqual(20);
      expect(Number(y)).toBeLessThanOrEqual(32);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { assignSlots, hueCount, styleOf } from '../../../src/shared/compare/styles';

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `run-${index}`);

describe('how runs are told apart', () => {
  it('gives hues first, dashes when they are used up', () => {
    const styles = [...assignSlots(ids(hueCount), new Map()).values()].map(styleOf);
    expect(new Set(styles.map(({ hue }) => hue)).size).toBe(hueCount);
    expect(styles.every(({ dash }) => dash === '')).toBe(true);
    const more = [...assignSlots(ids(24), new Map()).values()];
    expect(new Set(more).size).toBe(24);
  });

  it('leaves a run what it had', () => {
    const before = assignSlots(ids(5), new Map());
    const after = assignSlots(['new', ...ids(5)], before);
    for (const id of ids(5)) expect(after.get(id)).toBe(before.get(id));
    expect([...before.values()]).not.toContain(after.get('new'));
  });

  it('gives the same look to the same run in another comparison', () => {
    expect(assignSlots(['a'], new Map())).toEqual(assignSlots(['a'], new Map()));
  });

  it('shares slots evenly among a hundred', () => {
    const counts = new Map<number, number>();
    for (const slot of assignSlots(ids(100), new Map()).values()) counts.set(slot, (counts.get(slot) ?? 0) + 1);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
  });
});

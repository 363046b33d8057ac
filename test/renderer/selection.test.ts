import { describe, expect, it } from 'vitest';
import {
  clearSelection,
  extendTo,
  moveBy,
  nothingSelected,
  selectAll,
  selectOnly,
  toggle,
} from '../../src/renderer/selection';

const order = ['a', 'b', 'c', 'd', 'e'];

describe('selection in a list', () => {
  it('takes ranges from where they began, both ways', () => {
    const down = extendTo(selectOnly('b'), order, 'd');
    expect([...down.ids]).toEqual(['b', 'c', 'd']);
    expect([...extendTo(down, order, 'a').ids]).toEqual(['a', 'b']);
  });

  it('begins anew where the anchor has gone', () => {
    expect(extendTo(selectOnly('gone'), order, 'c')).toEqual(selectOnly('c'));
  });

  it('moves without selecting, stops at the ends, and enters from outside', () => {
    const moved = moveBy(toggle(nothingSelected, 'a'), order, 1, false);
    expect(moved.active).toBe('b');
    expect([...moved.ids]).toEqual(['a']);
    expect(moveBy(moved, order, Infinity, false).active).toBe('e');
    expect(moveBy(moved, order, -15, false).active).toBe('a');
    expect(moveBy(nothingSelected, order, 1, false).active).toBe('a');
    expect(moveBy(nothingSelected, order, -1, false).active).toBe('e');
    expect(moveBy(nothingSelected, [], 1, false)).toBe(nothingSelected);
  });

  it('takes rows along with Shift', () => {
    const first = moveBy(nothingSelected, order, 1, false);
    expect([...moveBy(moveBy(first, order, 1, true), order, 1, true).ids]).toEqual(['a', 'b', 'c']);
  });

  it('turns single rows on and off, all on, and all off in place', () => {
    const one = toggle(toggle(nothingSelected, 'a'), 'c');
    expect([...toggle(one, 'a').ids]).toEqual(['c']);
    expect(selectAll(one, order).ids.size).toBe(5);
    expect(clearSelection(one)).toEqual({ ids: new Set(), anchor: 'c', active: 'c' });
  });
});

import { describe, expect, it } from 'vitest';
import { lineOf, placeAt, placeOf } from '../../../src/renderer/forms/jsonPlaces';
import { numbersIn, shownDefault } from '../../../src/renderer/forms/shown';

const text = `{
  "kind": "evidence",
  "model": {
    "decoder": [
      { "linear": "fc1" },
      "tanh"
    ]
  },
  "ais": { "chains": 0 }
}`;
const found = (...steps: (string | number)[]): string => {
  const { from, to } = placeOf(text, steps);
  return text.slice(from, to);
};

describe('places in JSON', () => {
  it('finds values by their path', () => {
    expect(found('kind')).toBe('"evidence"');
    expect(found('model', 'decoder', 1)).toBe('"tanh"');
    expect(found('model', 'decoder', 0, 'linear')).toBe('"fc1"');
    expect(found('ais', 'chains')).toBe('0');
  });

  it('points at what a missing value should stand in', () => {
    expect(found('ais', 'temperatures')).toMatch(/^"ais"/);
    expect(found('data')).toBe('{');
    expect(found('model', 'decoder', 7)).toMatch(/^"decoder"/);
  });

  it('gives places that lie in the text, whatever the text', () => {
    for (const odd of ['', '{', '[1,', '{"a"', '{"a": }', 'nonsense', '{"a": {"b": [}']) {
      const { from, to } = placeOf(odd, ['a', 'b', 0]);
      expect(from >= 0 && from <= to && to <= odd.length).toBe(true);
    }
  });

  it('goes from line and column to a place and back', () => {
    expect(lineOf(text, placeAt(text, 4, 3))).toBe(4);
    const { from, to } = placeAt('ab\ncd', 2, 9);
    expect([from, to]).toEqual([4, 5]);
  });
});

it('reads lists of numbers as people write them', () => {
  expect(numbersIn('1, 28 × 28')).toEqual([1, 28, 28]);
  expect(numbersIn('−0.5')).toEqual([-0.5]);
  expect(numbersIn('1, x')).toBeNull();
});

it('says defaults in words', () => {
  expect([16, false, 'prior', { type: 'sigmoid', rad: 4 }, undefined].map(shownDefault)).toEqual([
    '16',
    'off',
    'the prior',
    'sigmoid',
    null,
  ]);
});

import { expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/shared/nearest';

const fields = ['chains', 'temperatures', 'leapfrog', 'schedule', 'initial', 'stepSize', 'gap'];

it('finds what was meant', () => {
  expect(nearest('chain', fields, 1)).toEqual(['chains']);
  expect(nearest('tempratures', fields, 1)).toEqual(['temperatures']);
  expect(nearest('stepsize', fields, 1)).toEqual(['stepSize']);
  expect(nearest('temperature_count', ['temperature', 'x'], 1)).toEqual(['temperature']);
  expect(nearest('sed', ['set', 'seed'])).toEqual(['set', 'seed']);
});

it('keeps quiet when nothing is near', () => {
  expect(nearest('zzzzzzz', fields)).toEqual([]);
  expect(nearest('x'.repeat(10_000), fields)).toEqual([]);
  expect(nearest('', fields)).toEqual([]);
});

it('counts a swap as one change', () => {
  expect(editDistance('rnu', 'run')).toBe(1);
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
});

import { describe, expect, it } from 'vitest';
import { atField, problemsOf, readText, stepsOf, withoutValue, withValue, writeJson } from '../../../src/shared/forms';
import { pathText } from '../../../src/shared/runFile/fieldPath';

const least = { kind: 'evidence', model: { checkpoint: 'a.pth' }, data: { simulate: 4 } };

describe('problems of a run file', () => {
  it('names every field that is wrong, once each', () => {
    const value = { ...least, ais: { chains: 0, temperatures: 1.5 }, seed: -1, modle: 1 };
    expect(
      problemsOf(value)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['ais.chains', 'ais.temperatures', 'modle', 'seed']);
    const chains = problemsOf(value).find(({ path }) => path === 'ais.chains');
    expect(chains?.message).toBe('ais.chains is 0. It must be at least 1.');
    expect(chains && atField(chains)).toBe('It is 0. It must be at least 1.');
  });

  it('has nothing to say about a good one', () => expect(problemsOf(least)).toEqual([]));

  it('says what a value is that is no object at all', () => {
    expect(problemsOf(3)[0]?.message).toMatch(/run file/);
  });
});

describe('text', () => {
  it('tells line and column of a mistake', () => {
    expect(readText('{\n  "kind": "evidence",\n}')).toEqual({
      message: 'Line 2, column 21: a comma before the end of a list or object. Remove the comma.',
      line: 2,
      column: 21,
    });
  });

  it.each(['', '[1]', '"a"', 'null', '{"a":'])('never throws: %j', (text) => {
    expect(readText(text)).toHaveProperty('message');
  });

  it('is written with short things on one line', () => {
    expect(writeJson({ a: { b: 1, c: [1, 2] }, long: Array.from({ length: 30 }, (_, i) => i), e: {}, f: [] })).toBe(
      `{\n  "a": { "b": 1, "c": [1, 2] },\n  "long": [\n${Array.from({ length: 30 }, (_, i) => `    ${i}`).join(',\n')}\n  ],\n  "e": {},\n  "f": []\n}`,
    );
  });
});

describe('paths', () => {
  it.each([[['a']], [['model', 'decoder', 3, 'linear']], [['a b', 'c']], [['x', 'odd "key"', 0]]])('%j', (steps) => {
    expect(stepsOf(pathText(steps))).toEqual(steps);
  });

  it('puts in, takes away, and leaves the old value alone', () => {
    const before = { a: [{ b: 1 }, 2] };
    expect(withValue(before, ['a', 0, 'c'], 3)).toEqual({ a: [{ b: 1, c: 3 }, 2] });
    expect(withValue(undefined, ['a', 0], 1)).toEqual({ a: [1] });
    expect(withValue({ a: 3 }, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
    expect(withoutValue(before, ['a', 0])).toEqual({ a: [2] });
    expect(withoutValue(before, ['z', 'y'])).toBe(before);
    expect(before).toEqual({ a: [{ b: 1 }, 2] });
  });
});

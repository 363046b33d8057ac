import { describe, expect, it } from 'vitest';
import { filterRuns, filterTerm, hasTerm, toggleTerm } from '../../src/shared/runFilter';
import { runRow } from '../support/runRow';

const rows = [
  runRow({ id: 'a', name: 'Baseline', tags: ['paper', 'table 2'], device: 'cuda' }),
  runRow({ id: 'b', name: 'Baseline again', status: 'running', seed: 3 }),
  runRow({ id: 'c', name: 'Linear', notes: 'step sizes fell', quantity: 'log-px', kind: 'evidence', status: 'queued' }),
];
const found = (query: string): string[] => filterRuns(rows, query).map(({ id }) => id);

describe('filter of runs', () => {
  it.each([
    ['', ['a', 'b', 'c']],
    ['baseline', ['a', 'b']],
    ['BASE again', ['b']],
    ['"step sizes"', ['c']],
    ['im-ais', ['a', 'b', 'c']],
    ['tag:paper', ['a']],
    ['tag:"table 2"', ['a']],
    ['-tag:paper', ['b', 'c']],
    ['is:active', ['b', 'c']],
    ['is:running', ['b']],
    ['device:cuda', ['a']],
    ['kind:mi baseline -again', ['a']],
    ['seed:3', ['b']],
    ['nothing-like-it', []],
    ['http://x', []],
    ['tag:', ['a', 'b', 'c']],
  ])('%s', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it('takes terms in and out of what was typed', () => {
    const term = filterTerm('tag', 'table 2');
    expect(term).toBe('tag:"table 2"');
    const added = toggleTerm('base', term);
    expect(added).toBe('base tag:"table 2"');
    expect(hasTerm(added, term)).toBe(true);
    expect(toggleTerm(added, term)).toBe('base');
  });
});

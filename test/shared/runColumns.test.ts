import { describe, expect, it } from 'vitest';
import { compareRuns, fitColumns, runColumn, runColumns, runTable } from '../../src/shared/runColumns';
import { csvTable } from '../../src/shared/tables';
import { runRow } from '../support/runRow';

const ids = (columns: readonly { id: string }[]): string[] => columns.map(({ id }) => id);

describe('columns of runs', () => {
  it('have names of their own', () => {
    expect(new Set(ids(runColumns)).size).toBe(runColumns.length);
    expect(new Set(runColumns.map(({ name }) => name)).size).toBe(runColumns.length);
  });

  it('come by importance while there is room, in their own order', () => {
    expect(ids(fitColumns({}, 100))).toEqual(['name']);
    expect(ids(fitColumns({}, 500))).toEqual(['name', 'bracket', 'gap']);
    expect(ids(fitColumns({}, 4000))).toContain('upper');
  });

  it('stay and go as a person asked', () => {
    expect(ids(fitColumns({ seed: true, bracket: false }, 360))).toEqual(['name', 'gap', 'seed']);
    expect(ids(fitColumns({ name: false }, 0))).toEqual(['name']);
  });

  it('sort numbers as numbers and names with numbers in them, and put what is missing last either way', () => {
    const rows = [
      runRow({ id: 'a', gap: 2, name: 'vae10' }),
      runRow({ id: 'b', gap: null, name: 'vae9' }),
      runRow({ id: 'c', gap: 0.1, name: '' }),
    ];
    const sorted = (id: 'gap' | 'name', descending: boolean) =>
      ids([...rows].sort(compareRuns(runColumn(id), descending)));
    expect(sorted('gap', false)).toEqual(['c', 'a', 'b']);
    expect(sorted('gap', true)).toEqual(['a', 'c', 'b']);
    expect(sorted('name', false)).toEqual(['b', 'a', 'c']);
  });

  it('name a checkpoint without what its file ends in, and nothing else', () => {
    const model = (name: string) => runColumn('model').sort(runRow({ model: name }));
    expect(model('glyphs-vae.safetensors')).toBe('glyphs-vae');
    expect(model('vae.v1.2.PTH')).toBe('vae.v1.2');
    expect(model('logistic')).toBe('logistic');
    expect(model('.npz')).toBe('.npz');
  });

  it('make a file without the drawing', () => {
    const csv = csvTable(runTable([runRow()], ['name', 'bracket', 'lower', 'gap']));
    expect(csv).toBe('name,lower_nats,lower_ci95_nats,gap_nats,gap_ci95_nats\r\nGlyphs,24.8412,2.04,0.0149,0.0062\r\n');
  });
});

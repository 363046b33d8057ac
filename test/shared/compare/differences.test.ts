import { describe, expect, it } from 'vitest';
import { lineSpec, targetSpec } from '../../support/fake/target';
import { differences, flatten } from '../../../src/shared/compare/differences';

const spec = (more: object) => ({
  kind: 'mutual-information',
  name: 'A',
  ais: { temperatures: 500, chains: 8 },
  seed: 0,
  ...more,
});

describe('what differs between run files', () => {
  it('is only what differs; what is equal is apart', () => {
    const found = differences([[spec({})], [spec({ name: 'B', ais: { temperatures: 1000, chains: 8 } })]]);
    expect(found.differing).toEqual([{ path: 'ais.temperatures', values: ['500', '1000'] }]);
    expect(found.equal.map(({ path }) => path)).toEqual(['kind', 'ais.chains', 'seed']);
  });

  it('shows a field that only one has', () => {
    const found = differences([[spec({ device: 'cuda' })], [spec({})]]);
    expect(found.differing).toEqual([{ path: 'device', values: ['cuda', '—'] }]);
  });

  it('puts the seeds of a line together', () => {
    const seeds = (...list: number[]) => list.map((seed) => spec({ seed }));
    const found = differences([seeds(2, 0, 1), seeds(7), seeds(1, 4), seeds(3, 3)]);
    expect(found.differing).toEqual([{ path: 'seed', values: ['0 to 2', '7', '1 and 4', '3'] }]);
  });

  it('reads layers as a chain', () => {
    const decoder = [{ linear: 'fc3' }, 'relu', { conv: 'up', stride: 2 }, { leakyRelu: 0.2 }];
    expect(flatten({ model: { decoder }, estimators: ['im-ais', 'iwae'] })).toEqual(
      new Map([
        ['model.decoder', 'fc3 → relu → up (stride 2) → leakyRelu 0.2'],
        ['estimators', 'im-ais, iwae'],
      ]),
    );
  });

  it('stays itself with a hundred runs and an odd name', () => {
    const lines = Array.from({ length: 100 }, (_, seed) => [spec({ seed, 'a b': seed % 2 })]);
    expect(differences(lines).differing.map(({ path }) => path)).toEqual(['seed', '"a b"']);
  });
});

it('compares the methods of targets each with its like', () => {
  const { differing, equal } = differences([[targetSpec()], [lineSpec()]]);
  const of = (path: string) => differing.find((field) => field.path === path)?.values;
  expect(of('target.dim')).toEqual(['2', '1']);
  expect(of('methods.dais.steps')).toEqual(['4', '16']);
  expect(of('methods.dais-2.steps')).toEqual(['16', '—']);
  expect(equal.map(({ path }) => path)).toContain('methods.vi.iterations');
});

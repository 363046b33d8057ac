import { describe, expect, it } from 'vitest';
import { boundPairs } from '../../src/shared/boundPairs';
import { boundsOf, estimatorsTable } from '../../src/shared/boundsTables';
import { componentText } from '../../src/shared/componentText';
import { cellText, csvTable, type Cell } from '../../src/shared/tables';
import { familyPoints, familyResult, familySpec } from '../support/fake/family';

const { bounds } = familyResult({ id: 'family', device: 'cpu', seconds: 1 });

describe('bounds side by side', () => {
  it('lose none, and put the sides of one name together', () => {
    const pairs = boundPairs(bounds);
    const sides = pairs.flatMap((pair) => Object.values(pair.sides));
    expect(new Set(sides).size).toBe(bounds.length);
    const iwae = pairs.find(({ key }) => key === 'mi|iwae|q||1000');
    expect(Object.keys(iwae?.sides ?? {}).sort()).toEqual(['lower', 'upper']);
    expect(iwae?.ceiling).toBeCloseTo(Math.log(1000), 12);
  });

  it('go from the most information to the least, each estimator by K, IBAL itself last', () => {
    const pairs = boundPairs(bounds);
    const mi = pairs.filter(({ name }) => name.quantity === 'mi');
    expect([...new Set(mi.map(({ information }) => information))]).toEqual([
      'joint density',
      'one marginal',
      'samples only',
    ]);
    const im = mi.filter(({ name }) => name.estimator === 'im-ais').map(({ name }) => `${name.base} ${name.samples}`);
    expect(im).toEqual(['prior 1', 'prior 10', 'prior 100', 'q 1', 'q 10', 'q 100']);
    expect(pairs.at(-1)?.name.quantity).toBe('ibal');
  });

  it('have the times of the last round, which a result does not repeat', () => {
    const result = familyResult({ id: 'family', device: 'cpu', seconds: 1 });
    const untimed = {
      ...result,
      bounds: result.bounds.map((bound) => {
        const copy = { ...bound };
        delete copy.seconds;
        return copy;
      }),
    };
    expect(boundsOf({ result: untimed, points: [] })).toEqual(untimed.bounds);
    expect(boundsOf({ result: untimed, points: familyPoints() })).toEqual(result.bounds);
    expect(boundsOf({ result: null, points: familyPoints().slice(0, 1) })).toEqual(familyPoints()[0]?.bounds);
  });

  it('tell over how many data they are where chains were run for the first few', () => {
    const [one] = bounds;
    if (one === undefined) throw new Error('none');
    const logPx = (estimator: string, n: number) => ({ ...one, quantity: 'log-px' as const, estimator, n });
    const names = (some: typeof bounds) => estimatorsTable(some).columns.map(({ name }) => name);
    expect(names([logPx('iwae', 50), logPx('elbo', 50)])).not.toContain('n');
    const table = estimatorsTable([logPx('iwae', 50), logPx('im-ais', 8)]);
    const at = table.columns.findIndex(({ name }) => name === 'n');
    expect(table.rows.map((row) => cellText(row[at] as Cell)).sort()).toEqual(['50', '8']);
    expect(names(bounds)).not.toContain('n');
  });

  it('leave out columns that nothing fills', () => {
    const plain = bounds.filter(({ estimator, side }) => estimator === 'ba' && side === 'upper');
    const columns = (csvTable(estimatorsTable(plain)).split('\r\n')[0] ?? '').split(',');
    expect(columns).toEqual([
      ...['quantity', 'estimator', 'information', 'base'],
      ...['lower_nats', 'lower_ci95_nats', 'upper_nats', 'upper_ci95_nats'],
    ]);
    const all = estimatorsTable(bounds).columns.map(({ name }) => name);
    expect(all).toEqual(expect.arrayContaining(['critic', 'samples', 'estimate_nats', 'contrastive_nats', 'seconds']));
  });
});

it('components are said in a few words', () => {
  const { proposals, critics } = familySpec();
  expect([...proposals, ...critics].map(componentText)).toEqual([
    'proposal, 2000-2000 relu, trained for KL(p ‖ q) on simulated pairs',
    'critic on the prior, 2000-2000-2000 relu, trained for MINE-AIS',
    'critic on q, 2000-2000 relu, trained for GIWAE, K = 100',
    'critic on the prior, 2000-2000 relu, trained for InfoNCE, K = 100',
  ]);
  expect(componentText({ type: 'encoder', name: 'q' })).toBe('proposal, the encoder of the model’s checkpoint');
  expect(componentText({ type: 'saved', name: 't', base: 'q', file: 't.safetensors' })).toBe(
    'critic on q, kept in t.safetensors',
  );
});

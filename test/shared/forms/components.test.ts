import { describe, expect, it } from 'vitest';
import {
  basesIn,
  missingFor,
  namesIn,
  problemsOf,
  withBases,
  withCritic,
  withName,
  withoutComponent,
  withProposal,
  type Draft,
} from '../../../src/shared/forms';

const least = (more: Draft = {}): Draft => ({
  kind: 'mutual-information',
  model: { checkpoint: 'a.npz' },
  data: { simulate: 8 },
  estimators: ['iwae'],
  ...more,
});

describe('proposals and critics of a draft', () => {
  it('get free names, and make a run file that can be run', () => {
    const draft = withCritic(withCritic(withProposal(withProposal(least()), 'encoder')), {
      objective: 'giwae',
      base: 'q',
    });
    expect(namesIn(draft, 'proposals')).toEqual(['q', 'q2']);
    expect(Object.keys(withProposal(withCritic(least()))).slice(-2)).toEqual(['proposals', 'critics']);
    expect(namesIn(draft, 'critics')).toEqual(['t', 't2']);
    expect(problemsOf(draft)).toEqual([]);
    // A file has to be named by a person.
    expect(problemsOf(withProposal(least(), 'saved')).map(({ path }) => path)).toEqual(['proposals[0].file']);
  });

  it('are called something else wherever they are named', () => {
    const proposal = { type: 'proposal', name: 'q' };
    const draft = withCritic(withProposal(least({ ais: { initial: ['prior', proposal] }, iwae: { proposal } })), {
      base: 'q',
    });
    const next = withName(draft, 'proposals', 0, 'encoder');
    expect(next).toMatchObject({
      ais: { initial: ['prior', { name: 'encoder' }] },
      iwae: { proposal: { name: 'encoder' } },
      critics: [{ base: 'encoder' }],
    });
    expect(problemsOf(next)).toEqual([]);
    expect(problemsOf(withName(next, 'critics', 0, 'encoder'))).toEqual([
      {
        path: 'critics[0].name',
        message: 'critics[0].name is "encoder", which another has. Give it a name of its own.',
      },
    ]);
  });

  it('leave nothing behind that names them', () => {
    const proposal = { type: 'proposal', name: 'q' };
    const draft = withCritic(
      withProposal(least({ ais: { chains: 4, initial: ['prior', proposal] }, iwae: { proposal } })),
      {
        base: 'q',
      },
    );
    const next = withoutComponent(draft, 'proposals', 0);
    expect(next).toEqual(least({ ais: { chains: 4 }, critics: [{ type: 'network', name: 't' }] }));
    expect(problemsOf(next)).toEqual([]);
    expect(withoutComponent(next, 'critics', 0)).toEqual(least({ ais: { chains: 4 } }));
  });

  it('survive what a person is still typing', () => {
    for (const odd of [{ proposals: 3 }, { proposals: [null, 'q', { name: 4 }], critics: {} }, { ais: 'none' }]) {
      const draft = least(odd);
      expect(() => missingFor({ ...draft, estimators: 'all' })).not.toThrow();
      expect(() => withName(draft, 'proposals', 0, 'q')).not.toThrow();
      expect(() => withoutComponent(draft, 'proposals', 1)).not.toThrow();
    }
  });
});

describe('distributions to draw from', () => {
  it('stand alone or in a list, and the prior alone is left out', () => {
    const gaussian = { type: 'gaussian', std: 1 };
    expect(basesIn(undefined)).toEqual(['prior']);
    expect(basesIn(gaussian)).toEqual([gaussian]);
    const steps = ['ais', 'initial'];
    const several = withBases(least(), steps, ['prior', gaussian]);
    expect(several).toMatchObject({ ais: { initial: ['prior', gaussian] } });
    expect(withBases(several, steps, [gaussian])).toMatchObject({ ais: { initial: gaussian } });
    expect(withBases(several, steps, ['prior'])).toEqual(least());
  });

  it('must be there', () => {
    const draft = least({ iwae: { proposal: { type: 'proposal', name: 'r' } } });
    expect(problemsOf(draft)[0]?.message).toBe(
      'iwae.proposal names "r", which is no proposal of this run. Add it to "proposals".',
    );
    expect(problemsOf(withProposal(draft))[0]?.message).toMatch(/There is "q"\.$/);
    expect(problemsOf(withCritic(least(), { base: 'r' }))[0]?.path).toBe('critics[0].base');
  });
});

describe('estimators that need something', () => {
  it.each([
    ['infonce', 'InfoNCE needs a critic that corrects the prior.'],
    ['mine-f', 'MINE-F needs a critic that corrects the prior.'],
    ['giwae', 'GIWAE needs a critic that corrects a proposal.'],
    ['gmine-dv', 'GMINE-DV needs a critic that corrects a proposal.'],
    ['ibal', 'IBAL needs a critic, best one trained as MINE-AIS.'],
  ])('%s is refused without it, and one click adds it', (estimator, text) => {
    const draft = least({ estimators: ['iwae', estimator] });
    expect(problemsOf(draft)).toMatchObject([{ path: 'estimators' }]);
    const [missing] = missingFor(draft);
    expect(missing).toMatchObject({ text, needed: true });
    const next = missing?.add(draft) ?? draft;
    expect(problemsOf(next)).toEqual([]);
    expect(missingFor(next)).toEqual([]);
  });

  it('all at once are served one after the other', () => {
    let draft = least({ estimators: ['ba', 'infonce', 'giwae', 'ibal', 'mine-dv', 'mine-f', 'gmine-dv', 'gmine-f'] });
    const offers: string[] = [];
    for (let [next] = missingFor(draft); next !== undefined; [next] = missingFor(draft)) {
      offers.push(next.text);
      draft = next.add(draft);
    }
    expect(offers).toEqual([
      'InfoNCE, MINE-DV and MINE-F need a critic that corrects the prior.',
      'GIWAE, GMINE-DV and GMINE-F need a critic that corrects a proposal.',
    ]);
    expect(problemsOf(draft)).toEqual([]);
  });

  it('are told what would help where nothing is needed', () => {
    const [advice] = missingFor(least({ estimators: ['ba'] }));
    expect(advice).toMatchObject({ needed: false });
    expect(missingFor(least({ estimators: ['iwae', 'im-ais', 's-infonce'] }))).toEqual([]);
    expect(missingFor(advice?.add(least({ estimators: ['ba'] })) ?? {})).toEqual([]);
  });
});

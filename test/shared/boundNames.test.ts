import { describe, expect, it } from 'vitest';
import { boundKey, boundLabels, fullLabel, withMostSamples, type BoundName } from '../../src/shared/boundNames';

const iwae = (base: string, samples: number): BoundName => ({ estimator: 'iwae', base, samples });

describe('names of bounds', () => {
  it('say nothing but the estimator where there is one of it', () => {
    const bounds = [iwae('q', 1000), { estimator: 'cr-ais', base: 'prior', samples: 16 }];
    const label = boundLabels(bounds);
    expect(bounds.map(label)).toEqual(['IWAE', 'CR-AIS']);
    expect(bounds.map(fullLabel)).toEqual(['IWAE, q, K = 1,000', 'CR-AIS, prior, K = 16']);
  });

  it('say what tells siblings apart, and no more', () => {
    const bounds = [iwae('q', 100), iwae('q', 1000)];
    expect(bounds.map(boundLabels(bounds))).toEqual(['IWAE, K = 100', 'IWAE, K = 1,000']);
    const more = [...bounds, iwae('gaussian', 1000)];
    expect(more.map(boundLabels(more))).toEqual([
      'IWAE, q, K = 100',
      'IWAE, q, K = 1,000',
      'IWAE, Gaussian, K = 1,000',
    ]);
  });

  it('leave out a base that follows from the critic, and keep one that does not', () => {
    const giwae = (critic: string, base: string): BoundName => ({ estimator: 'giwae', critic, base, samples: 100 });
    const following = [giwae('t1', 'q1'), giwae('t2', 'q2')];
    expect(following.map(boundLabels(following))).toEqual(['GIWAE, t1', 'GIWAE, t2']);
    const crossed = [...following, giwae('t1', 'q2')];
    expect(crossed.map(boundLabels(crossed))).toEqual(['GIWAE, q1, t1', 'GIWAE, q2, t2', 'GIWAE, q2, t1']);
  });

  it('of several K mean the most, each side and source by itself', () => {
    const of = (side: 'lower' | 'upper', base: string, samples?: number) => ({
      ...{ side, estimator: 'iwae', base },
      ...(samples === undefined ? {} : { samples }),
    });
    const bounds = [
      of('lower', 'q', 10),
      of('lower', 'q', 100),
      of('upper', 'q', 10),
      of('lower', 'r', 1),
      of('upper', 'r'),
    ];
    expect(withMostSamples(bounds)).toEqual(bounds.slice(1));
  });

  it('keep apart what differs in anything', () => {
    const bound = { quantity: 'mi' as const, side: 'lower' as const, estimator: 'iwae', base: 'q', samples: 10 };
    const others = [
      { ...bound, side: 'upper' as const },
      { ...bound, quantity: 'ibal' as const },
      { ...bound, base: 'prior' },
      { ...bound, critic: 'q' },
      { ...bound, samples: 100 },
    ];
    expect(new Set([bound, bound, ...others].map(boundKey)).size).toBe(1 + others.length);
  });
});

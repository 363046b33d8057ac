import { describe, expect, it } from 'vitest';
import { withoutRivals } from '../../../src/shared/forms';
import { problemsOf } from '../../../src/shared/forms/problems';

const draft = (target: object) => ({ kind: 'target', target, methods: [{ type: 'ula' }] });

describe('a field that says the same as another in a different way', () => {
  it('takes the others out when it is filled in, so that the draft can be run', () => {
    const both = draft({ type: 'nice', dim: 49, width: 64, train: { file: 'images.gz' } });
    expect(problemsOf(both)).toHaveLength(1);
    const left = withoutRivals(both, ['target', 'train', 'file']);
    expect(left).toEqual(draft({ type: 'nice', width: 64, train: { file: 'images.gz' } }));
    expect(problemsOf(left as object)).toEqual([]);
    expect(withoutRivals(both, ['target', 'dim'])).toEqual(draft({ type: 'nice', dim: 49, width: 64 }));
  });

  it('stands beside those of its own way', () => {
    const drawn = draft({ type: 'gaussian-mixture', dim: 2, components: 4, seed: 1, means: [[0]] });
    expect(withoutRivals(drawn, ['target', 'components'])).toEqual(
      draft({ type: 'gaussian-mixture', dim: 2, components: 4, seed: 1 }),
    );
    expect(withoutRivals(drawn, ['target', 'means'])).toEqual(draft({ type: 'gaussian-mixture', means: [[0]] }));
  });

  it('leaves everything else as it is', () => {
    const both = draft({ type: 'nice', dim: 49, train: { file: 'images.gz' } });
    for (const steps of [['seed'], ['target', 'width'], ['target'], ['methods', 0, 'file'], []]) {
      expect(withoutRivals(both, steps)).toBe(both);
    }
    expect(withoutRivals({ kind: 'target', target: 3 }, ['target', 'dim'])).toEqual({ kind: 'target', target: 3 });
  });
});

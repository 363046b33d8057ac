import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/main/experiments';
import { lg2 } from '../../support/linearModel';
import { perDatum, workbench } from '../../support/runs';

const bench = workbench();
const model = bench.linear(lg2);
const draft = { model, data: { simulate: 16 }, estimators: ['im-ais', 'cr-ais'] };
interface Rounds {
  temperatures: number;
  gap?: number;
  gapCi95?: number;
  seconds: number;
}

describe('solving to a gap', () => {
  it('doubles the temperatures until the sandwich is that tight', async () => {
    const events: RunEvent[] = [];
    const ais = { chains: 4, temperatures: 4, leapfrog: 4, gap: 0.3 };
    const result = await bench.run({ ...draft, ais }, { onEvent: (event) => events.push(event) });
    const rounds = result.metrics['rounds'] as Rounds[];
    expect(rounds.length).toBeGreaterThan(2);
    expect(rounds.map(({ temperatures }) => temperatures)).toEqual(rounds.map((_, index) => 4 * 2 ** index));
    // Tight with its interval: a gap that is small by chance is no reason to stop.
    rounds.forEach(({ gap = NaN, gapCi95 = NaN }, index) =>
      expect(gap + gapCi95 <= 0.3).toBe(index === rounds.length - 1),
    );
    expect(result.metrics['best']).toMatchObject({ gap: rounds.at(-1)?.gap });
    expect(result.warnings.filter((warning) => /time/i.test(warning))).toEqual([]);
    expect(result.diagnostics['temperatures']).toBe(rounds.at(-1)?.temperatures);
    // Tuned once.
    expect(
      events.filter(({ stage }, index) => stage.startsWith('tuning') && events[index - 1]?.stage !== stage),
    ).toHaveLength(1);
    expect(events.filter(({ message }) => message !== undefined).map(({ message }) => message)[0]).toMatch(
      /gap .* nats with 4 temperatures; doubling/,
    );
    events
      .slice(1)
      .forEach(({ progress }, index) => expect(progress).toBeGreaterThanOrEqual(events[index]?.progress ?? 0));
    expect(result.series.filter(({ name }) => name.startsWith('best')).map(({ x }) => x.values)).toEqual([
      rounds.map(({ temperatures }) => temperatures),
      rounds.map(({ temperatures }) => temperatures),
    ]);
  });

  it('ends with the bounds that a run with as many temperatures has', async () => {
    const ais = { chains: 4, leapfrog: 4, stepSize: 0.2 };
    const solved = await bench.run({ ...draft, ais: { ...ais, temperatures: 5, gap: 1.5 } });
    const { temperatures } = solved.diagnostics as { temperatures: number };
    expect(temperatures).toBeGreaterThan(5);
    const direct = await bench.run({ ...draft, ais: { ...ais, temperatures } });
    for (const side of ['lower', 'upper'] as const)
      expect(perDatum(solved, 'im-ais', side)).toEqual(perDatum(direct, 'im-ais', side));
  });

  it('says so when time ran out first', async () => {
    const ais = { chains: 2, temperatures: 2, leapfrog: 2, gap: 1e-6, maxSeconds: 1e-3 };
    const result = await bench.run({ ...draft, ais });
    expect(result.status).toBe('done');
    expect(result.diagnostics['temperatures']).toBe(2);
    expect(result.metrics['rounds']).toBeUndefined();
    expect(result.warnings).toContainEqual(
      expect.stringMatching(
        /^Time ran out first: the gap is .* nats with 2 temperatures, not 0\.000001\. .*raise ais\.maxSeconds/,
      ),
    );
  });

  it('keeps within its seconds', async () => {
    const ais = { chains: 2, temperatures: 2, leapfrog: 2, gap: 1e-6, maxSeconds: 1.5, stepSize: 0.1 };
    const result = await bench.run({ ...draft, ais });
    const { temperatures } = result.diagnostics as { temperatures: number };
    expect(temperatures).toBeGreaterThan(2);
    // The last round is begun only if twice the one before fits; a busy machine may take thrice.
    expect(result.seconds).toBeLessThan(6);
    expect(result.warnings).toContainEqual(expect.stringMatching(/Time ran out first/));
  });

  it('does not double for ever when a bound has no value', async () => {
    // Logits of ±∞, or a density that no float32 holds: no number of temperatures mends that.
    const checkpoint = bench.checkpoint('overflow.safetensors', {
      'a.weight': { shape: [2, 1], data: [1e20, 1e20] },
      'b.weight': { shape: [2, 2], data: [1e20, 0, 0, 1e20] },
      'log.variance': { shape: [1], data: [-140] },
    });
    const overflowing = {
      checkpoint,
      decoder: [{ linear: 'a' }, { linear: 'b' }, 'tanh'],
      likelihood: { type: 'gaussian', sigma: 0.1 },
    };
    const ais = { chains: 2, temperatures: 2, leapfrog: 2, gap: 0.1 };
    const bernoulli = {
      ...overflowing,
      decoder: [{ linear: 'a' }, { linear: 'b' }],
      likelihood: { type: 'bernoulli' },
    };
    await expect(bench.run({ ...draft, model: bernoulli, ais })).rejects.toThrow(
      /model: its decoder gives values that are not finite/,
    );
    const sigma = { ...overflowing, likelihood: { type: 'gaussian', logVariance: 'log.variance' } };
    const result = await bench.run({ ...draft, model: sigma, ais });
    expect(result.status).toBe('failed');
    expect(result.error).toMatch(/not finite for .* of 16 data/);
  });

  it('needs chains and an upper bound', async () => {
    await expect(bench.run({ ...draft, estimators: ['iwae'], ais: { gap: 1 } })).rejects.toThrow(
      /ais\.gap: needs an estimator with annealed chains/,
    );
    await expect(bench.run({ ...draft, estimators: ['cr-ais'], ais: { gap: 1 } })).rejects.toThrow(
      /ais\.gap: needs both sides, and "cr-ais" alone gives one/,
    );
    await expect(bench.run({ ...draft, ais: { maxSeconds: 1 } })).rejects.toThrow(
      /ais\.maxSeconds: says nothing without/,
    );
  });

  it('is refused more chains than fit in memory', async () => {
    const ais = { chains: 1_000_000 };
    await expect(bench.run({ ...draft, data: { simulate: 1000 }, ais })).rejects.toThrow(
      /ais\.chains: .* do not fit in memory/,
    );
  });
});

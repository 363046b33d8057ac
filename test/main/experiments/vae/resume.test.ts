import { expect, it } from 'vitest';
import { MemoryJournal } from '../../../../src/main/experiments';
import type { Result } from '../../../../src/shared/result';
import { workbench } from '../../../support/runs';
import { smallVae, stripes } from '../../../support/vaeRuns';

const bench = workbench();
bench.file('stripes.npy', stripes(200));

/** Without what depends on the clock. */
function timeless(result: Result): unknown {
  const { bounds, metrics, diagnostics, warnings, series, perDatum, images } = result;
  return JSON.parse(JSON.stringify({ bounds, metrics, diagnostics, warnings, series, perDatum, images }));
}

const score = { width: 4, blocks: 1, embedding: 2, summary: 2 };

it.each([{ type: 'elbo' }, { type: 'uha-mcd', steps: 2, score }])(
  'a run of kind vae that was interrupted ends with the same bits: $type',
  async (bound) => {
    let total = 0;
    const whole = await bench.run({ ...smallVae, bound }, { onEvent: () => (total += 1) });
    // Early and late in training, and among the chains that judge it.
    for (const stop of [7, 31, total - 4]) {
      const journal = new MemoryJournal();
      const controller = new AbortController();
      let seen = 0;
      let content = journal.content();
      const cut = await bench.run(
        { ...smallVae, bound },
        {
          journal,
          signal: controller.signal,
          onEvent: () => {
            seen += 1;
            if (seen !== stop) return;
            content = structuredClone(journal.content());
            controller.abort();
          },
        },
      );
      expect(cut.status).toBe('cancelled');
      const resumed = await bench.run({ ...smallVae, bound }, { journal: new MemoryJournal(content) });
      expect(timeless(resumed), `stopped at event ${stop} of ${total}`).toEqual(timeless(whole));
    }
  },
);

import { expect } from 'vitest';
import { MemoryJournal } from '../../src/main/experiments';
import type { DriveOptions } from '../../src/main/runs/driver';
import type { Result } from '../../src/shared/result';

/** A result without what depends on the clock and without the run's own name. */
export function timeless(result: Result): unknown {
  return JSON.parse(
    JSON.stringify({ ...result, run: '' }, (key, value: unknown) => (key === 'seconds' ? undefined : value)),
  );
}

/**
 * Stops a run after shares of its events, takes it up again from its journal, and expects every time the bits of one that ran through.
 * @param shares 0 to 1
 */
export async function expectEqualBits(
  run: (options: Partial<DriveOptions>) => Promise<Result>,
  shares: readonly number[],
): Promise<void> {
  let total = 0;
  const whole = timeless(await run({ onEvent: () => (total += 1) }));
  for (const share of shares) {
    const stop = Math.max(2, Math.floor(share * total));
    const controller = new AbortController();
    const journal = new MemoryJournal();
    let events = 0;
    let content = journal.content();
    const cut = await run({
      journal,
      signal: controller.signal,
      onEvent: () => {
        events += 1;
        // What comes after the signal is not there any more when a process has been killed.
        if (events !== stop) return;
        content = structuredClone(journal.content());
        controller.abort();
      },
    });
    expect(cut.status, `stopped at event ${stop} of ${total}`).toBe('cancelled');
    const resumed = await run({ journal: new MemoryJournal(content) });
    expect(timeless(resumed), `stopped at event ${stop} of ${total}`).toEqual(whole);
  }
}

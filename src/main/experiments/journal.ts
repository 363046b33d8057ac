/**
 * What a run has finished and where it stands, so that a killed run goes on from there and ends with the same bits. An
 * experiment splits itself into parts with keys; it asks for a part's result before computing it, and while computing tells how
 * the part's state can be captured. When and where that is written is the driver's business.
 *
 * Everything kept must survive structured cloning: numbers, text, typed arrays, plain objects and arrays of them.
 */
export interface Journal {
  /** The result of a part that was finished, if it was. */
  finished<T>(key: string): T | undefined;
  /** The state of a part that was begun, if it was the one in progress. */
  begun<T>(key: string): T | undefined;
  finish(key: string, result: unknown): void;
  /** Names the part in progress. `capture` is called between two steps and must copy what the next step will overwrite. */
  follow(key: string, capture: () => unknown): void;
}

/** What a journal is made of when it is written. */
export interface JournalContent {
  readonly finished: Record<string, unknown>;
  readonly begun?: { readonly key: string; readonly state: unknown };
}

/** A journal in memory, empty or taken up from an earlier run. */
export class MemoryJournal implements Journal {
  private readonly results: Map<string, unknown>;
  private readonly taken: JournalContent['begun'];
  private current: { key: string; capture: () => unknown } | undefined;

  constructor(content: JournalContent = { finished: {} }) {
    this.results = new Map(Object.entries(content.finished));
    this.taken = content.begun;
  }

  finished<T>(key: string): T | undefined {
    return this.results.get(key) as T | undefined;
  }

  begun<T>(key: string): T | undefined {
    return this.taken?.key === key ? (this.taken.state as T) : undefined;
  }

  finish(key: string, result: unknown): void {
    this.results.set(key, result);
    if (this.current?.key === key) this.current = undefined;
  }

  follow(key: string, capture: () => unknown): void {
    this.current = { key, capture };
  }

  /** All of it as it stands, for writing. */
  content(): JournalContent {
    const finished = Object.fromEntries(this.results);
    if (this.current === undefined) {
      // Taken up but not yet stepped on: what was begun is still where the run stands.
      const waiting = this.taken !== undefined && !this.results.has(this.taken.key) ? { begun: this.taken } : {};
      return { finished, ...waiting };
    }
    return { finished, begun: { key: this.current.key, state: this.current.capture() } };
  }
}

/** What a clock shows when a run first comes by: a measurement that decides how it goes on is taken once, also when it is taken up again. */
export function clocked(journal: Journal, key: string, seconds: () => number): number {
  const known = journal.finished<number>(key);
  if (known !== undefined) return known;
  const value = seconds();
  journal.finish(key, value);
  return value;
}

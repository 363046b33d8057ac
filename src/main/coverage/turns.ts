/** Multiplications between two turns of a caller: some hundredths of a second. */
const workOfTurn = 2e7;

/** What sorting a number costs, in multiplications. */
export const sorting = 50;

/** Yields where so much work has been done since the last time: a caller may stop there. */
export class Turns {
  private done = 0;

  /** @param work multiplications since the last call */
  *after(work: number): Generator<undefined, void> {
    this.done += work;
    if (this.done < workOfTurn) return;
    this.done = 0;
    yield undefined;
  }
}

/** What a computation in turns ends with, without pausing between them. */
export function finished<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

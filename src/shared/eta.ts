/** Estimates the time that is left from the progress of the last while, because the speed of a run changes with its stages. */
export interface Eta {
  /**
   * @param progress share done, 0 to 1
   * @param now seconds on any clock that only goes forward
   * @returns seconds left; undefined while too little is known
   */
  update(progress: number, now: number): number | undefined;
}

/** Speed is measured over at least this long, or a third of the run where that is longer. */
const window = 10;

/** @param before the share that was done when the clock started, in a run that was taken up again */
export function createEta(started: number, before = 0): Eta {
  const marks: { progress: number; at: number }[] = [{ progress: before, at: started }];
  return {
    update(progress, now) {
      const last = marks.at(-1);
      if (last !== undefined && progress > last.progress) marks.push({ progress, at: now });
      const span = Math.max(window, (now - started) / 3);
      // Keeps the newest mark that is old enough, and everything after it.
      while (marks.length > 2 && now - (marks[1]?.at ?? now) >= span) marks.shift();
      const from = marks[0];
      if (from === undefined || now - started < 0.5 || progress <= from.progress) return undefined;
      return ((1 - progress) * (now - from.at)) / (progress - from.progress);
    },
  };
}

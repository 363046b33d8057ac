import type { AisSpec } from '../../shared/runFile';
import type { Best } from './summary';

/** What a run file may ask for at most; a run that solves for a gap goes no further either. */
const mostTemperatures = 10_000_000;

/** The temperatures of each round before any doubling: those asked for, after a sixty-fourth, a sixteenth and a quarter of them. */
export function ladderOf({ ladder, temperatures }: AisSpec): number[] {
  if (ladder === false) return [temperatures];
  if (ladder !== true) return [...new Set(ladder.filter((rung) => rung < temperatures)), temperatures];
  const rungs = [64, 16, 4].map((divisor) => Math.round(temperatures / divisor)).filter((rung) => rung >= 4);
  return [...rungs, temperatures];
}

/** How a run that solves for a gap goes on. */
export interface Verdict {
  /** T of the next round; absent when the run is over. */
  readonly temperatures?: number;
  readonly message?: string;
  /** Why it is over although the gap was not reached. */
  readonly warning?: string;
}

/**
 * Doubles the temperatures until the gap is reached with its 95 % interval: a sample gap that is small by chance, or negative,
 * shows nothing.
 * @param last the round that has just ended: its temperatures, its seconds, and the seconds of the whole run
 */
export function nextRound(
  { gap, maxSeconds }: AisSpec,
  best: Best,
  last: { readonly temperatures: number; readonly seconds: number; readonly elapsed: number },
): Verdict {
  // A bound without a value is one that log p(x, z) has none for where a chain starts: more temperatures start there too.
  if (gap === undefined || best.gap === undefined) return {};
  const interval = best.gapCi95 ?? 0;
  if (best.gap + interval <= gap) return {};
  const { temperatures, seconds, elapsed } = last;
  const said = `${best.gap.toPrecision(3).replace('-', '−')} ± ${interval.toPrecision(2)} nats`;
  const noise = best.gap <= gap ? ' Its interval is what is too wide: more data or more chains narrow it sooner.' : '';
  if (maxSeconds !== undefined && elapsed + 2 * seconds > maxSeconds) {
    return {
      warning:
        `Time ran out first: the gap is ${said} with ${temperatures} temperatures, not ${gap}. ` +
        `Twice as many would take about ${Math.ceil(2 * seconds)} s more; raise ais.maxSeconds.${noise}`,
    };
  }
  if (2 * temperatures > mostTemperatures) {
    return {
      warning: `The gap is ${said} with ${temperatures} temperatures, not ${gap}; no run has more than ${mostTemperatures}.${noise}`,
    };
  }
  return { temperatures: 2 * temperatures, message: `gap ${said} with ${temperatures} temperatures; doubling` };
}

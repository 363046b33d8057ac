import type { RunRow } from './runRecord';

/** Where on the slider which numbers stand: log-linear between them. Chains stop growing once they fill the hardware. */
const anchors = [
  { at: 0, temperatures: 50, chains: 8 },
  { at: 0.2, temperatures: 499, chains: 16 },
  { at: 0.4, temperatures: 4999, chains: 24 },
  { at: 0.6, temperatures: 29_999, chains: 48 },
  { at: 1, temperatures: 999_999, chains: 48 },
] as const;

export interface EffortPoint {
  readonly temperatures: number;
  readonly chains: number;
}

/** Chains and temperatures at a place of the slider, 0 to 1, in numbers that a person would choose. */
export function effortAt(share: number): EffortPoint {
  const at = Math.min(1, Math.max(0, share));
  for (const [index, right] of anchors.entries()) {
    const left = anchors[Math.max(0, index - 1)] ?? right;
    if (at > right.at) continue;
    // At an anchor its own numbers, which are those of a preset.
    if (at === right.at) return { temperatures: right.temperatures, chains: right.chains };
    const part = (at - left.at) / (right.at - left.at);
    const between = (a: number, b: number): number => Math.exp(Math.log(a) * (1 - part) + Math.log(b) * part);
    return {
      temperatures: twoDigits(between(left.temperatures, right.temperatures)),
      chains: Math.round(between(left.chains, right.chains) / 2) * 2,
    };
  }
  return { temperatures: 999_999, chains: 48 };
}

/** The place of the slider that stands for a number of temperatures. */
export function shareOf(temperatures: number): number {
  const wanted = Math.log(Math.max(1, temperatures));
  for (const [index, right] of anchors.entries()) {
    if (index === 0 || temperatures > right.temperatures) continue;
    const left = anchors[index - 1] ?? right;
    const [a, b] = [Math.log(left.temperatures), Math.log(right.temperatures)];
    return Math.max(0, left.at + ((wanted - a) / (b - a)) * (right.at - left.at));
  }
  return 1;
}

function twoDigits(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / unit) * unit;
}

/** What the time of a run is proportional to, as far as one engine's measurement carries over to other numbers. */
export interface Work {
  readonly chains: number;
  readonly temperatures: number;
  readonly leapfrog: number;
  readonly data: number;
  readonly ladder: boolean | readonly number[];
  /** Distributions that chains start from, each with chains of its own; one when left out. */
  readonly bases?: number;
}

/** Gradient evaluations of single rows; the rounds of a ladder, T/64 + T/16 + T/4 or those listed, count too. */
export function workOf({ chains, temperatures, leapfrog, data, ladder, bases = 1 }: Work): number {
  const rounds = typeof ladder === 'boolean' ? (ladder ? [64, 16, 4].map((part) => temperatures / part) : []) : ladder;
  const increments = rounds.reduce((total, round) => total + (round < temperatures ? round : 0), temperatures);
  return chains * increments * leapfrog * data * bases;
}

/** A tick of the slider: a duration, and where it stands. */
export interface Tick {
  readonly at: number;
  readonly seconds: number;
}

const tickSeconds = [1, 10, 60, 600, 3600, 36_000, 345_600];

/**
 * Where on the slider which durations lie.
 * @param secondsPerWork from an estimate of the engine
 */
export function timeTicks(work: Omit<Work, 'chains' | 'temperatures'>, secondsPerWork: number): Tick[] {
  const seconds = (share: number): number => workOf({ ...work, ...effortAt(share) }) * secondsPerWork;
  return tickSeconds.flatMap((wanted) => {
    if (wanted < seconds(0) || wanted > seconds(1)) return [];
    let [low, high] = [0, 1];
    for (let i = 0; i < 30; i += 1) {
      const middle = (low + high) / 2;
      if (seconds(middle) < wanted) low = middle;
      else high = middle;
    }
    return [{ at: low, seconds: wanted }];
  });
}

export interface ExpectedGap {
  /** nats */
  readonly gap: number;
  /** The run that it is judged from. */
  readonly from: Pick<RunRow, 'id' | 'name' | 'temperatures'>;
}

/**
 * The gap to expect from an earlier run of the same model: it falls as 1/T once the chains follow the path. The run nearest in T
 * is asked, of those that were done with the same quantity.
 */
export function expectedGap(
  rows: readonly RunRow[],
  wanted: { readonly model: string; readonly kind: string; readonly temperatures: number },
): ExpectedGap | null {
  const distance = (row: RunRow): number => Math.abs(Math.log(row.temperatures / wanted.temperatures));
  const usable = rows.filter(
    (row) =>
      row.status === 'done' &&
      row.model === wanted.model &&
      row.kind === wanted.kind &&
      row.temperatures > 0 &&
      // A gap within its own noise says nothing about how it falls.
      row.gap !== null &&
      row.gap > (row.gapCi95 ?? 0),
  );
  const [nearest] = usable.sort((a, b) => distance(a) - distance(b));
  if (nearest === undefined || nearest.gap === null) return null;
  return { gap: (nearest.gap * nearest.temperatures) / wanted.temperatures, from: nearest };
}

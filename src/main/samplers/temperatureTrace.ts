/** What went on at each temperature β_0 … β_T, added up over blocks of chains. Plain arrays, for snapshots. */
export interface TemperatureTrace {
  /** The greatest log weight after the increment to β_t, and sums of weights and of their squares in units of it. */
  readonly top: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly count: Float64Array;
  /** Sums of shares of accepted proposals, and how many shares. */
  readonly accepted: Float64Array;
  readonly moves: Float64Array;
  readonly divergences: Float64Array;
  readonly transitions: Float64Array;
}

export function emptyTrace(temperatures: number): TemperatureTrace {
  const make = (value = 0): Float64Array => new Float64Array(temperatures + 1).fill(value);
  return {
    ...{ top: make(Number.NEGATIVE_INFINITY), sum: make(), squares: make(), count: make() },
    ...{ accepted: make(), moves: make(), divergences: make(), transitions: make() },
  };
}

/** Takes log weights at β_t; those that are not finite count as no weight. */
export function traceWeights(trace: TemperatureTrace, t: number, logWeights: Float64Array, first = 0): void {
  let top = trace.top[t] as number;
  for (let row = first; row < logWeights.length; row += 1) {
    const value = logWeights[row] as number;
    if (value > top && value < Infinity) top = value;
  }
  if (!Number.isFinite(top)) {
    trace.count[t] = (trace.count[t] as number) + logWeights.length - first;
    return;
  }
  const scale = Math.exp((trace.top[t] as number) - top);
  let [sum, squares] = [(trace.sum[t] as number) * scale, (trace.squares[t] as number) * scale * scale];
  for (let row = first; row < logWeights.length; row += 1) {
    const weight = Math.exp((logWeights[row] as number) - top);
    if (!Number.isFinite(weight)) continue;
    sum += weight;
    squares += weight * weight;
  }
  trace.top[t] = top;
  trace.sum[t] = sum;
  trace.squares[t] = squares;
  trace.count[t] = (trace.count[t] as number) + logWeights.length - first;
}

export function traceMove(
  trace: TemperatureTrace,
  t: number,
  { accepted, divergences }: { readonly accepted: number; readonly divergences: number },
  rows: number,
): void {
  trace.accepted[t] = (trace.accepted[t] as number) + accepted;
  trace.moves[t] = (trace.moves[t] as number) + 1;
  trace.divergences[t] = (trace.divergences[t] as number) + divergences;
  trace.transitions[t] = (trace.transitions[t] as number) + rows;
}

/** log Z_β by the mean weight at β_t, nats; NaN where nothing was seen. */
export function logMeanWeight({ top, sum, count }: TemperatureTrace, t: number): number {
  return (top[t] as number) + Math.log((sum[t] as number) / (count[t] as number));
}

/** Effective sample size at β_t as a share of the chains. */
export function effectiveShare({ sum, squares, count }: TemperatureTrace, t: number): number {
  return (sum[t] as number) ** 2 / ((squares[t] as number) * (count[t] as number));
}

/** Share of accepted proposals at β_t; NaN where no transition was made. */
export function acceptanceAt({ accepted, moves }: TemperatureTrace, t: number): number {
  return (accepted[t] as number) / (moves[t] as number);
}

/** Trajectories that diverged, of all. */
export function divergentShare({ divergences, transitions }: TemperatureTrace): number {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return sum(divergences) / Math.max(1, sum(transitions));
}

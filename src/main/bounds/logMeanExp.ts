/** A running sum as plain numbers, for snapshots. */
export type LogSumExpState = readonly [maximum: number, sum: number, squares: number, count: number];

/** log Σ exp of a stream of numbers, without storing it: a running maximum and a sum scaled by it. */
export class LogSumExp {
  private maximum = Number.NEGATIVE_INFINITY;
  private sum = 0;
  private squares = 0;
  count = 0;

  /** @param value −∞ is a weight of zero; NaN and +∞ make the total NaN, so that nothing hides them */
  add(value: number): void {
    this.count += 1;
    if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) {
      this.maximum = Number.NaN;
      return;
    }
    if (value === Number.NEGATIVE_INFINITY || Number.isNaN(this.maximum)) return;
    if (value > this.maximum) {
      const scale = Math.exp(this.maximum - value);
      this.sum = this.sum * scale + 1;
      this.squares = this.squares * scale * scale + 1;
      this.maximum = value;
    } else {
      const term = Math.exp(value - this.maximum);
      this.sum += term;
      this.squares += term * term;
    }
  }

  state(): LogSumExpState {
    return [this.maximum, this.sum, this.squares, this.count];
  }

  restore([maximum, sum, squares, count]: LogSumExpState): void {
    this.maximum = maximum;
    this.sum = sum;
    this.squares = squares;
    this.count = count;
  }

  /** log Σ exp; −∞ for no or only zero weights. */
  total(): number {
    if (Number.isNaN(this.maximum)) return Number.NaN;
    return this.maximum === Number.NEGATIVE_INFINITY ? this.maximum : this.maximum + Math.log(this.sum);
  }

  /** log of the mean of exp. */
  mean(): number {
    return this.total() - Math.log(this.count);
  }

  /** Effective sample size (Σ w)² / Σ w². */
  effectiveSampleSize(): number {
    return this.squares === 0 ? 0 : (this.sum * this.sum) / this.squares;
  }
}

export function logSumExp(values: Iterable<number>): number {
  const total = new LogSumExp();
  for (const value of values) total.add(value);
  return total.total();
}

export function logAddExp(a: number, b: number): number {
  return logSumExp([a, b]);
}

/** log (1/K) Σ exp(values) */
export function logMeanExp(values: Iterable<number>): number {
  const total = new LogSumExp();
  for (const value of values) total.add(value);
  return total.mean();
}

/** (Σ w)² / Σ w² of log weights: how many equal weights would do as well. */
export function effectiveSampleSize(logWeights: Iterable<number>): number {
  const total = new LogSumExp();
  for (const value of logWeights) total.add(value);
  return total.effectiveSampleSize();
}

/** log Σ_{j ≠ k} exp(values_j) for each k, from running sums of both sides: a difference of sums would cancel. */
export function leaveOneOut(values: readonly number[]): number[] {
  const after: number[] = new Array<number>(values.length).fill(Number.NEGATIVE_INFINITY);
  const behind = new LogSumExp();
  for (let index = values.length - 1; index > 0; index -= 1) {
    behind.add(values[index] ?? Number.NaN);
    after[index - 1] = behind.total();
  }
  const ahead = new LogSumExp();
  return values.map((value, index) => {
    const others = logAddExp(ahead.total(), after[index] ?? Number.NaN);
    ahead.add(value);
    return others;
  });
}

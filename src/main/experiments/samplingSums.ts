import { LogSumExp, type LogSumExpState } from '../bounds/logMeanExp';
import type { Batch } from './batches';

/** Running sums over samples of one datum: of log weights, or of a critic's values. */
export interface Sum {
  readonly logSumExp: LogSumExp;
  /** Arithmetic mean. */
  readonly mean: number;
}

/** Sums as plain values: of weights, then of each critic, datum by datum. */
export type SumsState = readonly (readonly (readonly [LogSumExpState, number])[])[];

class RunningSum implements Sum {
  readonly logSumExp = new LogSumExp();
  total = 0;

  add(value: number): void {
    this.logSumExp.add(value);
    this.total += value;
  }

  get mean(): number {
    return this.total / this.logSumExp.count;
  }
}

/** Of every datum: of its log weights, and of the values of each critic. */
export class Sums {
  readonly weights: RunningSum[];
  readonly critics: RunningSum[][];

  constructor(data: number, critics: number) {
    const each = (): RunningSum[] => Array.from({ length: data }, () => new RunningSum());
    this.weights = each();
    this.critics = Array.from({ length: critics }, each);
  }

  add(batch: Batch, out: Record<string, Float32Array>): void {
    const into = (sums: readonly RunningSum[], values: Float32Array | undefined): void =>
      values?.forEach((value, row) => sums[batch.firstDatum + (row % batch.data)]?.add(value));
    into(this.weights, out['logWeight']);
    this.critics.forEach((sums, index) => into(sums, out[`critic${index}`]));
  }

  state(): SumsState {
    return [this.weights, ...this.critics].map((sums) =>
      sums.map((sum) => [sum.logSumExp.state(), sum.total] as const),
    );
  }

  restore(state: SumsState): void {
    [this.weights, ...this.critics].forEach((sums, index) =>
      sums.forEach((sum, datum) => {
        const saved = state[index]?.[datum];
        if (saved === undefined) return;
        sum.logSumExp.restore(saved[0]);
        sum.total = saved[1];
      }),
    );
  }
}

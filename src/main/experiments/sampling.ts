import { fillNormals, type Stream } from '../tensor/random/streams';
import { batchesOf, rowsOf } from './batches';
import type { EvaluationData } from './data';
import type { Journal } from './journal';
import type { Meter } from './meter';
import { Rows, type ExactValues, type RowsOptions } from './samplingRows';
import { Sums, type Sum, type SumsState } from './samplingSums';
import type { RunEvent } from './types';

export interface SamplingOptions extends RowsOptions {
  /** The K at which log weights are read; none when nobody looks at them. */
  readonly weightCounts: readonly number[];
  /** The K at which critics are read. */
  readonly criticCounts: readonly number[];
  readonly seed: number;
  readonly meter: Meter;
  readonly journal: Journal;
}

/** Sums over the first K samples of each datum. */
export interface SumsAt {
  readonly count: number;
  /** Since sampling began, pauses left out. */
  readonly seconds: number;
  /** Of log weights, for each datum; empty where nobody looks at them at this count. */
  readonly weights: readonly Sum[];
  /** Of each critic, for each datum. */
  readonly critics: readonly (readonly Sum[])[];
}

export interface Samples {
  /** Absent for data without an exact posterior sample. */
  readonly exact?: ExactValues;
  /** K fresh samples, by K. */
  readonly fresh: ReadonlyMap<number, SumsAt>;
  /** K − 1 others, to stand beside the exact one, by K. Empty for data without one. */
  readonly others: ReadonlyMap<number, SumsAt>;
}

/** How much work `sample` will do, in the meter's units. */
export function samplingUnits(
  counts: readonly number[],
  data: Pick<EvaluationData, 'count' | 'exact'>,
  perRow = 1,
): number {
  const most = Math.max(0, ...counts);
  return perRow * data.count * (most + (data.exact === undefined ? 0 : Math.max(0, most - 1)));
}

/**
 * Draws samples from a base and streams them through log weights and critics, reading the sums at several K on the way. Nothing
 * grows with K.
 */
export async function* sample(options: SamplingOptions, seconds: () => number): AsyncGenerator<RunEvent, Samples> {
  const rows = new Rows(options);
  try {
    const exact = options.data.exact === undefined ? undefined : await rows.exact(options.data.exact);
    const fresh = yield* pass(options, rows, 'iwaeLower', 0, seconds);
    const others =
      exact === undefined ? new Map<number, SumsAt>() : yield* pass(options, rows, 'iwaeUpper', 1, seconds);
    return { ...(exact === undefined ? {} : { exact }), fresh, others };
  } finally {
    await rows.dispose();
  }
}

/** log p(x | z*) of each datum's exact posterior sample, nats. */
export async function exactLogLikelihood(
  options: Omit<RowsOptions, 'critics'> & { readonly exact: Float32Array },
): Promise<number[]> {
  const rows = new Rows({ ...options, critics: [] });
  try {
    const { logWeight, logBase, logPrior } = await rows.exact(options.exact);
    return Array.from(logWeight, (value, datum) => value + (logBase[datum] ?? 0) - (logPrior[datum] ?? 0));
  } finally {
    await rows.dispose();
  }
}

/**
 * log p(x, z) − log q(z | x) of given z, nats.
 * @param z `[count, data, d]`
 * @returns for each datum
 */
export async function logWeightsOf(
  options: Omit<RowsOptions, 'critics'>,
  z: Float32Array,
  count: number,
): Promise<number[][]> {
  const rows = new Rows({ ...options, critics: [] });
  const { data, model } = options;
  const values = Array.from({ length: data.count }, () => new Array<number>(count).fill(Number.NaN));
  try {
    for (const batch of batchesOf(count, data.count, rows.most)) {
      const part = rowsOf(batch, z, data.count, model.decoder.latent);
      const { logWeight } = await rows.evaluate(batch, part, { weights: true, critics: false });
      logWeight?.forEach((value, row) => {
        const column = values[batch.firstDatum + (row % batch.data)];
        if (column !== undefined) column[batch.firstChain + Math.floor(row / batch.data)] = value;
      });
    }
    return values;
  } finally {
    await rows.dispose();
  }
}

/**
 * One stream of samples.
 * @param less how many samples fewer than K are drawn, because the exact one stands in their place
 */
async function* pass(
  options: SamplingOptions,
  rows: Rows,
  stream: Stream,
  less: 0 | 1,
  seconds: () => number,
): AsyncGenerator<RunEvent, Map<number, SumsAt>> {
  const { data, base, at, model, seed, meter, journal, weightCounts, criticCounts } = options;
  const { latent } = model.decoder;
  const counts = [...new Set([...weightCounts, ...criticCounts])].sort((a, b) => a - b);
  const key = `${stream}, ${base.name}, ${counts.join(' ')}`;
  const most = { weights: Math.max(0, ...weightCounts) - less, critics: Math.max(0, ...criticCounts) - less };
  const sums = new Sums(data.count, options.critics.length);
  const saved = journal.finished<Progress>(key) ?? journal.begun<Progress>(key);
  const marks: Mark[] = [...(saved?.marks ?? [])];
  if (saved !== undefined) sums.restore(saved.sums);
  let done = saved?.done ?? 0;
  let index = 0;
  let before = 0;
  const began = seconds() - (saved?.seconds ?? 0);
  for (const count of counts) {
    const until = count - less;
    const wanted = { weights: until <= most.weights, critics: until <= most.critics && options.critics.length > 0 };
    for (const piece of until > before ? batchesOf(until - before, data.count, rows.most) : []) {
      if (index >= done) {
        const batch = { ...piece, firstChain: piece.firstChain + before };
        const z = new Float32Array(batch.chains * batch.data * latent);
        fillNormals(z, { seed, stream, step: 0, width: latent, ...batch });
        at.fromNormals(z, batch);
        sums.add(batch, await rows.evaluate(batch, z, wanted));
        done = index + 1;
        const kept = [...marks];
        journal.follow(key, () => ({ done, sums: sums.state(), marks: kept, seconds: seconds() - began }));
      }
      index += 1;
      yield meter.tick(piece.chains * piece.data);
    }
    before = Math.max(before, until);
    if (!marks.some((mark) => mark.count === count)) {
      marks.push({ count, seconds: seconds() - began, sums: sums.state() });
    }
  }
  journal.finish(key, { done, sums: sums.state(), marks, seconds: seconds() - began } satisfies Progress);
  return new Map(
    marks.map((mark) => {
      const at = new Sums(data.count, options.critics.length);
      at.restore(mark.sums);
      return [mark.count, { count: mark.count, seconds: mark.seconds, weights: at.weights, critics: at.critics }];
    }),
  );
}

/** The sums when the first `count` samples, or one fewer, had been added. */
interface Mark {
  readonly count: number;
  readonly seconds: number;
  readonly sums: SumsState;
}

/** Where a pass stands. */
interface Progress {
  readonly done: number;
  readonly sums: SumsState;
  readonly marks: readonly Mark[];
  readonly seconds: number;
}

import type * as tf from '@tensorflow/tfjs-core';
import { LogSumExp, type LogSumExpState } from '../bounds/logMeanExp';
import { constantsOf, posteriorPath, type Base, type BaseAt, type GenerativeModel } from '../models';
import { fillNormals, type Stream } from '../tensor/random/streams';
import { sizeOf, type Device, type Program } from '../tensor/types';
import type { TrainedCritic } from '../trainers';
import { batchesOf, dataOf, rowsOf, rowsWithinBudget, type Batch } from './batches';
import type { EvaluationData } from './data';
import type { Journal } from './journal';
import type { Meter } from './meter';
import type { RunEvent } from './types';

/** Rows of one call: enough to fill the cores, few enough to stay in the cache. */
const mostRows = 4096;

export interface SamplingOptions {
  readonly device: Device;
  readonly model: GenerativeModel;
  readonly base: Base;
  /** The base at the data. */
  readonly at: BaseAt;
  readonly data: EvaluationData;
  /** Those whose base this is. */
  readonly critics: readonly TrainedCritic[];
  /** The K at which log weights are read; none when nobody looks at them. */
  readonly weightCounts: readonly number[];
  /** The K at which critics are read. */
  readonly criticCounts: readonly number[];
  readonly seed: number;
  readonly meter: Meter;
  readonly journal: Journal;
}

/** Values at the exact posterior sample of each datum, nats. */
export interface ExactValues {
  /** log p(x, z*) − log q(z* | x) */
  readonly logWeight: Float64Array;
  /** log q(z* | x) */
  readonly logBase: Float64Array;
  /** log p(z*) */
  readonly logPrior: Float64Array;
  /** T(x, z*) of each critic. */
  readonly critics: readonly Float64Array[];
}

/** Running sums over samples of one datum: of log weights, or of a critic's values. */
export interface Sum {
  readonly logSumExp: LogSumExp;
  /** Arithmetic mean. */
  readonly mean: number;
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
  options: Pick<SamplingOptions, 'device' | 'model' | 'base' | 'at' | 'data'> & { readonly exact: Float32Array },
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
  options: Pick<SamplingOptions, 'device' | 'model' | 'base' | 'at' | 'data'>,
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

/** Evaluates rows of z; programs are compiled for each shape of batch. */
class Rows {
  private readonly options: Pick<SamplingOptions, 'device' | 'model' | 'base' | 'at' | 'data' | 'critics'>;
  private readonly programs = new Map<string, Program>();
  readonly most: number;

  constructor(options: Pick<SamplingOptions, 'device' | 'model' | 'base' | 'at' | 'data' | 'critics'>) {
    this.options = options;
    const { latent, layers } = options.model.decoder;
    const networks = options.critics.flatMap(({ critic }) =>
      Object.values(critic.shapes).map((shape) => shape[0] ?? 1),
    );
    const widths = [latent, ...layers.map((layer) => sizeOf(layer.outputShape)), ...networks];
    this.most = Math.min(mostRows, rowsWithinBudget(widths));
  }

  /** @param z `[chains, data, d]` of the batch */
  async evaluate(batch: Batch, z: Float32Array, wanted: Wanted): Promise<Record<string, Float32Array>> {
    const { at, data, model } = this.options;
    const program = await this.compiled(batch, wanted);
    const x = dataOf(batch, data.x, model.decoder.outputs);
    return (await program.run({ z, x, ...at.feeds(batch) })) as Record<string, Float32Array>;
  }

  async exact(exact: Float32Array): Promise<ExactValues> {
    const { data, model, critics } = this.options;
    const values = (): Float64Array => new Float64Array(data.count);
    const result = { logWeight: values(), logBase: values(), logPrior: values(), critics: critics.map(values) };
    for (const batch of batchesOf(1, data.count, this.most)) {
      const z = rowsOf(batch, exact, data.count, model.decoder.latent);
      const out = await this.evaluate(batch, z, { weights: true, critics: true, densities: true });
      for (const name of ['logWeight', 'logBase', 'logPrior'] as const) {
        result[name].set(out[name] ?? [], batch.firstDatum);
      }
      critics.forEach((_, index) => result.critics[index]?.set(out[`critic${index}`] ?? [], batch.firstDatum));
    }
    return result;
  }

  async dispose(): Promise<void> {
    for (const program of this.programs.values()) await program.dispose();
  }

  private async compiled(batch: Batch, wanted: Wanted): Promise<Program> {
    const { device, model, base, critics } = this.options;
    const key = `${batch.chains}|${batch.data}|${JSON.stringify(wanted)}`;
    const known = this.programs.get(key);
    if (known !== undefined) return known;
    const { latent, outputs, constants } = model.decoder;
    const needsModel = wanted.weights;
    const program = await device.compile(
      (t) => {
        const z = t['z'] as tf.Tensor2D;
        const x = t['x'] as tf.Tensor2D;
        const logBase = base.logDensity(t);
        const path = posteriorPath(model, { isPrior: base.isPrior, logDensity: logBase }, t);
        return {
          ...(needsModel ? { logWeight: path.logRatio(z) } : {}),
          ...(wanted.densities === true ? { logBase: logBase(z), logPrior: model.prior.logDensity(z) } : {}),
          ...Object.fromEntries(
            (wanted.critics ? critics : []).map(({ critic }, index) => {
              const names = Object.keys(critic.shapes);
              const own = Object.fromEntries(names.map((name) => [name, t[`${index}.${name}`] as tf.Tensor]));
              return [`critic${index}`, critic.apply(own, x, z)];
            }),
          ),
        };
      },
      {
        inputs: {
          z: { shape: [batch.chains * batch.data, latent] },
          x: { shape: [batch.data, outputs] },
          ...base.inputs(batch.data),
        },
        constants: Object.fromEntries([
          ...(needsModel ? Object.entries(constants) : []),
          ...(wanted.critics ? critics : []).flatMap(({ critic, parameters }, index) =>
            Object.entries(constantsOf(parameters, critic.shapes, `${index}.`)),
          ),
        ]),
      },
    );
    this.programs.set(key, program);
    return program;
  }
}

interface Wanted {
  readonly weights: boolean;
  readonly critics: boolean;
  readonly densities?: boolean;
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

/** Sums as plain values: of weights, then of each critic, datum by datum. */
type SumsState = readonly (readonly (readonly [LogSumExpState, number])[])[];

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

class Sums {
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

import type * as tf from '@tensorflow/tfjs-core';
import { importanceWeights, type ImportanceWeights } from '../bounds/iwae';
import type { LogSumExp, LogSumExpState } from '../bounds/logMeanExp';
import { posteriorPath, type DiagonalGaussian, type GenerativeModel } from '../models';
import { fillNormals, type Stream } from '../tensor/random/streams';
import { sizeOf, type Device, type Program } from '../tensor/types';
import { batchesOf, dataOf, rowsOf, rowsWithinBudget, type Batch } from './batches';
import type { EvaluationData } from './data';
import type { Journal } from './journal';
import type { Meter } from './meter';
import type { RunEvent } from './types';

/** Rows of one call: enough to fill the cores, few enough to stay in the cache. */
const mostRows = 4096;

export interface ImportanceOptions {
  readonly device: Device;
  readonly model: GenerativeModel;
  readonly proposal: DiagonalGaussian;
  readonly data: EvaluationData;
  /** K */
  readonly samples: number;
  readonly seed: number;
  readonly meter: Meter;
  readonly journal: Journal;
}

/** How much work `importance` will do, in the meter's units. */
export function importanceUnits(samples: number, data: EvaluationData): number {
  return data.count * (samples + (data.exact === undefined ? 0 : samples - 1));
}

/** log p(x, z) − log q(z) of rows of z, compiled for each shape of batch it meets. */
class LogWeights {
  private readonly options: Pick<ImportanceOptions, 'device' | 'model' | 'proposal' | 'data'>;
  private readonly programs = new Map<string, Program>();
  readonly rows: number;

  constructor(options: Pick<ImportanceOptions, 'device' | 'model' | 'proposal' | 'data'>) {
    this.options = options;
    const { latent, layers } = options.model.decoder;
    this.rows = Math.min(mostRows, rowsWithinBudget([latent, ...layers.map((layer) => sizeOf(layer.outputShape))]));
  }

  /** @param z `[chains, data, d]` of the batch */
  async evaluate(batch: Batch, z: Float32Array): Promise<Float32Array> {
    const { device, model, proposal, data } = this.options;
    const { latent, outputs, constants } = model.decoder;
    const key = `${batch.chains}|${batch.data}`;
    let program = this.programs.get(key);
    if (program === undefined) {
      program = await device.compile(
        (t) => ({ logWeight: posteriorPath(model, proposal, t).logRatio(t['z'] as tf.Tensor2D) }),
        {
          inputs: { z: { shape: [batch.chains * batch.data, latent] }, x: { shape: [batch.data, outputs] } },
          constants,
        },
      );
      this.programs.set(key, program);
    }
    const { logWeight } = await program.run({ z, x: dataOf(batch, data.x, outputs) });
    return logWeight as Float32Array;
  }

  /** The log weight of each datum's exact posterior sample. */
  async exact(exact: Float32Array): Promise<Float64Array> {
    const { data, model } = this.options;
    const weights = new Float64Array(data.count);
    for (const batch of batchesOf(1, data.count, this.rows)) {
      weights.set(await this.evaluate(batch, rowsOf(batch, exact, data.count, model.decoder.latent)), batch.firstDatum);
    }
    return weights;
  }

  async dispose(): Promise<void> {
    for (const program of this.programs.values()) await program.dispose();
  }
}

/** log p(x | z*) of each datum's exact posterior sample, nats: the log weight under the prior. */
export async function exactLogLikelihood(
  options: Pick<ImportanceOptions, 'device' | 'model' | 'data'> & { readonly exact: Float32Array },
): Promise<number[]> {
  const weights = new LogWeights({ ...options, proposal: options.model.prior });
  try {
    return [...(await weights.exact(options.exact))];
  } finally {
    await weights.dispose();
  }
}

interface Side {
  readonly stream: Stream;
  /** Samples to draw for each datum. */
  readonly count: number;
  readonly totals: readonly LogSumExp[];
}

/** Streams K samples a datum from the proposal through their log weights. Memory does not grow with K. */
export async function* importance(options: ImportanceOptions): AsyncGenerator<RunEvent, ImportanceWeights[]> {
  const { model, proposal, data, samples, seed, meter, journal } = options;
  const { latent } = model.decoder;
  const logWeights = new LogWeights(options);
  try {
    const exact = data.exact === undefined ? undefined : await logWeights.exact(data.exact);
    const weights = Array.from({ length: data.count }, (_, datum) => importanceWeights(exact?.[datum]));
    const upper = weights.flatMap((weight) => weight.upper ?? []);
    const sides: Side[] = [
      { stream: 'iwaeLower', count: samples, totals: weights.map((weight) => weight.lower) },
      { stream: 'iwaeUpper', count: exact === undefined ? 0 : samples - 1, totals: upper },
    ];
    for (const { stream, count, totals } of sides) {
      const key = `${stream}, ${proposal.isPrior ? 'prior' : 'proposal'}, ${count}`;
      const batches = count === 0 ? [] : batchesOf(count, data.count, logWeights.rows);
      let done = restore(totals, journal.finished<Progress>(key) ?? journal.begun<Progress>(key));
      for (const [index, batch] of batches.entries()) {
        if (index >= done) {
          const z = new Float32Array(batch.chains * batch.data * latent);
          fillNormals(z, { seed, stream, step: 0, width: latent, ...batch });
          proposal.fromNormals(z);
          const values = await logWeights.evaluate(batch, z);
          values.forEach((value, row) => totals[batch.firstDatum + (row % batch.data)]?.add(value));
          done = index + 1;
          journal.follow(key, () => progress(totals, done));
        }
        yield meter.tick(batch.chains * batch.data);
      }
      journal.finish(key, progress(totals, done));
    }
    return weights;
  } finally {
    await logWeights.dispose();
  }
}

/** Where a pass stands: batches done and the running sums. */
interface Progress {
  readonly done: number;
  readonly sums: readonly LogSumExpState[];
}

function progress(totals: readonly LogSumExp[], done: number): Progress {
  return { done, sums: totals.map((total) => total.state()) };
}

/** Puts the sums back and returns how many batches they hold. */
function restore(totals: readonly LogSumExp[], saved: Progress | undefined): number {
  totals.forEach((total, datum) => {
    const sum = saved?.sums[datum];
    if (sum !== undefined) total.restore(sum);
  });
  return saved?.done ?? 0;
}

import type * as tf from '@tensorflow/tfjs-core';
import { constantsOf, posteriorPath, type Base, type BaseAt, type GenerativeModel } from '../models';
import { sizeOf, type Device, type Program } from '../tensor/types';
import type { TrainedCritic } from '../trainers';
import { batchesOf, dataOf, rowsOf, rowsWithinBudget, type Batch } from './batches';
import type { EvaluationData } from './data';

/** Rows of one call: enough to fill the cores, few enough to stay in the cache. */
const mostRows = 4096;

/** What values of rows depend on. */
export interface RowsOptions {
  readonly device: Device;
  readonly model: GenerativeModel;
  readonly base: Base;
  /** The base at the data. */
  readonly at: BaseAt;
  readonly data: EvaluationData;
  /** Those whose base this is. */
  readonly critics: readonly TrainedCritic[];
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

/** What of each row. */
interface Wanted {
  readonly weights: boolean;
  readonly critics: boolean;
  readonly densities?: boolean;
}

/** Evaluates rows of z; programs are compiled for each shape of batch. */
export class Rows {
  private readonly options: RowsOptions;
  private readonly programs = new Map<string, Program>();
  readonly most: number;

  constructor(options: RowsOptions) {
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

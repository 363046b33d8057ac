import type { Device, Feeds, Precision } from '../../tensor/types';
import { flowNoise } from '../dais/noise';
import { ScoreChunk } from '../mcd/scoreChunk';
import { AnnealedPath } from '../paths/path';
import type { Coefficients, Floats, Start } from '../paths/types';
import { scorePrefix, type ChainSettings } from './chainSettings';
import { DecoderFields } from './decoderFields';
import { EncoderPrograms } from './encoderPrograms';
import type { Vae } from './networks';
import type { Draws } from './objective';

/** Chains from q(z | x) of B data to their posteriors. */
export interface ChainProblem {
  readonly device: Device;
  readonly vae: Vae;
  readonly settings: ChainSettings;
  readonly precision: Precision;
  /** B */
  readonly data: number;
}

export interface ChainOptions extends ChainProblem {
  readonly gradients: boolean;
}

/** Paths from q(z | x) to the posterior of each of B data, N to a datum: rows n · B + i. */
export class ChainPaths {
  readonly path: AnnealedPath;
  readonly fields: DecoderFields;
  readonly encoder: EncoderPrograms;
  /** Log-mean-exp of the N weights of each datum, `[B]`, nats; NaN where a chain has left the numbers. */
  readonly bounds: Float64Array;
  private readonly options: ChainOptions;
  /** ŝ without gradients: where weights are needed before anything is differentiated. */
  private readonly forward: ScoreChunk | undefined;

  private constructor(
    options: ChainOptions,
    fields: DecoderFields,
    encoder: EncoderPrograms,
    forward: ScoreChunk | undefined,
  ) {
    const { settings, gradients, data } = options;
    const keep = settings.network !== undefined;
    this.options = options;
    this.fields = fields;
    this.encoder = encoder;
    this.forward = forward;
    this.path = AnnealedPath.open(fields, { ...settings.path, gradients, keep });
    this.bounds = new Float64Array(data);
  }

  static async open(options: ChainOptions): Promise<ChainPaths> {
    const { device, vae, settings, precision, data, gradients } = options;
    const { network, particles, summary } = settings;
    const fields = await DecoderFields.open({ device, vae, precision, particles, data, gradients });
    const encoder = await EncoderPrograms.open({ device, vae, precision, data, summary, gradients });
    const rows = particles * data;
    // A pass backward finds ŝ anyway, and with one particle nothing is asked before it.
    const early = network !== undefined && (!gradients || particles > 1);
    const forward = early ? await ScoreChunk.open({ device, network, rows, precision, gradients: 'none' }) : undefined;
    return new ChainPaths(options, fields, encoder, forward);
  }

  /** Draws all rows. Where ŝ is found in the pass backward, log weights are without it until then. */
  async run(parameters: Feeds, x: Floats, { seed, step, firstDatum }: Draws): Promise<Coefficients> {
    const { settings, data, vae } = this.options;
    const { path, fields, encoder } = this;
    await encoder.run(parameters, x);
    fields.begin(parameters, x);
    const coefficients = settings.coefficients(parameters);
    const block = { firstChain: 0, chains: settings.particles, firstDatum, data };
    const noise = flowNoise(seed, vae.latent, path.steps + 1)(step, block);
    await path.run(this.start(), coefficients, {
      position: noise.position,
      momentum: noise.momentum,
      transition: noise.refreshment,
    });
    if (this.forward !== undefined) await this.score(this.forward, parameters);
    return coefficients;
  }

  /** Fills `bounds` from the log weights. */
  weigh(): void {
    const { bounds, path } = this;
    const { data, settings } = this.options;
    const { particles } = settings;
    for (let datum = 0; datum < data; datum += 1) {
      let most = -Infinity;
      for (let n = 0; n < particles; n += 1) most = Math.max(most, path.logWeights[n * data + datum] as number);
      let sum = 0;
      for (let n = 0; n < particles; n += 1) sum += Math.exp((path.logWeights[n * data + datum] as number) - most);
      bounds[datum] = most + Math.log(sum / particles);
    }
  }

  /** What the network is told of each row, `[R, c]`. */
  told(): Floats {
    const { particles } = this.options.settings;
    const { summary } = this.encoder;
    const out = this.fields.make(particles * summary.length);
    for (let n = 0; n < particles; n += 1) out.set(summary, n * summary.length);
    return out;
  }

  async dispose(): Promise<void> {
    await this.path.dispose();
    await this.encoder.dispose();
    await this.forward?.dispose();
  }

  /** π₀ of each row. */
  private start(): Start {
    const { particles } = this.options.settings;
    const { mean, logVariance } = this.encoder;
    const tiled = (values: Floats): Float64Array => {
      const out = new Float64Array(particles * values.length);
      for (let n = 0; n < particles; n += 1) out.set(values, n * values.length);
      return out;
    };
    return { mean: tiled(mean), logVariance: tiled(logVariance) };
  }

  private async score(chunk: ScoreChunk, parameters: Feeds): Promise<void> {
    const { path } = this;
    const own = scoreFeeds(this.options.settings, parameters);
    chunk.tell(this.told());
    for (let first = 1; first <= path.steps; first += chunk.transitions) {
      const count = Math.min(chunk.transitions, path.steps - first + 1);
      for (let slot = 0; slot < count; slot += 1) chunk.put(slot, first + slot, path);
      await chunk.run(own);
      for (let slot = 0; slot < count; slot += 1) path.correct(first + slot, chunk.score(slot));
    }
  }
}

/** The score network's parameters by its own names. */
export function scoreFeeds({ network }: ChainSettings, parameters: Feeds): Record<string, Floats> {
  return Object.fromEntries(
    Object.keys(network?.shapes ?? {}).map((name) => [
      `parameters/${name}`,
      parameters[`parameters/${scorePrefix}${name}`] as Floats,
    ]),
  );
}

import type { Feeds, Outputs, TensorSpec } from '../../tensor/types';
import { ScoreChunk } from '../mcd/scoreChunk';
import type { BackwardScore, Floats } from '../paths/types';
import type { TrainingStep } from '../train';
import { ChainPaths, scoreFeeds, type ChainOptions } from './chainPaths';
import { scorePrefix } from './chainSettings';

const scalar: Required<TensorSpec> = { shape: [], dtype: 'float32' };

/**
 * −E[log (1/N) Σ_n w_n] of a minibatch and its gradient, through the decoder by the paths' own pass backward, through the start by that of the
 * encoder, and through the score network by its chunks. It reads `x [B, D]` and `iteration`, and as `compileStep` would, parameters.
 * Where a chain leaves the numbers, the loss is NaN and the gradients are as they were.
 */
export class ChainStep implements TrainingStep {
  readonly outputs: Readonly<Record<string, Required<TensorSpec>>>;
  private readonly paths: ChainPaths;
  private readonly chunk: ScoreChunk | undefined;
  private readonly options: ChainOptions;
  private readonly quantity: string;
  private readonly seed: number;
  /** By the names of the score network's own outputs. */
  private readonly sums: Readonly<Record<string, Floats>>;

  private constructor(
    paths: ChainPaths,
    chunk: ScoreChunk | undefined,
    options: ChainOptions,
    quantity: string,
    seed: number,
  ) {
    const { settings, data } = options;
    this.paths = paths;
    this.chunk = chunk;
    this.options = options;
    this.quantity = quantity;
    this.seed = seed;
    this.outputs = { loss: scalar, [`report/${quantity}`]: scalar };
    const make = paths.fields.make;
    const { network, particles, summary } = settings;
    this.sums = Object.fromEntries([
      ...Object.entries(network?.shapes ?? {}).map(
        ([name, shape]) => [`gradients/${name}`, make(shape.reduce((a, b) => a * b, 1))] as const,
      ),
      ...(network === undefined ? [] : [['conditioningBar', make(particles * data * summary)] as const]),
    ]);
  }

  /** @param seed of the noise */
  static async open(options: ChainOptions, quantity: string, seed: number): Promise<ChainStep> {
    const { device, precision, data, settings } = options;
    const { network, particles } = settings;
    const paths = await ChainPaths.open({ ...options, gradients: true });
    const rows = particles * data;
    const chunk = network && (await ScoreChunk.open({ device, network, rows, precision, gradients: 'inputs' }));
    return new ChainStep(paths, chunk, options, quantity, seed);
  }

  async run(feeds: Feeds, into: Outputs = {}): Promise<Outputs> {
    const { paths } = this;
    const { path, bounds } = paths;
    const { settings, data } = this.options;
    const x = feeds['x'] as Floats;
    await paths.run(feeds, x, { seed: this.seed, step: feeds['iteration']?.[0] ?? 0, firstDatum: 0 });
    if (path.broken.some((k) => k >= 0)) return this.write(into, Number.NaN);
    const cotangent = this.cotangent();
    const score = this.chunk && this.backward(this.chunk, feeds, cotangent);
    const gradient = await path.gradient(cotangent, score);
    paths.weigh();
    const gradients = into as Record<string, Floats>;
    for (const [name, sum] of Object.entries(paths.fields.sums)) gradients[name]?.set(sum);
    for (const name of Object.keys(settings.network?.shapes ?? {})) {
      gradients[`gradients/${scorePrefix}${name}`]?.set(this.sums[`gradients/${name}`] as Floats);
    }
    settings.writeGradient(feeds, gradient, gradients);
    const bars = {
      mean: this.overParticles(gradient.start.mean),
      logVariance: this.overParticles(gradient.start.logVariance),
      summary: this.overParticles(this.sums['conditioningBar'] ?? new Float64Array(0)),
    };
    await paths.encoder.gradient(feeds, x, bars, gradients);
    return this.write(into, bounds.reduce((total, value) => total + value, 0) / data);
  }

  async dispose(): Promise<void> {
    await this.paths.dispose();
    await this.chunk?.dispose();
  }

  /** Of log w: with several particles a datum, each by its share of the weight. */
  private cotangent(): Float64Array {
    const { path, bounds } = this.paths;
    const { data, settings } = this.options;
    const { particles } = settings;
    if (particles === 1) return new Float64Array(data).fill(-1 / data);
    this.paths.weigh();
    return path.logWeights.map(
      (logWeight, row) => -Math.exp(logWeight - (bounds[row % data] as number)) / (particles * data),
    );
  }

  /** Works through chunks of transitions as the pass backward over the path comes to them. */
  private backward(chunk: ScoreChunk, feeds: Feeds, cotangent: Float64Array): BackwardScore {
    const { path } = this.paths;
    const { settings } = this.options;
    const own = scoreFeeds(settings, feeds);
    const { transitions } = chunk;
    for (const sum of Object.values(this.sums)) sum.fill(0);
    chunk.tell(this.paths.told());
    return async (k) => {
      const slot = (path.steps - k) % transitions;
      if (slot === 0) {
        const count = Math.min(transitions, k);
        for (let i = 0; i < count; i += 1) chunk.put(i, k - i, path);
        await chunk.run(own, { cotangent, sums: this.sums });
        // Weights of several particles have had their corrections already.
        if (settings.particles === 1) for (let i = 0; i < count; i += 1) path.correct(k - i, chunk.score(i));
      }
      return {
        score: chunk.score(slot),
        position: chunk.positionBar(slot),
        ...(settings.path.dynamics === 'underdamped' ? { momentum: chunk.momentumBar(slot) } : {}),
      };
    };
  }

  /** Sums over the particles of each datum: `[N · B, ·]` to `[B, ·]`. */
  private overParticles(values: Floats): Floats {
    const { particles } = this.options.settings;
    const size = values.length / particles;
    const out = this.paths.fields.make(size);
    for (let at = 0; at < values.length; at += 1) out[at % size] = (out[at % size] as number) + (values[at] as number);
    return out;
  }

  private write(into: Outputs, bound: number): Outputs {
    into['loss']?.fill(-bound);
    into[`report/${this.quantity}`]?.fill(bound);
    return into;
  }
}

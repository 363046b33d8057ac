import type { Feeds, Outputs } from '../../tensor/types';
import { ScoreChunk } from '../mcd/scoreChunk';
import type { BackwardScore, Floats } from '../paths/types';
import { ChainPaths, scoreFeeds, type ChainProblem } from './chainPaths';
import type { ChainGradient, ChainPass } from './chainPass';
import { scorePrefix } from './chainSettings';
import type { EncoderPrograms } from './encoderPrograms';

/**
 * Transition by transition: forward keeping the states alone, backward through the decoder by the paths' own pass and through the score
 * network by its chunks. Memory hardly grows with K, and what was computed on the way is computed again.
 */
export class SteppedPass implements ChainPass {
  private readonly paths: ChainPaths;
  private readonly chunk: ScoreChunk | undefined;
  private readonly options: ChainProblem;
  private readonly seed: number;
  /** By the names of the score network's own outputs. */
  private readonly sums: Readonly<Record<string, Floats>>;

  private constructor(paths: ChainPaths, chunk: ScoreChunk | undefined, options: ChainProblem, seed: number) {
    const { settings, data } = options;
    this.paths = paths;
    this.chunk = chunk;
    this.options = options;
    this.seed = seed;
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
  static async open(options: ChainProblem, seed: number): Promise<SteppedPass> {
    const { device, precision, data, settings } = options;
    const { network, particles } = settings;
    const paths = await ChainPaths.open({ ...options, gradients: true });
    const rows = particles * data;
    const chunk = network && (await ScoreChunk.open({ device, network, rows, precision, gradients: 'inputs' }));
    return new SteppedPass(paths, chunk, options, seed);
  }

  get encoder(): EncoderPrograms {
    return this.paths.encoder;
  }

  async run(parameters: Feeds, x: Floats, step: number, into: Outputs): Promise<ChainGradient | undefined> {
    const { paths } = this;
    const { path, bounds } = paths;
    const { settings, data } = this.options;
    await paths.run(parameters, x, { seed: this.seed, step, firstDatum: 0 });
    if (path.broken.some((k) => k >= 0)) return undefined;
    const cotangent = this.cotangent();
    const score = this.chunk && this.backward(this.chunk, parameters, cotangent);
    const gradient = await path.gradient(cotangent, score);
    paths.weigh();
    for (const [name, sum] of Object.entries(paths.fields.sums)) into[name]?.set(sum);
    for (const name of Object.keys(settings.network?.shapes ?? {})) {
      into[`gradients/${scorePrefix}${name}`]?.set(this.sums[`gradients/${name}`] as Floats);
    }
    return {
      bound: bounds.reduce((total, value) => total + value, 0) / data,
      path: {
        ...gradient,
        start: {
          mean: this.overParticles(gradient.start.mean),
          logVariance: this.overParticles(gradient.start.logVariance),
        },
      },
      summary: this.overParticles(this.sums['conditioningBar'] ?? new Float64Array(0)),
    };
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
  private backward(chunk: ScoreChunk, parameters: Feeds, cotangent: Float64Array): BackwardScore {
    const { path } = this.paths;
    const { settings } = this.options;
    const own = scoreFeeds(settings, parameters);
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
  private overParticles(values: Floats): Float64Array {
    const { particles } = this.options.settings;
    const size = values.length / particles;
    const out = new Float64Array(size);
    for (let at = 0; at < values.length; at += 1) out[at % size] = (out[at % size] as number) + (values[at] as number);
    return out;
  }
}

import type { MethodContext } from '../methodTypes';
import { openFixedFields } from '../paths/fixedFields';
import { AnnealedPath } from '../paths/path';
import { firstBroken } from './broken';
import { drawnTransitions, pathNoise } from './noise';
import type { BoundAndGradient, NetworkMemory, Objective } from './objectiveTypes';
import { coefficientsOf, startOf, type SamplerParameters } from './parameters';
import { ScoreChunk } from './scoreChunk';
import { forwardEvaluations, type PathSettings } from './settings';

/**
 * The network alone is trained, on some of the transitions of paths that stay as they are (Doucet et al. 2022, section 2: the bound is a
 * sum over transitions). Memory does not grow with K.
 */
export class ScoreObjective implements Objective {
  readonly gradientEvaluations: number;
  private readonly path: AnnealedPath;
  private readonly chunk: ScoreChunk;
  private readonly settings: PathSettings;
  /** How many transitions an update looks at. */
  private readonly transitions: number;
  private readonly seed: number;
  private readonly noise: ReturnType<typeof pathNoise>;

  private constructor(
    path: AnnealedPath,
    chunk: ScoreChunk,
    settings: PathSettings,
    transitions: number,
    seed: number,
  ) {
    this.path = path;
    this.chunk = chunk;
    this.settings = settings;
    this.transitions = transitions;
    this.seed = seed;
    this.noise = pathNoise(seed, path.dim, path.steps);
    this.gradientEvaluations = path.rows * forwardEvaluations(settings.path);
  }

  static async open(
    settings: PathSettings,
    rows: number,
    context: MethodContext,
    seed: number,
  ): Promise<ScoreObjective> {
    const { device, target, precision } = context;
    const { network, scoreOnly, path: options } = settings;
    if (network === undefined || scoreOnly === undefined) throw new Error('The method has no network.');
    const fields = await openFixedFields({ device, target, precision, rows, gradients: false });
    const path = AnnealedPath.open(fields, { ...options, gradients: false });
    const { transitions } = scoreOnly;
    const chunk = await ScoreChunk.open({ device, network, rows, precision, transitions, gradients: 'parameters' });
    return new ScoreObjective(path, chunk, settings, transitions, seed);
  }

  /** The bound is an estimate where not all transitions are looked at. */
  async evaluate(
    sampler: SamplerParameters,
    network: NetworkMemory | undefined,
    iteration: number,
  ): Promise<BoundAndGradient> {
    const { path, chunk, settings, transitions, seed } = this;
    if (network === undefined) throw new Error('The method has no network.');
    const { rows, steps } = path;
    // Those that are looked at stand for all.
    const share = steps / transitions;
    const cotangent = new Float64Array(rows).fill(-share / rows);
    const drawn = drawnTransitions(seed, iteration, steps, transitions);
    const corrections = new Float64Array(rows);
    let filled = 0;
    const flush = async (): Promise<void> => {
      await chunk.run(network.feeds, { cotangent, sums: network.gradients });
      for (let slot = 0; slot < filled; slot += 1) chunk.correct(slot, corrections);
      filled = 0;
    };
    let next = 0;
    const noise = this.noise(iteration, 0, rows);
    await path.run(startOf(sampler), coefficientsOf(sampler, settings.sizes), noise, async (k) => {
      if (k !== drawn[next]) return;
      next += 1;
      chunk.put(filled, k, path);
      filled += 1;
      if (filled === chunk.transitions || next === drawn.length) await flush();
    });
    const broken = firstBroken(path.broken);
    if (broken !== undefined) return { broken };
    const total = path.logWeights.reduce(
      (sum, value, row) => sum + value + share * (corrections[row] ?? Number.NaN),
      0,
    );
    return Number.isFinite(total) ? { bound: total / rows } : { broken: 0 };
  }

  async dispose(): Promise<void> {
    await this.path.dispose();
    await this.chunk.dispose();
  }
}

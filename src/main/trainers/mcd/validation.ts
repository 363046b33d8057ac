import type { Feeds } from '../../tensor/types';
import type { MethodContext } from '../methodTypes';
import { ForwardPaths } from './forwardPaths';
import { pathNoise } from './noise';
import type { SamplerParameters } from './parameters';
import { rowBlocks, type RowBlocks } from './rows';
import { forwardEvaluations, type PathSettings } from './settings';

/** Paths that parameters are compared on, and the bytes that their states may take. */
const count = 512;
const memory = 2 ** 27;

/** The bound on paths of the same noise every time, so that two sets of parameters differ by more than luck. */
export class Validation {
  /** Of one look. */
  readonly gradientEvaluations: number;
  private readonly paths: ForwardPaths;
  private readonly blocks: RowBlocks;
  private readonly noise: ReturnType<typeof pathNoise>;

  private constructor(paths: ForwardPaths, blocks: RowBlocks, perPath: number, seed: number) {
    const { dim, steps } = paths.path;
    this.paths = paths;
    this.blocks = blocks;
    this.noise = pathNoise(seed, dim, steps);
    this.gradientEvaluations = blocks.rows * blocks.firsts.length * perPath;
  }

  /** @param seed unlike that of the training */
  static async open(settings: PathSettings, context: MethodContext, seed: number): Promise<Validation> {
    const { path, network } = settings;
    const blocks = rowBlocks(context, { count, steps: network === undefined ? 0 : path.steps, memory });
    return new Validation(
      await ForwardPaths.open(settings, blocks.rows, context),
      blocks,
      forwardEvaluations(path),
      seed,
    );
  }

  /** Mean log w, −∞ where a path has exploded. */
  async bound(sampler: SamplerParameters, network: Feeds | undefined): Promise<number> {
    const { paths, blocks } = this;
    let [total, done] = [0, 0];
    for (const first of blocks.firsts) {
      await paths.run(sampler, network, this.noise(0, first, blocks.rows));
      paths.path.logWeights.forEach((value, row) => (total += first + row < done ? 0 : value));
      done = first + blocks.rows;
    }
    return Number.isFinite(total) ? total / count : -Infinity;
  }

  dispose(): Promise<void> {
    return this.paths.dispose();
  }
}

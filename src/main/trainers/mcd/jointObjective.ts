import { isFinite } from '../hostAdam';
import type { MethodContext } from '../methodTypes';
import { openFixedFields } from '../paths/fixedFields';
import { AnnealedPath } from '../paths/path';
import type { BackwardScore } from '../paths/types';
import { firstBroken } from './broken';
import { pathNoise } from './noise';
import type { BoundAndGradient, NetworkMemory, Objective } from './objectiveTypes';
import { coefficientsOf, samplerGradient, samplerParameterNames, startOf, type SamplerParameters } from './parameters';
import { rowBlocks, type RowBlocks } from './rows';
import { ScoreChunk } from './scoreChunk';
import { forwardEvaluations, type PathSettings } from './settings';

/** Bytes that the states of paths may take. */
const budget = 2 ** 30;

/** Everything is trained: the gradient goes through the network's inputs and on through the paths. */
export class JointObjective implements Objective {
  readonly gradientEvaluations: number;
  private readonly path: AnnealedPath;
  private readonly chunk: ScoreChunk | undefined;
  private readonly settings: PathSettings;
  private readonly batch: number;
  private readonly blocks: RowBlocks;
  private readonly noise: ReturnType<typeof pathNoise>;

  private constructor(
    path: AnnealedPath,
    chunk: ScoreChunk | undefined,
    settings: PathSettings,
    batch: number,
    blocks: RowBlocks,
    seed: number,
  ) {
    const { steps } = settings.path;
    this.path = path;
    this.chunk = chunk;
    this.settings = settings;
    this.batch = batch;
    this.blocks = blocks;
    this.noise = pathNoise(seed, path.dim, steps);
    // Forces and curvatures at the same points; where those are in the middle, the force at the end besides.
    const points = forwardEvaluations(settings.path);
    this.gradientEvaluations = blocks.rows * blocks.firsts.length * (2 * points + (points === steps ? 1 : 0));
  }

  static async open(
    settings: PathSettings,
    batch: number,
    context: MethodContext,
    seed: number,
    memory = budget,
  ): Promise<JointObjective> {
    const { device, target, precision } = context;
    const { network, path: options } = settings;
    // Position, force and momentum of each transition.
    const blocks = rowBlocks(context, { count: batch, steps: options.steps, memory });
    const { rows } = blocks;
    const fields = await openFixedFields({ device, target, precision, rows, gradients: true });
    const path = AnnealedPath.open(fields, { ...options, gradients: true });
    const chunk =
      network === undefined
        ? undefined
        : await ScoreChunk.open({ device, network, rows, precision, gradients: 'inputs' });
    return new JointObjective(path, chunk, settings, batch, blocks, seed);
  }

  async evaluate(
    sampler: SamplerParameters,
    network: NetworkMemory | undefined,
    iteration: number,
  ): Promise<BoundAndGradient> {
    const { path, settings, batch, blocks } = this;
    const coefficients = coefficientsOf(sampler, settings.sizes);
    const cotangent = new Float64Array(blocks.rows);
    let total = 0;
    let done = 0;
    let gradient: SamplerParameters | undefined;
    for (const first of blocks.firsts) {
      await path.run(startOf(sampler), coefficients, this.noise(iteration, first, blocks.rows));
      const broken = firstBroken(path.broken);
      if (broken !== undefined) return { broken };
      // Rows that an earlier block has had count for nothing.
      cotangent.forEach((_, row) => (cotangent[row] = first + row < done ? 0 : -1 / batch));
      const score = network === undefined ? undefined : this.backward(network, cotangent);
      const part = samplerGradient(sampler, settings.sizes, await path.gradient(cotangent, score));
      gradient = gradient === undefined ? part : sum(gradient, part);
      path.logWeights.forEach((logWeight, row) => (total += first + row < done ? 0 : logWeight));
      done = first + blocks.rows;
    }
    if (gradient === undefined) throw new Error('There is nothing to compute.');
    if (!Number.isFinite(total) || !isFinite(gradient, samplerParameterNames)) return { broken: 0 };
    return { bound: total / batch, gradient };
  }

  async dispose(): Promise<void> {
    await this.path.dispose();
    await this.chunk?.dispose();
  }

  /** Works through chunks of transitions as the pass backward over the path comes to them. */
  private backward({ feeds, gradients }: NetworkMemory, cotangent: Float64Array): BackwardScore {
    const { path, chunk } = this;
    if (chunk === undefined) throw new Error('The method has no network.');
    const { transitions } = chunk;
    return async (k) => {
      const slot = (path.steps - k) % transitions;
      if (slot === 0) {
        const count = Math.min(transitions, k);
        for (let i = 0; i < count; i += 1) chunk.put(i, k - i, path);
        await chunk.run(feeds, { cotangent, sums: gradients });
        for (let i = 0; i < count; i += 1) path.correct(k - i, chunk.score(i));
      }
      return {
        score: chunk.score(slot),
        position: chunk.positionBar(slot),
        ...(this.settings.path.dynamics === 'underdamped' ? { momentum: chunk.momentumBar(slot) } : {}),
      };
    };
  }
}

function sum(a: SamplerParameters, b: SamplerParameters): SamplerParameters {
  const added = samplerParameterNames.map(
    (name) => [name, a[name].map((value, i) => value + (b[name][i] ?? Number.NaN))] as const,
  );
  return Object.fromEntries(added) as unknown as SamplerParameters;
}

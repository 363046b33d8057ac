import type { Feeds } from '../../tensor/types';
import type { MethodContext } from '../methodTypes';
import { openFixedFields } from '../paths/fixedFields';
import { AnnealedPath } from '../paths/path';
import type { PathNoise } from '../paths/types';
import { coefficientsOf, startOf, type SamplerParameters } from './parameters';
import { ScoreChunk } from './scoreChunk';
import type { PathSettings } from './settings';

/** Paths that are drawn and weighed, not differentiated. */
export class ForwardPaths {
  readonly path: AnnealedPath;
  private readonly settings: PathSettings;
  private readonly chunk: ScoreChunk | undefined;

  private constructor(path: AnnealedPath, settings: PathSettings, chunk: ScoreChunk | undefined) {
    this.path = path;
    this.settings = settings;
    this.chunk = chunk;
  }

  static async open(
    settings: PathSettings,
    rows: number,
    { device, target, precision }: MethodContext,
  ): Promise<ForwardPaths> {
    const { network } = settings;
    const fields = await openFixedFields({ device, target, precision, rows, gradients: false });
    const path = AnnealedPath.open(fields, { ...settings.path, gradients: false, keep: network !== undefined });
    const chunk =
      network === undefined
        ? undefined
        : await ScoreChunk.open({ device, network, rows, precision, gradients: 'none' });
    return new ForwardPaths(path, settings, chunk);
  }

  /**
   * Fills `path.logWeights`, the network's corrections included.
   * @param network its parameters, by "parameters/name"
   * @param visit called after each transition, while `path` says where that led
   */
  async run(
    sampler: SamplerParameters,
    network: Feeds | undefined,
    noise: PathNoise,
    visit?: (k: number) => void,
  ): Promise<void> {
    const { path, chunk, settings } = this;
    await path.run(startOf(sampler), coefficientsOf(sampler, settings.sizes), noise, visit);
    if (chunk === undefined || network === undefined) return;
    for (let first = 1; first <= path.steps; first += chunk.transitions) {
      const count = Math.min(chunk.transitions, path.steps - first + 1);
      for (let slot = 0; slot < count; slot += 1) chunk.put(slot, first + slot, path);
      await chunk.run(network);
      for (let slot = 0; slot < count; slot += 1) path.correct(first + slot, chunk.score(slot));
    }
  }

  async dispose(): Promise<void> {
    await this.path.dispose();
    await this.chunk?.dispose();
  }
}

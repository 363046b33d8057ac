import { furthestMode, predictedLags } from '../../../shared/annealingLag';
import type { Series, Stages } from '../../../shared/result';
import { annealingBetas, annealingGammas } from '../../../shared/runFile/methods/annealingFlow';
import type { Target } from '../../targets';
import type { FlowEvaluation } from '../../trainers/flow/density';
import { axesOf } from './mcd';
import type { Kind } from './types';

/** One number a block of everything that is told of blocks. */
interface PerBlock extends Record<string, (number | null)[]> {
  readonly beta: (number | null)[];
  readonly logZ: (number | null)[];
  readonly ess: (number | null)[];
}

/** What metrics keep of each block; log Z in nats, effective sizes as shares. */
export function perBlockOf(method: Kind<'annealing-flow'>, target: Target, { blocks }: FlowEvaluation): PerBlock {
  const betas = annealingBetas(method).slice(0, blocks.length);
  const gamma = annealingGammas(method, blocks.length);
  const mode = furthestMode(target.modes);
  return {
    ...{ beta: betas, gamma },
    logZ: blocks.map(({ logZ }) => finite(logZ)),
    elbo: blocks.map(({ elbo }) => finite(elbo)),
    ess: blocks.map(({ ess }) => finite(ess)),
    pathEnergy: blocks.map(({ energy }) => finite(energy)),
    ...(mode === undefined ? {} : { predictedLag: predictedLags(betas, gamma, mode, method.baseScale) }),
  };
}

/** The same as curves by temperature. */
export function blockSeries(name: string, { beta, logZ, ess }: PerBlock): Series[] {
  const x = { label: 'inverse temperature', values: beta.map((value) => value ?? 1) };
  return [
    { name: `${name}, log Z by block`, x, y: { label: 'log Z', unit: 'nats', values: logZ } },
    { name: `${name}, effective share by block`, x, y: { label: 'effective share', values: ess } },
  ];
}

/** The draws of the picture's scrubber, on its axes. */
export function stagesOf(
  method: string,
  target: Target,
  draws: FlowEvaluation,
  betas: readonly number[],
  truths: readonly (number | null)[] | undefined,
): Stages {
  const axes = axesOf(target);
  const { dim } = target;
  const on = (values: Float64Array, row: number): number[] =>
    axes.map(({ direction }) =>
      direction.reduce((sum, value, i) => sum + value * (values[row * dim + i] ?? Number.NaN), 0),
    );
  const count = (draws.stages[0]?.length ?? 0) / dim;
  const points = draws.stages.map((values) => Array.from({ length: count }, (_, row) => on(values, row)));
  // A draw that is lost on the way is left out of every stage.
  const whole = Array.from({ length: count }, (_, row) => points.every((each) => each[row]?.every(Number.isFinite)));
  return {
    ...{ method, by: 'block', axes: axes.map(({ label }) => label) },
    stages: points.map((each, index) => ({
      ...{ index, beta: index === 0 ? 0 : (betas[index - 1] ?? 1), points: each.filter((_, row) => whole[row]) },
      ...(index === 0
        ? {}
        : {
            logZ: finite(draws.blocks[index - 1]?.logZ ?? NaN),
            ess: finite(draws.blocks[index - 1]?.ess ?? NaN),
            ...(truths === undefined ? {} : { truth: truths[index] ?? null }),
          }),
    })),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

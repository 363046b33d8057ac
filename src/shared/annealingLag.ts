import { annealingBetas, annealingGammas, type AnnealingFlowSpec } from './runFile/methods/annealingFlow';
import type { TargetOf, TargetSpec } from './runFile/target';

/** A mode as the lag of a flow depends on it. */
export interface DistantMode {
  /** From the origin. */
  readonly distance: number;
  /** Standard deviation around it, the same in all directions. */
  readonly std: number;
}

/**
 * How far behind its mode each block leaves the particles, by the Wasserstein penalty alone: a block closes all but r_k = 2γ_k σ_k²/(1 + 2γ_k σ_k²)
 * of the gap to a tempered mode of variance σ_k². About lag²/2 nats are lost on the bound and e^{−lag²} of the effective draws.
 * @param betas of each block
 * @param gammas of each block, in coordinates in which the base is the standard normal
 * @param scale s₀
 * @returns after each block, in units of the mode's standard deviation
 */
export function predictedLags(
  betas: readonly number[],
  gammas: readonly number[],
  mode: DistantMode,
  scale: number,
): number[] {
  const precision = (scale / mode.std) ** 2;
  let [lag, before] = [0, 0];
  return betas.map((beta, k) => {
    const variance = 1 / (1 - beta + beta * precision);
    const mean = (mode.distance / scale) * beta * precision * variance;
    const twice = 2 * (gammas[k] ?? Number.NaN) * variance;
    lag = (twice / (1 + twice)) * (lag + mean - before);
    before = mean;
    return (lag * scale) / mode.std;
  });
}

/** The mode that is the most of its own widths away from the origin; undefined where widths are not known, or differ by direction. */
export function furthestMode(
  modes:
    | readonly { readonly location: Iterable<number>; readonly std?: number; readonly stds?: Iterable<number> }[]
    | undefined,
): DistantMode | undefined {
  let furthest: DistantMode | undefined;
  for (const { location, std: same, stds } of modes ?? []) {
    const widths = new Set(stds);
    const std = same ?? (widths.size === 1 ? [...widths][0] : undefined);
    if (std === undefined) return undefined;
    const distance = Math.sqrt([...location].reduce((sum, value) => sum + value * value, 0));
    if (furthest === undefined || distance / std > furthest.distance / furthest.std) furthest = { distance, std };
  }
  return furthest;
}

/** The same from what a run file says of a target; undefined where modes are not known, or not equally wide in all directions. */
export function furthestModeOf(target: TargetSpec): DistantMode | undefined {
  switch (target.type) {
    case 'circle-mixture':
      return furthestMode(onCircle(target));
    case 'gaussian-mixture': {
      const { means, stds } = target;
      return means && furthestMode(means.map((location, mode) => ({ location, std: stds?.[mode] ?? 1 })));
    }
    case 'cube-mixture':
      return { distance: target.halfWidth * Math.sqrt(target.dim), std: target.std };
    case 'exponentially-weighted-gaussian': {
      const { dim, distance, folded = Math.min(10, dim), variances, odds } = target;
      return variances || odds ? undefined : { distance: distance * Math.sqrt(folded), std: 1 };
    }
    case 'bimodal':
      return { distance: Math.sqrt(target.dim), std: target.sigma };
    default:
      return undefined;
  }
}

function onCircle({ dim, modes, radius, height = radius / 2, std, shift }: TargetOf<'circle-mixture'>) {
  return Array.from({ length: modes }, (_, mode) => {
    const angle = (2 * Math.PI * mode) / modes;
    const [x, y] = [shift[0] + radius * Math.cos(angle), shift[1] + radius * Math.sin(angle)];
    return { location: [x, y, height * Math.sqrt(dim - 2)], std };
  });
}

/** What the penalty of a flow will leave, before anything is trained. */
export interface LagForecast {
  readonly blocks: readonly { readonly beta: number; readonly refinement: boolean; readonly lag: number }[];
  /** After the last block, in standard deviations of the mode. */
  readonly final: number;
  /** Nats that the bound loses by it. */
  readonly lost: number;
  /** Share of draws that stay effective, 0 to 1. */
  readonly effective: number;
  /** Blocks of refinement that leave {@link smallLag}; undefined where even {@link mostRefinement} do not. */
  readonly refinement: number | undefined;
}

/** Standard deviations of a mode that nobody would see: half a hundredth of a nat. */
export const smallLag = 0.1;
export const mostRefinement = 100;

/** @returns undefined where the modes of the target are not known from its run file, or the flow is a kept one */
export function lagForecast(method: AnnealingFlowSpec, target: TargetSpec): LagForecast | undefined {
  const mode = furthestModeOf(target);
  if (mode === undefined || method.flow !== undefined) return undefined;
  const lagsWith = (refinement: number) => {
    const betas = annealingBetas({ ...method, refinement });
    return { betas, lags: predictedLags(betas, annealingGammas(method, betas.length), mode, method.baseScale) };
  };
  const { betas, lags } = lagsWith(method.refinement);
  const final = lags.at(-1) ?? Number.NaN;
  const annealing = betas.length - method.refinement;
  const after = lagsWith(mostRefinement).lags.slice(annealing - 1);
  const enough = after.findIndex((lag) => Math.abs(lag) <= smallLag);
  return {
    blocks: betas.map((beta, block) => ({ beta, refinement: block >= annealing, lag: lags[block] ?? Number.NaN })),
    final,
    lost: (final * final) / 2,
    effective: Math.exp(-final * final),
    refinement: enough < 0 ? undefined : enough,
  };
}

import { highQualityRadius, type Assignment } from './assignment';
import { wilsonInterval } from './special';

export interface HighQuality {
  /** (1/n) #{samples within ρ_d standard deviations of their mode} */
  readonly fraction: number;
  /** Wilson, 95 %. */
  readonly interval: readonly [number, number];
  /** Σ W_i over those samples, where there are weights. */
  readonly reweighted?: number;
  /** Which samples, `[n]`. */
  readonly which: Uint8Array;
}

/** Share of samples near the mode that they belong to; 0.988891 for exact samples of Gaussian modes, in any dimension. */
export function highQuality(
  { squaredDistance }: Assignment,
  dim: number,
  { radius = highQualityRadius(dim), weights }: { radius?: number; weights?: Float64Array | undefined } = {},
): HighQuality | undefined {
  if (squaredDistance === undefined) return undefined;
  return qualityOf(
    Uint8Array.from(squaredDistance, (value) => Number(value <= radius * radius)),
    weights,
  );
}

/** The share of samples that count as good. */
export function qualityOf(which: Uint8Array, weights: Float64Array | undefined): HighQuality {
  const hits = which.reduce((total, one) => total + one, 0);
  const weighted = weights?.reduce((total, weight, i) => total + weight * (which[i] ?? NaN), 0);
  return {
    fraction: hits / which.length,
    interval: wilsonInterval(hits, which.length),
    ...(weighted === undefined ? {} : { reweighted: weighted }),
    which,
  };
}

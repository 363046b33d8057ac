import type { Estimator, VaeBoundSpec } from '../../shared/runFile';

/** What one estimator with one setting says of each datum, nats. */
export interface DatumBounds {
  readonly estimator: Estimator | 'elbo' | VaeBoundSpec['type'];
  /** The distribution that samples or chains start from. */
  readonly base?: string;
  readonly critic?: string;
  /** K */
  readonly samples?: number;
  /** Seconds that its samples or chains took. */
  readonly seconds?: number;
  /** Bounds on log p(x) of each datum. */
  readonly logPx?: Sides;
  /** Terms whose mean over the data bounds I(x; z), of estimators that never see log p(x). */
  readonly mi?: Sides;
  /** Terms whose mean over the data bounds the implicit Barber–Agakov bound of the critic. */
  readonly ibal?: Sides;
  /** An estimate of I(x; z) that is no mean over the data. */
  readonly estimate?: { readonly value: number; readonly ci95: number | null; readonly n: number };
  /** The two terms of the lower bound on I(x; z). */
  readonly terms?: { readonly ba: readonly number[]; readonly contrastive: readonly number[] };
}

export interface Sides {
  readonly lower?: readonly number[] | undefined;
  readonly upper?: readonly number[] | undefined;
}

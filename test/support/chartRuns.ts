import type { Bound } from '../../src/shared/result';
import type { RunPoint } from '../../src/shared/runRecord';

export function bound(estimator: string, side: Bound['side'], value: number | null, ci95: number | null = 2.04): Bound {
  return { quantity: 'mi', estimator, side, value, ci95, n: 32 };
}

/** A ladder of rounds whose bounds close on 24.85 nats, and an importance-weighted bound that saturates far below. */
export const closing: readonly RunPoint[] = [
  [31, 1.2],
  [125, 4.1],
  [500, 16],
  [2000, 70],
].map(([temperatures = 1, seconds = 0]) => ({
  temperatures,
  seconds,
  bounds: [
    bound('cr-ais', 'lower', 24.84 - 220 / temperatures),
    bound('im-ais', 'upper', 24.855 + 130 / temperatures),
    bound('iwae', 'lower', 6.907755, 1e-8),
    bound('iwae', 'upper', 403.4, 12.2),
  ],
}));

/** As many estimators as nobody will ever ask for. */
export const crowded: readonly RunPoint[] = closing.map((point) => ({
  ...point,
  bounds: Array.from({ length: 20 }, (_, index) =>
    bound(
      `method-${index}`,
      index % 2 === 0 ? 'upper' : 'lower',
      24.85 + ((index % 2 === 0 ? 1 : -1) * (index + 1) * 40) / point.temperatures,
    ),
  ),
}));

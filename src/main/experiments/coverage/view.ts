import type { CoverageView } from '../../../shared/result';
import type { Points } from '../../coverage';
import type { Prepared } from './index';

/** What a scatter shows of each side. */
const mostPoints = 5000;

/**
 * Drawn and real items on the first two principal components of the real ones' features.
 * @param covered of the real items; left out where not all of them took part
 */
export function generatorView(
  { spec, features, labels, classified }: Prepared,
  covered: Uint8Array | undefined,
): CoverageView {
  const { drawn, real } = features.plane;
  const [shown, others] = [thinned(drawn), thinned(real)];
  return {
    axes: ['first principal component', 'second principal component'],
    points: shown.map((row) => at(drawn, row)),
    modes: shown.map((row) => labels?.drawn[row] ?? null),
    good: shown.map((row) => classified === undefined || (classified.drawn.confidence[row] ?? 0) >= spec.confidence),
    ...(covered?.length === real.count
      ? {
          reference: {
            points: others.map((row) => at(real, row)),
            covered: others.map((row) => covered[row] === 1),
          },
        }
      : {}),
  };
}

function thinned({ count }: Points): number[] {
  const stride = Math.max(1, Math.ceil(count / mostPoints));
  return Array.from({ length: Math.ceil(count / stride) }, (_, i) => i * stride);
}

/** Six digits are more than any screen shows. */
function at({ data, dim }: Points, row: number): number[] {
  return Array.from({ length: dim }, (_, k) => Number((data[row * dim + k] ?? 0).toPrecision(6)));
}

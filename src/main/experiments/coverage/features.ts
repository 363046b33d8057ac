import type { CoverageFeaturesSpec, CoverageRunSpec } from '../../../shared/runFile';
import { pointsOf, type Points } from '../../coverage';
import { principalComponents, projected } from '../../coverage/pca';
import type { Classified } from './draw';

/** What distances are taken between, of drawn and of real items. */
export interface Features {
  readonly type: CoverageFeaturesSpec['type'];
  readonly drawn: Points;
  readonly real: Points;
  /** Of what the model was trained on, where it is known. */
  readonly training: Points | undefined;
  /** Drawn and real ones on the first two principal components of the real items' features. */
  readonly plane: { readonly drawn: Points; readonly real: Points };
}

export interface ItemSets {
  /** `[n, D]` */
  readonly drawn: Float32Array;
  /** `[m, D]` */
  readonly real: Float32Array;
  /** `[T, D]` */
  readonly training: Float32Array | undefined;
  readonly width: number;
  readonly classified:
    { readonly drawn: Classified; readonly real: Classified; readonly training: Classified | undefined } | undefined;
}

/** Yields the share that is done, at least every second. */
export function* featuresOf(
  spec: CoverageRunSpec,
  { drawn, real, training, width, classified }: ItemSets,
): Generator<number, Features> {
  const wanted = spec.features ?? (classified === undefined ? { type: 'pca', components: 64 } : { type: 'classifier' });
  const pixels = {
    ...{ drawn: pointsOf(drawn, width), real: pointsOf(real, width) },
    training: training && pointsOf(training, width),
  };
  if (wanted.type === 'pca') {
    const found = yield* principalComponents(pixels.real, wanted.components);
    const of = (points: Points): Points => projected(points, found, true);
    const [own, theirs] = [of(pixels.drawn), of(pixels.real)];
    const known = pixels.training && of(pixels.training);
    return {
      type: 'pca',
      drawn: own,
      real: theirs,
      training: known,
      plane: { drawn: firstTwo(own), real: firstTwo(theirs) },
    };
  }
  const sets =
    wanted.type === 'classifier' && classified !== undefined
      ? {
          ...{ drawn: pointsIn(classified.drawn), real: pointsIn(classified.real) },
          training: classified.training && pointsIn(classified.training),
        }
      : pixels;
  const found = yield* principalComponents(sets.real, 2);
  const of = (points: Points): Points => firstTwo(projected(points, found, false));
  return { type: wanted.type, ...sets, plane: { drawn: of(sets.drawn), real: of(sets.real) } };
}

function pointsIn({ features, labels }: Classified): Points {
  return pointsOf(features, features.length / labels.length);
}

/** The first two coordinates; of one only, with 0 for the other. */
function firstTwo({ data, count, dim }: Points): Points {
  const out = new Float64Array(2 * count);
  for (let row = 0; row < count; row += 1)
    for (let k = 0; k < Math.min(2, dim); k += 1) out[2 * row + k] = data[row * dim + k] ?? NaN;
  return { data: out, count, dim: 2 };
}

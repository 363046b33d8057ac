import type { CoverageCard } from '../../../shared/coverage';
import { Draft } from '../../coverage/draft';
import { mannWhitney, nearestIn } from '../../coverage/neighbours';
import { slice, take, type Points } from '../../coverage/points';
import { neighbourRadii } from '../../coverage/prdc';
import { choose, seeded } from '../../coverage/random';
import { learnedBase } from '../../models';
import type { Encoder } from '../../models/encoder';
import type { Device } from '../../tensor/types';
import type { Prepared } from './index';

/** Items whose nearest ones are looked for at once. */
const rows = 250;
/** Largest sets that are looked through. */
const most = 10_000;
/** A dimension of z whose posterior mean varies more than this over data is in use (Burda, Grosse and Salakhutdinov 2016). */
const activeVariance = 0.01;

/** In pairs of points: what {@link nearnessMetrics} looks at. */
export function nearnessPairs(drawn: number, real: number, training: number): number {
  const [n, m, t] = [drawn, real, training].map((count) => Math.min(count, most)) as [number, number, number];
  return n * m + m ** 2 + (n + m) * t;
}

/**
 * How near drawn items are to real ones and to what the model was trained on, and how much of z its encoder uses. Yields the share that is
 * done. What lacks its inputs is null, with the reason.
 */
export async function* nearnessMetrics(
  { spec, loaded, features }: Prepared,
  seed: number,
  device: Device,
): AsyncGenerator<number, CoverageCard['metrics']> {
  const [drawn, real] = [slice(features.drawn, 0, most), slice(features.real, 0, most)];
  const training = features.training && slice(features.training, 0, most);
  const all = nearnessPairs(drawn.count, real.count, training?.count ?? 0);
  const draft = new Draft(seed, { samples: drawn.count, reference: real.count });
  let done = 0;
  const nearest = function* (x: Points, y: Points): Generator<number, Nearest> {
    const found = { squared: new Float64Array(x.count), index: new Int32Array(x.count) };
    for (let first = 0; first < x.count; first += rows) {
      const part = nearestIn(slice(x, first, first + rows), y);
      found.squared.set(part.squared, first);
      found.index.set(part.index, first);
      yield Math.min(1, (done += (part.index.length * y.count) / all));
    }
    return found;
  };
  const inRadii = function* (x: Points, y: Points): Generator<number, number> {
    const { squared, index } = yield* nearest(x, y);
    const radii = yield* shareOf(neighbourRadii(y, spec.neighbours), () => Math.min(1, done));
    return median(squared.map((value, i) => Math.sqrt(value / (radii[index[i] ?? 0] ?? NaN))));
  };
  draft.start();
  const value = yield* inRadii(drawn, real);
  const order = choose(real.count, real.count, seeded(seed, 'nearness'));
  const half = Math.floor(real.count / 2);
  const [one, other] = [take(real, order.subarray(0, half)), take(real, order.subarray(half))];
  const exact = half > spec.neighbours ? yield* inRadii(one, other) : NaN;
  draft.put('nearestInRadii', { value, expected: exact, parameters: { k: spec.neighbours } });
  if (training === undefined) {
    draft.lack(['memorised', 'memorisedP'], 'The run file names no "training" data of the model.');
  } else {
    draft.start();
    const [own, theirs] = [yield* nearest(drawn, training), yield* nearest(real, training)];
    const { share, pValue } = mannWhitney(own.squared, theirs.squared);
    const parameters = {
      training: training.count,
      drawn: Math.sqrt(median(own.squared)),
      real: Math.sqrt(median(theirs.squared)),
    };
    draft.put('memorised', { value: share, expected: 0.5, parameters });
    draft.put('memorisedP', { value: pValue, parameters: { training: training.count } });
  }
  draft.start();
  if (typeof loaded.encoder === 'string') draft.lack(['activeUnits'], loaded.encoder);
  else {
    const used = await activeUnits(loaded.encoder, device, loaded.real.x, real.count, spec.rescale);
    draft.put('activeUnits', {
      value: used,
      parameters: { latent: loaded.model.decoder.latent, variance: activeVariance },
    });
  }
  return draft.metrics;
}

interface Nearest {
  /** `[n]` */
  readonly squared: Float64Array;
  readonly index: Int32Array;
}

/** The same steps, told as where the whole stands. */
function* shareOf<T>(steps: Generator<number, T>, share: () => number): Generator<number, T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    yield share();
  }
}

/** Dimensions of z whose posterior mean varies over data. @param x `[≥ count, D]` */
async function activeUnits(
  { gaussian, parameters }: Encoder,
  device: Device,
  x: Float32Array,
  count: number,
  rescale: 'none' | 'from-tanh',
): Promise<number> {
  const { latent, outputs } = gaussian;
  const shown = x.subarray(0, count * outputs);
  const given = rescale === 'from-tanh' ? shown.map((pixel) => 2 * pixel - 1) : shown;
  const base = await learnedBase('q', gaussian, parameters, device).at(given, count);
  const means = base.feeds({ firstDatum: 0, data: count })['baseMean'] ?? new Float32Array();
  let active = 0;
  for (let k = 0; k < latent; k += 1) {
    let [sum, squares] = [0, 0];
    for (let row = 0; row < count; row += 1) sum += means[row * latent + k] ?? NaN;
    for (let row = 0; row < count; row += 1) squares += ((means[row * latent + k] ?? NaN) - sum / count) ** 2;
    active += Number(squares / count > activeVariance);
  }
  return active;
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? NaN) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
}

import type { CurvePoint } from '../trainers';
import type { Meter } from './meter';
import type { RunContext, RunEvent } from './types';

/** Where something that is trained stands after an update. */
export interface Progress<S> {
  /** Updates made. */
  readonly iteration: number;
  readonly capture: () => S;
  readonly point?: CurvePoint;
  readonly images?: RunEvent['images'];
}

export interface FollowedOptions<S extends { readonly iteration: number }, T> {
  readonly name: string;
  /** What is being done with it: "training" when left out. */
  readonly stage?: string;
  /** Updates, transitions or draws in all. */
  readonly iterations: number;
  /** Work of one of them, in the meter's units. */
  readonly units: number;
  readonly context: RunContext;
  readonly meter: Meter;
  readonly start: (resume: S | undefined) => AsyncGenerator<Progress<S>, T>;
  /** What of the last state is kept for a run that is taken up later; `start` makes the result of it again. */
  readonly kept?: (last: S) => S;
}

/** Trains one component of a run, showing where it stands and leaving what it needs to go on. */
export async function* followed<S extends { readonly iteration: number }, T>(
  options: FollowedOptions<S, T>,
): AsyncGenerator<RunEvent, T> {
  const { name, stage = 'training', iterations, units, context, meter, start, kept = (last) => last } = options;
  const { journal } = context;
  const key = `${stage} ${name}`;
  meter.stage = key;
  const finished = journal.finished<S>(key);
  const resume = finished ?? journal.begun<S>(key);
  const training = start(resume);
  try {
    if (resume !== undefined) yield meter.tick(resume.iteration * units);
    let last = resume;
    let before = resume?.iteration ?? 0;
    let next = await training.next();
    while (next.done !== true) {
      const { iteration, point, images, capture } = next.value;
      journal.follow(key, capture);
      const event = { ...meter.tick((iteration - before) * units), ...(images && { images }) };
      before = iteration;
      yield point === undefined ? event : { ...event, curve: { component: name, iterations, ...point } };
      if (iteration >= iterations) last = capture();
      next = await training.next();
    }
    if (finished === undefined && last !== undefined) journal.finish(key, kept(last));
    return next.value;
  } finally {
    // Where the run is left early, the training lets go of its programs.
    await training.return(undefined as never);
  }
}

import type { Series } from '../../../shared/result';
import type { SamplerContext, SamplerProgress } from '../../samplers/types';
import { componentSeed } from '../../trainers/componentSeed';
import { recordCurve, type CurveState, type TrainingCurve } from '../../trainers/curve';
import { followed } from '../followed';
import type { RunEvent } from '../types';
import type { MethodParts } from './types';

/** What a sampler is told of the run that it is part of. Each part of a method has random numbers of its own. */
export function samplerContext(
  name: string,
  part: string,
  { spec, target, context }: Pick<MethodParts, 'spec' | 'target' | 'context'>,
): SamplerContext {
  const seed = componentSeed(spec.seed, `${name}/${part}`);
  return { name, target, device: context.device, seed, precision: spec.precision };
}

/** Everything that a sampler and what is made of its parts go on from. */
export interface SamplingSnapshot<S, G> {
  readonly iteration: number;
  readonly sampler: S;
  readonly gathered: G;
  readonly curve: CurveState;
}

export interface SamplingOptions<S, P, T, G> {
  readonly name: string;
  /** What is being done: "sampling". */
  readonly stage: string;
  readonly iterations: number;
  /** Work of an iteration in the meter's units. */
  readonly units: number;
  readonly parts: MethodParts;
  readonly start: (resume: S | undefined) => AsyncGenerator<SamplerProgress<S, P>, T>;
  /** Plain data that parts are added to. */
  readonly gathered: G;
  readonly take: (gathered: G, part: P) => void;
  /** Whether what it reports is a learning curve of the run. */
  readonly shown?: boolean;
}

export interface Sampled<T, G> {
  readonly result: T;
  readonly gathered: G;
  readonly curve: TrainingCurve;
}

/** Runs a sampler, showing where it stands, gathering what it finishes, and leaving what it needs to go on. */
export function sampled<S, P, T, G>(options: SamplingOptions<S, P, T, G>): AsyncGenerator<RunEvent, Sampled<T, G>> {
  const { name, stage, iterations, units, parts } = options;
  return followed({
    ...{ name, stage, iterations, units, context: parts.context, meter: parts.meter },
    start: (resume: SamplingSnapshot<S, G> | undefined) => gathering(options, resume),
  });
}

async function* gathering<S, P, T, G>(
  { iterations, start, take, gathered, shown = true }: SamplingOptions<S, P, T, G>,
  resume: SamplingSnapshot<S, G> | undefined,
) {
  const state = structuredClone(resume?.gathered ?? gathered);
  const recorder = recordCurve(iterations, resume?.curve);
  const sampler = start(resume?.sampler);
  try {
    for (;;) {
      const next = await sampler.next();
      if (next.done === true) return { result: next.value, gathered: state, curve: recorder.curve };
      const { iteration, report, capture, part } = next.value;
      if (part !== undefined) take(state, part);
      const point = recorder.add(iteration, report);
      yield {
        iteration,
        capture: (): SamplingSnapshot<S, G> => ({
          ...{ iteration, sampler: capture(), gathered: structuredClone(state), curve: recorder.capture() },
        }),
        ...(point === undefined || !shown ? {} : { point }),
      };
    }
  } finally {
    await sampler.return(undefined as never);
  }
}

/** Curves along the inverse temperatures, thinned to what a screen can show; without the values that are not finite everywhere. */
export function temperatureSeries(
  name: string,
  betas: Float64Array,
  curves: readonly { readonly label: string; readonly unit?: string; readonly at: (t: number) => number }[],
): Series[] {
  const stride = Math.max(1, Math.ceil(betas.length / 500));
  const places = Array.from({ length: betas.length - 1 }, (_, i) => i + 1).filter(
    (t) => t % stride === 0 || t === betas.length - 1,
  );
  return curves.map(({ label, unit, at }) => ({
    name: `${name}, ${label} by temperature`,
    x: { label: 'inverse temperature', values: places.map((t) => betas[t] ?? 0) },
    y: {
      label,
      ...(unit === undefined ? {} : { unit }),
      values: places.map(at).map((value) => (Number.isFinite(value) ? value : null)),
    },
  }));
}

export const few = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 2 });

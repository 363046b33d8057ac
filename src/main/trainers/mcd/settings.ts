import type { PathSpec } from '../../../shared/runFile/methods/mcd';
import { refreshmentFor } from '../dais/parameters';
import type { PathOptions } from '../paths/types';
import { samplerParameterNames, type SamplerParameterName, type SamplerParameters } from './parameters';
import { scoreNetwork, type ScoreNetwork } from './scoreNetwork';
import { initialStepSizes, type StepSizes } from './stepSizes';

/** One way of saying what the four methods are. */
export interface PathSettings {
  readonly path: Omit<PathOptions, 'gradients' | 'keep'>;
  readonly sizes: StepSizes;
  readonly initial: SamplerParameters;
  readonly trained: readonly SamplerParameterName[];
  /** Left out where the reversal is not learned. */
  readonly network?: ScoreNetwork;
  /** Whether paths stay as they are and only the network is trained, on so many transitions of each. */
  readonly scoreOnly?: { readonly transitions: number };
}

/** @param seed of the method */
export function pathSettings(spec: PathSpec, dim: number, seed: number): PathSettings {
  const { steps, start, stepSize } = spec;
  const sizes: StepSizes = { form: spec.stepSizes, steps, maximum: spec.maximum };
  const underdamped = spec.type === 'uha' || spec.type === 'uha-mcd';
  const learned = spec.type === 'ula-mcd' || spec.type === 'uha-mcd';
  const scoreOnly = learned && spec.train === 'score-only';
  const fixed: Readonly<Record<SamplerParameterName, boolean>> = {
    mean: !spec.learnStart,
    logVariance: !spec.learnStart,
    // The last of the inverse temperatures is 1, so one alone is not free.
    schedule: spec.schedule === 'linear' || steps === 1,
    stepSizes: !spec.learnStepSizes,
    logMass: !underdamped || spec.mass === 'identity',
    refreshment: !underdamped || !spec.learnRefreshment,
  };
  return {
    path: {
      dynamics: underdamped ? 'underdamped' : 'overdamped',
      ...(underdamped ? { integrator: spec.integrator } : {}),
      ...(spec.type === 'uha-mcd' ? { backwardMean: spec.backwardMean } : {}),
      steps,
    },
    sizes,
    initial: {
      mean: new Float64Array(dim).fill(start.mean),
      logVariance: new Float64Array(dim).fill(2 * Math.log(start.std)),
      schedule: new Float64Array(steps),
      stepSizes: initialStepSizes(sizes, stepSize, seed),
      logMass: new Float64Array(underdamped && spec.mass === 'diagonal' ? dim : 1),
      refreshment: Float64Array.of(underdamped ? refreshmentFor(spec.refreshment) : 0),
    },
    trained: samplerParameterNames.filter((name) => !scoreOnly && !fixed[name]),
    ...(learned ? { network: scoreNetwork({ dim, steps, momentum: underdamped, ...spec.score }) } : {}),
    ...(scoreOnly ? { scoreOnly: { transitions: spec.transitions ?? steps } } : {}),
  };
}

/** Evaluations of the target's gradient along one path that is not differentiated: at both ends of every transition, or in its middle. */
export function forwardEvaluations({ steps, dynamics, integrator }: PathSettings['path']): number {
  return dynamics === 'underdamped' && integrator === 'drift-kick-drift' ? steps : steps + 1;
}

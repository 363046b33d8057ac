import type { DaisSpec, IwviSpec, ViSpec } from '../../../shared/runFile';
import { chainParameterNames, refreshmentFor, type ChainParameterName, type ChainParameters } from './parameters';

export type FlowSpec = DaisSpec | ViSpec | IwviSpec;

/** One way of saying what annealed and plain variational inference are. */
export interface FlowSettings {
  /** K */
  readonly steps: number;
  /** N */
  readonly particles: number;
  readonly objective: DaisSpec['objective'];
  readonly initial: ChainParameters;
  readonly trained: readonly ChainParameterName[];
}

/** Variational inference is a chain without transitions, of one particle or under the logarithm of several. */
export function flowSettings(spec: FlowSpec, dim: number): FlowSettings {
  const { start } = spec;
  const normal = {
    mean: new Float64Array(dim).fill(start.mean),
    logVariance: new Float64Array(dim).fill(2 * Math.log(start.std)),
  };
  if (spec.type !== 'dais' || spec.steps === 0) {
    const none = new Float64Array(0);
    return {
      steps: 0,
      particles: spec.type === 'vi' ? 1 : spec.particles,
      objective: spec.type === 'dais' ? spec.objective : 'log-mean-exp',
      initial: {
        ...normal,
        schedule: none,
        logStep: none,
        logMass: Float64Array.of(0),
        refreshment: Float64Array.of(0),
      },
      trained: ['mean', 'logVariance'],
    };
  }
  const { steps, particles, objective, mass } = spec;
  const fixed: Partial<Record<ChainParameterName, boolean>> = {
    schedule: spec.schedule === 'linear',
    logStep: !spec.learnStepSizes,
    logMass: mass === 'identity',
    // With one transition there is nothing to keep.
    refreshment: !spec.learnRefreshment || steps === 1,
  };
  return {
    steps,
    particles,
    objective,
    initial: {
      ...normal,
      schedule: new Float64Array(steps).fill(1),
      logStep: new Float64Array(steps).fill(Math.log(spec.stepSize)),
      logMass: mass === 'diagonal' ? new Float64Array(dim).fill(2) : Float64Array.of(0),
      refreshment: Float64Array.of(refreshmentFor(spec.refreshment)),
    },
    trained: chainParameterNames.filter((name) => fixed[name] !== true),
  };
}

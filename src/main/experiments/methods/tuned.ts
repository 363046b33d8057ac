import type { AnnealedSamplingSpec } from '../../../shared/runFile/methods/ais';
import type { SmcSpec } from '../../../shared/runFile/methods/smc';
import { betasOf } from '../../samplers/schedule';
import { stepSizeAt } from '../../samplers/stepSizes';
import { pilotLength, temperedPilot, type TemperedPilotSnapshot } from '../../samplers/temperedPilot';
import { rowsAtOnce } from '../../samplers/temperedChains';
import { gradientUnits } from '../meter';
import type { RunEvent } from '../types';
import { few, sampled, samplerContext } from './sampled';
import type { MethodParts, Work } from './types';

/** Temperatures and step sizes that do not change any more. */
export interface Tuned {
  /** β_0 … β_K */
  readonly betas: Float64Array;
  /** ε at each. */
  readonly stepSizes: Float64Array;
  readonly gradientEvaluations: number;
  readonly warnings: readonly string[];
}

type Annealed = (AnnealedSamplingSpec | SmcSpec) & { readonly name: string };

const pilotRows = 256;

/** Of the pilot, where one is needed. */
export function pilotWork({ schedule, stepSize, steps, leapfrog }: Annealed): Work {
  const needed = schedule.type === 'adaptive' || stepSize === undefined;
  return { perStep: gradientUnits * leapfrog * pilotRows, steps: needed ? pilotLength(steps) : 0 };
}

/** Lets a pilot find what the run file leaves open. */
export async function* tuned(method: Annealed, parts: MethodParts): AsyncGenerator<RunEvent, Tuned> {
  const { name, start: base, schedule, steps, stepSize, leapfrog, acceptance } = method;
  const given = schedule.type === 'adaptive' ? undefined : betasOf(schedule, steps);
  if (given !== undefined && stepSize !== undefined) {
    return { betas: given, stepSizes: given.map(() => stepSize), gradientEvaluations: 0, warnings: [] };
  }
  const rows = Math.min(pilotRows, rowsAtOnce(parts.target, leapfrog));
  const spacing = schedule.type === 'adaptive' ? schedule : undefined;
  const { result } = yield* sampled({
    ...{ name, stage: 'tuning', iterations: pilotLength(steps), units: pilotWork(method).perStep, parts },
    ...{ gathered: null, take: () => undefined, shown: false },
    start: (resume: TemperedPilotSnapshot | undefined) =>
      temperedPilot(
        samplerContext(name, 'pilot', parts),
        {
          ...{ base, leapfrog, acceptance, rows },
          schedule: given ?? { conditionalEss: spacing?.conditionalEss ?? NaN, most: steps },
        },
        resume,
      ),
  });
  const { betas, table, gradientEvaluations, lastShare } = result;
  const stepSizes = betas.map((beta) => stepSize ?? stepSizeAt(table, beta));
  const ranOut = spacing !== undefined && lastShare < 0.8 * spacing.conditionalEss;
  const warnings = ranOut
    ? [
        `${name} has used up its ${steps} steps on the way: the last one keeps ${few(100 * lastShare)} % of the conditional effective sample size instead of ${few(100 * spacing.conditionalEss)} %. Use more "steps", or a smaller "conditionalEss".`,
      ]
    : [];
  return { betas, stepSizes, gradientEvaluations, warnings };
}

/** What a person should do about trajectories that left the density or its numbers. */
export function divergenceWarning(name: string, share: number): string[] {
  if (!(share > 0.01)) return [];
  return [
    `${name}: ${few(100 * share)} % of its trajectories diverged. Use a higher "acceptance" or a smaller "stepSize", so that steps are smaller.`,
  ];
}

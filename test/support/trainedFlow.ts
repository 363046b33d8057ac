import { buildTarget, type Target } from '../../src/main/targets';
import { openDevice } from '../../src/main/tensor/devices';
import type { Precision } from '../../src/main/tensor/types';
import { evaluateAnnealingFlow, type FlowEvaluation } from '../../src/main/trainers/flow/density';
import { evaluateInverse, type InverseEvaluation } from '../../src/main/trainers/flow/inverse';
import type { AnnealingFlow } from '../../src/main/trainers/flow/programs';
import { annealingFlowSettings } from '../../src/main/trainers/flow/settings';
import { trainAnnealingFlow, type TrainedAnnealingFlow } from '../../src/main/trainers/flow/train';
import { annealingFlowPresets, annealingFlowSchema } from '../../src/shared/runFile/methods/annealingFlow';
import { finish } from './finish';

/** A mixture of unit normals on a circle in the plane, moved along the first axis. */
export function circle(modes: number, radius: number, shift = 0, weights?: readonly number[]): Promise<Target> {
  const angles = Array.from({ length: modes }, (_, j) => (2 * Math.PI * j) / modes);
  const means = angles.map((angle) => [shift + radius * Math.cos(angle), radius * Math.sin(angle)]);
  return buildTarget({ type: 'gaussian-mixture', means, ...(weights && { weights: [...weights] }) } as never, '.');
}

/** The quick preset with changes, as trainings take it. */
export function quickFlow(target: Target, changes: Record<string, unknown> = {}) {
  const spec = annealingFlowSchema.parse({
    type: 'annealing-flow',
    ...annealingFlowPresets['quick']?.settings,
    ...changes,
  });
  return { spec, ...annealingFlowSettings(spec, target) };
}

export async function flowContext(precision: Precision = 'float32', seed = 1) {
  return { name: 'annealing-flow', device: await openDevice('cpu'), seed, precision };
}

export interface Judged {
  readonly flow: TrainedAnnealingFlow;
  readonly forward: FlowEvaluation;
  readonly backward: InverseEvaluation;
}

/** Trains a flow and looks at it from both sides. */
export async function trainedFlow(
  target: Target,
  changes: Record<string, unknown> = {},
  samples = 10_000,
): Promise<Judged> {
  const { settings, bridge } = quickFlow(target, changes);
  const { trained: flow } = await finish(trainAnnealingFlow(settings, bridge, await flowContext()));
  return { flow, ...(await judged(flow, target, changes, samples)) };
}

/** A flow, or the first blocks of one, from both sides. */
export async function judged(
  flow: AnnealingFlow,
  target: Target,
  changes: Record<string, unknown> = {},
  samples = 10_000,
) {
  const { spec, bridge } = quickFlow(target, changes);
  const context = await flowContext();
  const scale = spec.baseScale;
  const options = { samples, steps: spec.ode.steps, scale, keep: samples };
  const { trained: forward } = await finish(evaluateAnnealingFlow(flow, bridge, options, context));
  const exact = target.sample?.(samples, 5) ?? new Float64Array(0);
  const { trained: backward } = await finish(
    evaluateInverse(flow, bridge, { exact, steps: spec.ode.inverseSteps, scale }, context),
  );
  return { forward, backward };
}

/** Share of points nearest to each mode. */
export function shares({ modes = [], dim }: Target, points: Float64Array, logWeights?: Float64Array): number[] {
  const totals = new Array<number>(modes.length).fill(0);
  const top = logWeights?.reduce((most, value) => Math.max(most, value), -Infinity) ?? 0;
  for (let row = 0; row < points.length / dim; row += 1) {
    const squares = modes.map(({ location }) =>
      location.reduce((sum, value, i) => sum + (value - (points[row * dim + i] ?? NaN)) ** 2, 0),
    );
    const nearest = squares.indexOf(Math.min(...squares));
    totals[nearest] = (totals[nearest] ?? 0) + Math.exp((logWeights?.[row] ?? top) - top);
  }
  const total = totals.reduce((a, b) => a + b, 0);
  return totals.map((value) => value / total);
}

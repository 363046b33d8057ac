import { isChainBound, type AisSpec, aisSchema, type VaeBoundSpec, type VaeRunSpec } from '../../../shared/runFile';
import { sizeOf } from '../../tensor/types';
import type { Vae } from '../../trainers/vae/networks';
import { gradientUnits } from '../meter';
import { samplingUnits } from '../sampling';
import { pilotUnits } from '../tuning';
import type { VaeData } from './data';

/** The training settings with what follows from the data filled in. */
export interface Schedule {
  /** Updates at most. */
  readonly iterations: number;
  readonly perEpoch: number;
  readonly evaluateEvery: number;
}

export function scheduleOf({ training }: VaeRunSpec, data: VaeData): Schedule {
  const perEpoch = Math.max(1, Math.floor(data.training.rows.length / training.batch));
  const iterations = training.iterations ?? (training.epochs ?? defaultEpochs) * perEpoch;
  return { iterations, perEpoch, evaluateEvery: Math.min(iterations, training.evaluateEvery ?? perEpoch) };
}

const defaultEpochs = 50;

/** The chains that judge the trained model, as a run of kind "evidence" would be told. */
export function annealingOf({ evaluate }: VaeRunSpec): AisSpec | undefined {
  if (evaluate.annealed === false) return undefined;
  const { temperatures, chains, leapfrog } = evaluate.annealed;
  return aisSchema.parse({ temperatures, chains, leapfrog });
}

/** Test data that bounds are averaged over, and those that chains are run for. */
export function evaluationCounts({ evaluate }: VaeRunSpec, { test }: VaeData): { samples: number; annealed: number } {
  const samples = Math.min(evaluate.data, test.count);
  return { samples, annealed: evaluate.annealed === false ? 0 : Math.min(evaluate.annealed.data, samples) };
}

/** How much work each part of a run is, in the meter's units: forward passes of the decoder for one row. */
export interface VaePlan {
  /** Of an update. */
  readonly update: number;
  /** Of the trained bound on one test datum. */
  readonly bound: number;
  readonly total: number;
}

export function vaePlan(spec: VaeRunSpec, data: VaeData, vae: Vae): VaePlan {
  const weights = (shapes: Vae['shapes']): number =>
    Object.values(shapes).reduce((total, shape) => total + sizeOf(shape), 0);
  const encoder = weights(vae.encoderShapes) / Math.max(1, weights(vae.decoderShapes));
  const { iterations } = scheduleOf(spec, data);
  const { samples, annealed } = evaluationCounts(spec, data);
  const update = gradientUnits * spec.training.batch * (encoder + rowUnits(spec.bound, true));
  const bound = encoder + rowUnits(spec.bound, false);
  const ais = annealingOf(spec);
  const chains =
    ais === undefined
      ? 0
      : annealed * ais.chains * gradientUnits * (1 + (ais.temperatures - 1) * ais.leapfrog) + pilotUnits(ais, annealed);
  const sampled = samplingUnits([spec.evaluate.iwae], { count: samples });
  return { update, bound, total: iterations * update + samples * bound + sampled + chains };
}

/** Evaluations of the decoder that a datum takes, in the units of one with its gradient where that is wanted. */
function rowUnits(bound: VaeBoundSpec, gradients: boolean): number {
  if (bound.type === 'elbo') return 1;
  if (bound.type === 'iwae') return bound.samples;
  if (!isChainBound(bound)) return 1;
  const forces = bound.type === 'dais' ? 1 : 2;
  return bound.particles * bound.steps * forces * (gradients ? 3 : gradientUnits);
}

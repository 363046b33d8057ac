import type { AisSpec } from '../../shared/runFile';
import type { GenerativeModel } from '../models';
import { pilot, pilotTransitions, type PilotResult, type PilotSnapshot } from '../samplers/pilot';
import { betasOf } from '../samplers/schedule';
import { fillNormals } from '../tensor/random/streams';
import type { Device } from '../tensor/types';
import type { AnnealingTarget } from './annealingTarget';
import type { AnnealedChains } from './chains';
import { simulate, type EvaluationData } from './data';
import type { Journal } from './journal';
import { gradientUnits, type Meter } from './meter';
import type { RunEvent } from './types';

/** A pilot batch: enough chains to read an acceptance rate from, few enough to cost little beside the run. */
const mostData = 16;
const mostChains = 4;

interface PilotShape {
  readonly chains: number;
  readonly data: number;
  readonly temperatures: number;
}

function pilotShape(ais: AisSpec, count: number): PilotShape {
  return {
    chains: Math.min(mostChains, Math.max(1, ais.chains)),
    data: Math.min(mostData, count),
    temperatures: Math.min(500, Math.max(100, ais.temperatures)),
  };
}

export function pilotUnits(ais: AisSpec, count: number): number {
  const { chains, data, temperatures } = pilotShape(ais, count);
  return chains * data * gradientUnits * pilotTransitions(temperatures) * ais.leapfrog;
}

export interface TuningOptions {
  readonly ais: AisSpec;
  readonly chains: AnnealedChains;
  readonly target: AnnealingTarget;
  readonly model: GenerativeModel;
  readonly device: Device;
  readonly data: Pick<EvaluationData, 'count' | 'x' | 'exact'>;
  readonly seed: number;
  readonly jitter: number;
  readonly meter: Meter;
  readonly journal: Journal;
}

/** Tunes step sizes on simulated data of its own, or on the first of the real data with random numbers of its own. */
export async function* tune(options: TuningOptions): AsyncGenerator<RunEvent, PilotResult> {
  const { ais, model, target, device, data, seed, jitter, meter, journal } = options;
  const part = ['tuning step sizes', target.label].filter((text) => text !== '').join(', ');
  const shape = pilotShape(ais, data.count);
  meter.stage = part;
  yield meter.event();
  const known = journal.finished<PilotResult>(part);
  if (known !== undefined) {
    yield meter.tick(pilotUnits(ais, data.count));
    return known;
  }
  const { latent, outputs } = target;
  const x =
    data.exact === undefined
      ? data.x.slice(0, shape.data * outputs)
      : (await simulate(shape.data, model, device, seed, 'pilot')).x;
  const place = { firstChain: 0, chains: shape.chains, firstDatum: 0, data: shape.data };
  const start = new Float32Array(shape.chains * shape.data * latent);
  fillNormals(start, { seed, stream: 'pilotInitial', step: 0, width: latent, ...place });
  const base = await target.base.at(x, shape.data);
  base.fromNormals(start, place);
  const resume = journal.begun<PilotSnapshot>(part);
  const programs = await options.chains.compiled(shape.chains, shape.data);
  const run = pilot(programs, {
    start,
    inputs: { x, ...base.feeds(place) },
    betas: betasOf(ais.schedule, shape.temperatures),
    leapfrog: ais.leapfrog,
    target: ais.acceptance,
    jitter,
    noise: { seed, momentum: 'pilotMomentum', accept: 'pilotAccept', ...place },
    resume,
  });
  const units = shape.chains * shape.data * gradientUnits * ais.leapfrog;
  if (resume !== undefined) yield meter.tick(resume.count * units);
  let next = await run.next();
  while (next.done !== true) {
    journal.follow(part, next.value);
    yield meter.tick(units);
    next = await run.next();
  }
  journal.finish(part, next.value);
  return next.value;
}

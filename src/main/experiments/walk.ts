import type { AisSpec } from '../../shared/runFile';
import type { GenerativeModel } from '../models';
import type { PilotResult } from '../samplers/pilot';
import { betasOf } from '../samplers/schedule';
import { stepSizeAt } from '../samplers/stepSizes';
import type { Device } from '../tensor/types';
import type { AnnealingTarget, DataWithBase } from './annealingTarget';
import { AnnealedChains, type Round } from './chains';
import { clocked, type Journal } from './journal';
import type { Meter } from './meter';
import { tune } from './tuning';
import type { RunEvent } from './types';

export interface WalkOptions {
  readonly ais: AisSpec;
  readonly model: GenerativeModel;
  readonly target: AnnealingTarget;
  readonly data: DataWithBase;
  /** Whether to run the chains of the coupled lower bound too. */
  readonly coupled: boolean;
  readonly device: Device;
  readonly seed: number;
  readonly meter: Meter;
  readonly journal: Journal;
  readonly seconds: () => number;
}

/** The chains of one target with one number of temperatures. */
export interface WalkRound {
  readonly round: Round;
  readonly temperatures: number;
  readonly betas: Float64Array;
  readonly stepSizes: Float64Array;
  /** What they took, pauses left out. */
  readonly seconds: number;
}

/** Trajectories of tuned chains vary in length by a fifth, so that none keeps returning to where it started. */
const tunedJitter = 0.2;

/** Annealed chains toward one target: step sizes tuned once, then rounds of more and more temperatures. */
export class Walk {
  readonly target: AnnealingTarget;
  readonly chains: AnnealedChains;
  private readonly options: WalkOptions;
  private readonly jitter: number;
  private tuned: PilotResult | undefined;

  constructor(options: WalkOptions) {
    const { ais, target, data, coupled, device, seed, meter, journal } = options;
    this.options = options;
    this.target = target;
    this.jitter = ais.stepSize === undefined ? tunedJitter : 0;
    this.chains = new AnnealedChains({
      ...{ device, target, data, coupled, seed, meter, journal },
      chains: ais.chains,
      leapfrog: ais.leapfrog,
      jitter: this.jitter,
    });
  }

  /** The pilot's result; undefined where the run file gives the step size. */
  get pilot(): PilotResult | undefined {
    return this.tuned;
  }

  /** Tunes the step sizes, unless they are given. */
  async *prepare(): AsyncGenerator<RunEvent, void> {
    const { ais, model, device, data, seed, meter, journal, target } = this.options;
    if (ais.stepSize !== undefined) return;
    const { chains, jitter } = this;
    this.tuned = yield* tune({ ais, chains, target, model, device, data, seed, jitter, meter, journal });
  }

  async *round(temperatures: number): AsyncGenerator<RunEvent, WalkRound> {
    const { ais, target, journal, seconds } = this.options;
    const label = `${temperatures} temperatures ${target.label}`;
    const began = clocked(journal, `start of ${label}`, seconds);
    const betas = betasOf(ais.schedule, temperatures);
    const { tuned } = this;
    const stepSizes = betas.map((beta) =>
      tuned === undefined ? (ais.stepSize ?? Number.NaN) : stepSizeAt(tuned.table, beta),
    );
    const round = yield* this.chains.round(betas, stepSizes);
    return { round, temperatures, betas, stepSizes, seconds: clocked(journal, `end of ${label}`, seconds) - began };
  }

  dispose(): Promise<void> {
    return this.chains.dispose();
  }
}

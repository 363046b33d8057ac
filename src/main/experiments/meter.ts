import type { RunEvent } from './types';

/** Turns work done into the share of the run that is done. Units are row evaluations of the decoder, forward pass = 1. */
export class Meter {
  stage = '';
  private done = 0;
  private planned = 0;
  private shown = 0;

  /** Announces work to come. */
  plan(units: number): void {
    this.planned += units;
  }

  tick(units: number): RunEvent {
    this.done += units;
    // A round that was not foreseen must not move the bar back.
    this.shown = Math.max(this.shown, Math.min(0.999, this.done / Math.max(1, this.planned)));
    return this.event();
  }

  event(extra: Partial<RunEvent> = {}): RunEvent {
    return { stage: this.stage, progress: this.shown, ...extra };
  }
}

/** A gradient costs about three forward passes. */
export const gradientUnits = 3;

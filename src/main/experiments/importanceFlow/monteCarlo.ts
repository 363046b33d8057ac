import type { EventSpec, ImportanceFlowSpec } from '../../../shared/runFile';
import { fillNormals } from '../../tensor/random/streams';
import { componentSeed } from '../../trainers/componentSeed';
import { isInEvent } from '../../trainers/flow/eventBridge';
import type { Meter } from '../meter';
import type { RunEvent } from '../types';

/** Draws of the normal itself. */
export interface PlainDraws {
  /** 0 of draws in the event, −∞ of others: the log weights that they have. */
  readonly logWeights: Float64Array;
  /** The first of them, `[shown, d]`. */
  readonly first: Float64Array;
}

const atOnce = 8192;
const shown = 1500;
/** Of a draw, in the meter's units. */
const units = 0.02;

export function plainUnits({ evaluate }: ImportanceFlowSpec): number {
  return units * evaluate.samples;
}

/** Plain Monte Carlo with as many draws as the flow has. */
export function* plainDraws(
  event: EventSpec,
  { seed, evaluate }: ImportanceFlowSpec,
  meter: Meter,
): Generator<RunEvent, PlainDraws> {
  const { dim } = event;
  const count = evaluate.samples;
  const logWeights = new Float64Array(count);
  const first = new Float64Array(Math.min(count, shown) * dim);
  meter.stage = 'drawing monte-carlo';
  for (let at = 0; at < count; at += atOnce) {
    const data = Math.min(atOnce, count - at);
    const rows = new Float64Array(data * dim);
    const of = { firstChain: 0, chains: 1, firstDatum: at, data, width: dim };
    fillNormals(rows, { seed: componentSeed(seed, 'monte-carlo'), stream: 'pathInitial', step: 0, ...of });
    for (let row = 0; row < data; row += 1) logWeights[at + row] = isInEvent(event, rows, row * dim) ? 0 : -Infinity;
    if (at * dim < first.length) first.set(rows.subarray(0, first.length - at * dim), at * dim);
    yield meter.tick(units * data);
  }
  return { logWeights, first };
}

import { importanceEdges, type ImportanceFlowSpec } from '../../../shared/runFile';
import { gradientUnits } from '../meter';
import { plainUnits } from './monteCarlo';

/** How much work each part of a run is, in the meter's units. */
export interface ImportancePlan {
  /** Updates of the flow in all, and of one. */
  readonly updates: number;
  readonly update: number;
  /** Of a draw through all blocks. */
  readonly draw: number;
  /** Updates of the ratio networks in all, and of one; of what they say of a draw. */
  readonly ratioUpdates: number;
  readonly ratioUpdate: number;
  readonly ratioDraw: number;
  readonly total: number;
}

export function importancePlan(spec: ImportanceFlowSpec): ImportancePlan {
  const { flow, ratio, evaluate, event } = spec;
  const blocks = importanceEdges(spec).length;
  const velocity = products([event.dim, ...flow.net.hidden, event.dim]) / 1000;
  const updates = blocks * flow.iterations;
  const update = gradientUnits * flow.batch * (1 + 4 * flow.steps * velocity);
  const draw = blocks * (1 + 4 * evaluate.steps * velocity);
  const network = ratio === undefined ? 0 : products([event.dim, ...ratio.hidden, 1]) / 1000;
  const ratioUpdates = ratio === undefined ? 0 : blocks * ratio.iterations;
  const ratioUpdate = ratio === undefined ? 0 : gradientUnits * 2 * ratio.batch * network;
  const ratioDraw = blocks * network;
  const total =
    updates * update + evaluate.samples * (draw + ratioDraw) + ratioUpdates * ratioUpdate + plainUnits(spec);
  return { updates, update, draw, ratioUpdates, ratioUpdate, ratioDraw, total };
}

function products(widths: readonly number[]): number {
  return widths.slice(1).reduce((sum, width, layer) => sum + width * (widths[layer] ?? 0), 0);
}

import { tQuantile975 } from '../../../shared/statistics';
import type { MethodContext, MethodProgress } from '../methodTypes';
import { standardNormalAt, type Bridge } from './bridge';
import { FlowPrograms, rowsAtOnce, type AnnealingFlow, type Floats } from './programs';

export interface InverseOptions {
  /** Exact samples of the target, `[n, d]`. */
  readonly exact: Float64Array;
  /** S: Runge–Kutta steps of a block. */
  readonly steps: number;
  /** s₀ */
  readonly scale: number;
}

/** Everything that the way back goes on from, with equal bits. Survives structured cloning. */
export interface InverseSnapshot {
  /** Samples so far. */
  readonly iteration: number;
  readonly logWeights: Float64Array;
  readonly reconstruction: number;
}

/** What exact samples of the target say of log Z through the density of a flow. */
export interface InverseEvaluation {
  /** E_π[log q̃ − log ρ] ≥ log Z. */
  readonly bound: { readonly value: number; readonly ci95: number | null; readonly n: number };
  /** −log E_π[ρ/q̃]: an estimate of log Z. */
  readonly estimate: number;
  /** 1/(E_π[w] E_π[1/w]): the share of effective draws that the flow would have under the target. */
  readonly ess: number;
  /** log q̃ − log ρ of each sample, `[n]`. */
  readonly logWeights: Float64Array;
  /** Largest distance of a coordinate after the way back and forth again, among the first samples. */
  readonly reconstruction: number;
  /** Samples whose density was not finite. */
  readonly dropped: number;
}

/**
 * The density of a flow at given points: back through all blocks to the base, log ρ(x) = log π₀(z) − ∫ div v dt. A flow that has lost a part
 * of the target cannot hide that here, as it can from its own draws.
 * @param bridge whose last entry is the target
 * @param resume goes on from there
 */
export async function* evaluateInverse(
  flow: AnnealingFlow,
  bridge: Bridge,
  { exact, steps, scale }: InverseOptions,
  { device, precision }: Pick<MethodContext, 'device' | 'precision'>,
  resume?: InverseSnapshot,
): AsyncGenerator<MethodProgress<InverseSnapshot>, InverseEvaluation> {
  const { dim } = bridge;
  const { network, rule, blocks } = flow;
  const count = exact.length / dim;
  const logWeights = resume?.logWeights.slice() ?? new Float64Array(count);
  let reconstruction = resume?.reconstruction ?? 0;
  let done = resume?.iteration ?? 0;
  if (done < count) {
    const rows = rowsAtOnce(count, dim, network.hidden);
    const programs = await FlowPrograms.open({ device, bridge, network, rule, precision, rows });
    try {
      while (done < count) {
        const first = Math.min(done, count - rows);
        const points = exact.subarray(first * dim, (first + rows) * dim).map((value) => value / scale);
        const log = await programs.logDensity(points, bridge.blocks.length - 1);
        let x: Floats = points;
        const change = new Float64Array(rows);
        for (const own of blocks.toReversed()) {
          const moved = await programs.push(x, own, steps, true);
          for (let row = 0; row < rows; row += 1) change[row] = (change[row] ?? NaN) + (moved.divergence[row] ?? NaN);
          x = moved.x;
        }
        for (let row = done - first; row < rows; row += 1) {
          const density = standardNormalAt(x, row * dim, dim) + (change[row] ?? NaN);
          logWeights[first + row] = (log[row] ?? NaN) - density;
        }
        if (done === 0) {
          for (const own of blocks) x = (await programs.push(x, own, steps)).x;
          reconstruction = points.reduce(
            (most, value, i) => Math.max(most, scale * Math.abs((x[i] ?? NaN) - value)),
            0,
          );
        }
        done = first + rows;
        const now = { iteration: done, logWeights, reconstruction };
        yield { iteration: done, report: {}, capture: () => structuredClone(now) };
      }
    } finally {
      await programs.dispose();
    }
  }
  return { ...summarisedInverse(logWeights), logWeights, reconstruction };
}

function summarisedInverse(
  logWeights: Float64Array,
): Pick<InverseEvaluation, 'bound' | 'estimate' | 'ess' | 'dropped'> {
  const finite = logWeights.filter(Number.isFinite);
  const n = finite.length;
  const dropped = logWeights.length - n;
  const mean = finite.reduce((total, value) => total + value, 0) / n;
  const spread = finite.reduce((total, value) => total + (value - mean) ** 2, 0);
  const estimate = -logMeanExp(finite.map((value) => -value));
  return {
    bound: {
      value: dropped === 0 ? mean : NaN,
      ci95: dropped === 0 && n > 1 ? tQuantile975(n - 1) * Math.sqrt(spread / (n - 1) / n) : null,
      n,
    },
    estimate: dropped === 0 ? estimate : NaN,
    ess: Math.exp(estimate - logMeanExp(finite)),
    dropped,
  };
}

function logMeanExp(values: Float64Array): number {
  const top = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return top + Math.log(values.reduce((total, value) => total + Math.exp(value - top), 0) / values.length);
}

import { effectiveSampleSize } from '../bounds/logMeanExp';
import type { Series } from '../../shared/result';
import type { StepSizeTable } from '../samplers/stepSizes';
import type { Round, Trace } from './chains';

const lowAcceptance = 0.4;
const highAcceptance = 0.95;

/** Numbers about the chains of the last round. */
export function chainDiagnostics(round: Round, temperatures: number): Record<string, unknown> {
  const traces = [round.forward, ...(round.reverse === undefined ? [] : [round.reverse])];
  const acceptance = traces.flatMap((trace) => [...trace.acceptance].filter((value) => !Number.isNaN(value)));
  const sizes = (pick: (weights: Round['weights'][number]) => readonly number[] | undefined): number | null => {
    const values = round.weights.map((weights) => pick(weights)).filter((values) => values !== undefined);
    return values.length === 0 ? null : median(values.map((values) => effectiveSampleSize(values)));
  };
  return {
    gradientEvaluations: round.gradientEvaluations,
    transitions: round.transitions,
    temperatures,
    acceptance: acceptance.length === 0 ? null : acceptance.reduce((a, b) => a + b, 0) / acceptance.length,
    lowestAcceptance: acceptance.length === 0 ? null : acceptance.reduce((least, share) => Math.min(least, share)),
    divergences: traces.reduce((total, trace) => total + sum(trace.divergences), 0),
    effectiveSampleSize: {
      forward: sizes((weights) => weights.forward),
      reverse: sizes((weights) => weights.reverse?.map((weight) => -weight)),
    },
  };
}

interface Curve {
  readonly name: string;
  readonly label: string;
  readonly unit?: string;
  /** By t. */
  readonly values: ArrayLike<number>;
  /** Where the value of step t was measured: β_t, or one before it for the increments of forward chains. */
  readonly before?: boolean;
}

/** Curves along the temperatures, thinned to what a screen can show. */
export function chainSeries(round: Round, betas: Float64Array, stepSizes: Float64Array): Series[] {
  const { forward, reverse } = round;
  const ratio = { label: 'mean log ratio', unit: 'nats' };
  const curves: Curve[] = [
    { name: 'acceptance, forward', label: 'acceptance', values: forward.acceptance },
    { name: 'mean log ratio, forward', ...ratio, values: forward.meanLogRatio, before: true },
    { name: 'step size', label: 'step size', values: stepSizes },
  ];
  if (reverse !== undefined) {
    curves.push({ name: 'acceptance, reverse', label: 'acceptance', values: reverse.acceptance });
    curves.push({ name: 'mean log ratio, reverse', ...ratio, values: reverse.meanLogRatio });
  }
  const stride = Math.max(1, Math.ceil(betas.length / 500));
  const kept = Array.from({ length: betas.length }, (_, t) => t).filter((t) => t > 0 && t % stride === 0);
  return curves.map(({ name, label, unit, values, before }) => ({
    name,
    x: { label: 'inverse temperature', values: kept.map((t) => betas[before === true ? t - 1 : t] ?? 0) },
    y: {
      label,
      ...(unit === undefined ? {} : { unit }),
      values: kept.map((t) => (Number.isFinite(values[t]) ? (values[t] as number) : null)),
    },
  }));
}

/** Sentences for what went wrong, each with what to change. */
export function chainWarnings(round: Round, betas: Float64Array, table: StepSizeTable | undefined): string[] {
  const warnings: string[] = [];
  const advice =
    table === undefined
      ? 'Use a smaller ais.stepSize, or leave it out to have it tuned.'
      : 'Use more temperatures, or set a smaller ais.stepSize.';
  // A share of few chains scatters: what two standard errors can explain is no reason to warn.
  const rows = round.weights.length * (round.weights[0]?.forward.length ?? 1);
  const low = lowAcceptance - 1 / Math.sqrt(rows);
  for (const [name, trace] of [
    ['forward', round.forward],
    ['reverse', round.reverse],
  ] as const) {
    if (trace === undefined) continue;
    const diverged = sum(trace.divergences);
    if (diverged > 0) {
      const worst = trace.divergences.reduce(
        (most, count, t) => (count > (trace.divergences[most] ?? 0) ? t : most),
        0,
      );
      warnings.push(
        `${diverged} ${name} trajectories diverged, most at β = ${beta(betas, worst)}; they were refused. ${advice}`,
      );
    }
    const made = indices(trace).filter((t) => !Number.isNaN(trace.acceptance[t]));
    const few = made.filter((t) => (trace.acceptance[t] ?? 1) < low);
    if (made.length > 0 && few.length > made.length / 10) {
      const worst = few.reduce((a, b) => ((trace.acceptance[a] ?? 1) < (trace.acceptance[b] ?? 1) ? a : b));
      warnings.push(
        `Few ${name} proposals are accepted (${percent(trace.acceptance[worst])} at β = ${beta(betas, worst)}): the bounds hold but are looser than they could be. ${advice}`,
      );
    }
    if (table === undefined && made.length > 0 && made.every((t) => (trace.acceptance[t] ?? 0) > highAcceptance)) {
      warnings.push(`Nearly every ${name} proposal is accepted: a larger ais.stepSize would close the gap sooner.`);
    }
  }
  return warnings;
}

function indices(trace: Trace): number[] {
  return Array.from({ length: trace.acceptance.length }, (_, t) => t);
}

function beta(betas: Float64Array, t: number): string {
  return (betas[t] ?? 0).toPrecision(2);
}

function percent(share: number | undefined): string {
  return `${Math.round((share ?? 0) * 100)} %`;
}

function sum(values: Int32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

import { AnnealedFlow, type ChainNoise } from '../../src/main/trainers/dais/chain';
import type { ChainTarget } from '../../src/main/trainers/dais/fields';
import { chainParameterNames, refreshmentFor, type ChainParameters } from '../../src/main/trainers/dais/parameters';
import { fillNormals } from '../../src/main/tensor/random/streams';
import { openDevice } from '../../src/main/tensor/devices';
import type { Precision } from '../../src/main/tensor/types';

/** A chain of equal steps. @param masses d, or 1 for one in all coordinates */
export function plainChain(
  dim: number,
  steps: number,
  {
    mean = 0,
    variance = 1,
    stepSize = 0.1,
    eta = 0.7,
  }: { mean?: number; variance?: number; stepSize?: number; eta?: number } = {},
): ChainParameters {
  return {
    mean: new Float64Array(dim).fill(mean),
    logVariance: new Float64Array(dim).fill(Math.log(variance)),
    schedule: new Float64Array(steps).fill(1),
    logStep: new Float64Array(steps).fill(Math.log(stepSize)),
    logMass: Float64Array.of(0),
    refreshment: Float64Array.of(refreshmentFor(eta)),
  };
}

/** Parameters that are all different. */
export function variedChain(dim: number, steps: number, masses: number): ChainParameters {
  const wave = (count: number, scale: number, shift: number, phase: number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => shift + scale * Math.sin(1.7 * i + phase));
  return {
    mean: wave(dim, 0.4, 0.2, 0.3),
    logVariance: wave(dim, 0.5, -0.4, 1),
    schedule: wave(steps, 0.6, 0.5, 2),
    logStep: wave(steps, 0.4, -1.6, 3),
    logMass: wave(masses, 0.3, 0.2, 4),
    refreshment: Float64Array.of(0.6),
  };
}

export function normals(length: number, step: number): Float64Array {
  const out = new Float64Array(length);
  const row = { firstChain: 0, chains: 1, firstDatum: 0, data: 1, width: length };
  fillNormals(out, { seed: 5, stream: 'pathInitial', step, ...row });
  return out;
}

/** The same noise whenever it is asked for. */
export function frozenNoise(rows: number, dim: number): ChainNoise {
  return {
    position: (out) => out.set(normals(rows * dim, 0)),
    momentum: (out) => out.set(normals(rows * dim, 1)),
    refreshment: (out, k) => out.set(normals(rows * dim, 1 + k)),
  };
}

export async function openFlow(
  target: ChainTarget,
  rows: number,
  steps: number,
  { precision = 'float64', gradients = true }: { precision?: Precision; gradients?: boolean } = {},
): Promise<AnnealedFlow> {
  const device = await openDevice('cpu');
  return AnnealedFlow.open({ device, target, precision, rows, steps, gradients });
}

/** All numbers of parameters or their gradients in one list. */
export function flat(parameters: Readonly<Record<keyof ChainParameters, ArrayLike<number>>>): number[] {
  return chainParameterNames.flatMap((name) => Array.from(parameters[name]));
}

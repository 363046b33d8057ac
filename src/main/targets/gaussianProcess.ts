import { CholeskyDecomposition } from 'ml-matrix';
import type { TargetOf } from '../../shared/runFile/target';
import { fullGaussian } from './gaussian';
import { gramMatrix, processPosterior, type ProcessData } from './oracles/gaussianProcess';
import { normalRows, uniformRows } from './random';
import type { Target } from './types';

/**
 * The values of a Gaussian process at its observed sites, given noisy observations. The log joint log N(z; 0, K) +
 * Σ_i log N(y_i; z_i, σ²) is written as log Z + log N(z; mean, covariance), the same number with more of its digits.
 */
export function gaussianProcess(spec: TargetOf<'gaussian-process'>): Target {
  const data = processData(spec);
  const { mean, covariance, logZ } = processPosterior(data);
  const n = spec.observations;
  return {
    ...fullGaussian(`Gaussian process at ${n} sites, ρ = ${spec.lengthScale}`, mean, covariance, {
      logZ,
      source: 'The posterior is Gaussian; its moments and its log Z are closed forms.',
    }),
    labels: Array.from({ length: n }, (_, i) => `f${i + 1}`),
    ...(spec.data === 'drawn'
      ? { drawn: { sites: Array.from(data.sites), observations: Array.from(data.observations) } }
      : {}),
  };
}

/** Sites and observations, of the instance that needs no random numbers or drawn from the prior. */
function processData(spec: TargetOf<'gaussian-process'>): ProcessData {
  const { lengthScale, noise, jitter, observations, interval } = spec;
  return {
    ...(spec.data === 'fixed' ? fixedData(observations, interval) : drawnData(spec)),
    lengthScale,
    noise,
    jitter,
  };
}

/** Equally spaced sites, ends included, with y = sin t + 0.25 cos 7t. */
export function fixedData(
  count: number,
  interval: readonly [number, number],
): Pick<ProcessData, 'sites' | 'observations'> {
  const sites = spaced(count, interval);
  return { sites, observations: sites.map((t) => Math.sin(t) + 0.25 * Math.cos(7 * t)) };
}

/** A path of the prior on a grid, seen with noise at some of its points. */
function drawnData(spec: TargetOf<'gaussian-process'>): Pick<ProcessData, 'sites' | 'observations'> {
  const { grid, seed, observations: count } = spec;
  const points = spaced(grid, spec.interval);
  const factor = new CholeskyDecomposition(gramMatrix(points, spec.lengthScale, spec.jitter)).lowerTriangularMatrix;
  const draw = { seed, stream: 'targetDraw', count: 1 } as const;
  const normals = normalRows({ ...draw, step: 0, width: grid });
  const places = Uint32Array.from(chosen(uniformRows({ ...draw, step: 1, width: grid }), count));
  const noise = normalRows({ ...draw, step: 2, width: count });
  const path = (place: number): number => {
    let value = 0;
    for (let j = 0; j <= place; j += 1) value += factor.get(place, j) * (normals[j] ?? NaN);
    return value;
  };
  return {
    sites: Float64Array.from(places, (place) => points[place] ?? NaN),
    observations: Float64Array.from(places, (place, i) => path(place) + spec.noise * (noise[i] ?? NaN)),
  };
}

/** The places of the smallest numbers, in order. */
function chosen(uniforms: Float64Array, count: number): number[] {
  const order = Array.from(uniforms.keys()).sort((a, b) => (uniforms[a] ?? NaN) - (uniforms[b] ?? NaN));
  return order.slice(0, count).sort((a, b) => a - b);
}

function spaced(count: number, [from, to]: readonly [number, number]): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => (count === 1 ? from : from + ((to - from) * i) / (count - 1)));
}

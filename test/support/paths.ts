import { fillNormals } from '../../src/main/tensor/random/streams';
import { openDevice } from '../../src/main/tensor/devices';
import type { Precision } from '../../src/main/tensor/types';
import type { ChainTarget } from '../../src/main/trainers/dais/fields';
import { openFixedFields } from '../../src/main/trainers/paths/fixedFields';
import { AnnealedPath } from '../../src/main/trainers/paths/path';
import type {
  BackwardScore,
  Coefficients,
  Floats,
  PathGradient,
  PathNoise,
  PathOptions,
  ScoreInput,
  Start,
} from '../../src/main/trainers/paths/types';
import { normals } from './flows';

/** The kinds of paths that there are, by name. */
export const pathKinds = [
  ['overdamped', { dynamics: 'overdamped' }],
  ['kick-drift-kick', { dynamics: 'underdamped', integrator: 'kick-drift-kick' }],
  ['drift-kick-drift', { dynamics: 'underdamped', integrator: 'drift-kick-drift' }],
] as const satisfies readonly (readonly [string, Partial<PathOptions>])[];

export type OpenOptions = Omit<PathOptions, 'gradients'> & {
  readonly rows: number;
  readonly gradients?: boolean;
  readonly precision?: Precision;
};

export async function openPath(target: ChainTarget, options: OpenOptions): Promise<AnnealedPath> {
  const { rows, precision = 'float64', gradients = true } = options;
  const device = await openDevice('cpu');
  const fields = await openFixedFields({ device, target, precision, rows, gradients });
  return AnnealedPath.open(fields, { ...options, gradients });
}

/** N(mean, variance) in all coordinates. */
export function plainStart(dim: number, mean = 0, variance = 1): Start {
  return {
    mean: new Float64Array(dim).fill(mean),
    logVariance: new Float64Array(dim).fill(Math.log(variance)),
  };
}

/** Linear β and the same step everywhere. */
export function plainCoefficients(
  dim: number,
  count: number,
  step: number,
  { refreshment = 0.8, mass = 1 }: { readonly refreshment?: number; readonly mass?: number } = {},
): Coefficients {
  return {
    betas: Float64Array.from({ length: count }, (_, k) => (k + 1) / count),
    steps: new Float64Array(count).fill(step),
    refreshment,
    mass: new Float64Array(dim).fill(mass),
  };
}

const wave = (count: number, scale: number, shift: number, phase: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => shift + scale * Math.sin(1.7 * i + phase));

/** A start whose numbers are all different. @param length d, or R·d for one a row */
export function variedStart(length: number): Start {
  return { mean: wave(length, 0.4, 0.2, 0.3), logVariance: wave(length, 0.5, -0.4, 1) };
}

/** Coefficients that are all different; the last β is 1. */
export function variedCoefficients(dim: number, count: number): Coefficients {
  const shares = wave(count, 0.4, 1, 2);
  const total = shares.reduce((sum, share) => sum + share, 0);
  let sum = 0;
  return {
    betas: shares.map((share) => (sum += share) / total),
    steps: wave(count, 0.05, 0.12, 3),
    refreshment: 0.7,
    mass: wave(dim, 0.4, 1.1, 4),
  };
}

/** The same noise whenever it is asked for. */
export function frozenPathNoise(rows: number, dim: number): PathNoise {
  return {
    position: (out) => out.set(normals(rows * dim, 0)),
    momentum: (out) => out.set(normals(rows * dim, 1)),
    transition: (out, k) => out.set(normals(rows * dim, 1 + k)),
  };
}

/** Noise of a seed. @param width of what transitions draw */
export function seededPathNoise(seed: number, rows: number, dim: number, width = 1): PathNoise {
  const fill = (out: Floats, step: number): void =>
    fillNormals(out, {
      ...{ seed, stream: 'pathInitial', step, firstChain: 0, chains: 1, firstDatum: 0, data: rows, width: dim },
    });
  return {
    position: (out) => fill(out, 0),
    momentum: (out) => fill(out, 1),
    transition: (out, k) => {
      fill(out, 1 + k);
      if (width !== 1) for (let at = 0; at < out.length; at += 1) out[at] = width * (out[at] ?? Number.NaN);
    },
  };
}

/** ŝ = offset + position · x + momentum · p̃, the same in all coordinates. */
export interface AffineScore {
  readonly position: number;
  readonly momentum: number;
  readonly offset: number;
}

export function scoreAt(affine: AffineScore, input: ScoreInput): Float64Array {
  return Float64Array.from(
    input.position,
    (x, at) => affine.offset + affine.position * x + affine.momentum * (input.momentum?.[at] ?? 0),
  );
}

/** Puts an affine ŝ of each transition into the log weights. */
export function correctAll(path: AnnealedPath, score: (k: number) => AffineScore): void {
  for (let k = 1; k <= path.steps; k += 1) path.correct(k, scoreAt(score(k), path.scoreInput(k)));
}

/** What a network that is affine gives the pass backward. */
export function affineBackward(
  path: AnnealedPath,
  cotangent: Float64Array,
  score: (k: number) => AffineScore,
): BackwardScore {
  return (k) => {
    const affine = score(k);
    const value = scoreAt(affine, path.scoreInput(k));
    const bar = new Float64Array(value.length);
    path.correctionGradient(k, value, cotangent, bar);
    return {
      score: value,
      position: bar.map((entry) => affine.position * entry),
      momentum: bar.map((entry) => affine.momentum * entry),
    };
  };
}

/** All numbers of a gradient by the names of its groups. */
export function groups({ start, betas, steps, refreshment, mass }: PathGradient): Record<string, Float64Array> {
  return { ...start, betas, steps, refreshment: Float64Array.of(refreshment), mass };
}

/** Noise of given numbers, the same in all coordinates. */
export function givenNoise(position: number, momentum: number, transitions: readonly number[]): PathNoise {
  const fill = (out: Floats, value: number | undefined): void => void out.fill(value ?? Number.NaN);
  return {
    position: (out) => fill(out, position),
    momentum: (out) => fill(out, momentum),
    transition: (out, k) => fill(out, transitions[k - 1]),
  };
}

import type * as tf from '@tensorflow/tfjs-core';
import type { Constant, Device, Program, TensorData, TensorSpec } from '../tensor/types';
import * as hmc from './hmc';
import type { AnnealingPath } from '../tensor/density';

/** What chains anneal along, for one shape of batch. */
export interface AnnealingProblem {
  readonly device: Device;
  /** d */
  readonly latent: number;
  /** Weights and other values that never change. */
  readonly constants: Readonly<Record<string, Constant>>;
  /** Inputs of the path beside the position: the data `x [B, D]`. */
  readonly inputs: (data: number) => Readonly<Record<string, TensorSpec>>;
  readonly path: (tensors: Record<string, tf.Tensor>) => AnnealingPath;
}

/** The state of all chains of a batch on the host, row-major, chain-major. */
export interface ChainState {
  /** `[rows, d]` */
  readonly position: Float32Array;
  /** Δ at the position, `[rows]`, nats. */
  readonly logRatio: Float32Array;
  readonly logBase: Float32Array;
  readonly baseGradient: Float32Array;
  readonly ratioGradient: Float32Array;
}

export interface TransitionOptions {
  /** Leapfrog step size of each row. */
  readonly stepSize: Float32Array;
  readonly beta: number;
  readonly leapfrog: number;
  /** `[rows, d]` */
  readonly momentum: Float32Array;
  /** `[rows]` */
  readonly logUniform: Float32Array;
}

/** Compiled for one number of rows: evaluating a position, and one HMC transition. */
export interface AnnealedPrograms {
  readonly rows: number;
  readonly latent: number;
  /** Value-and-gradient evaluations so far, each over all rows. */
  readonly gradientEvaluations: () => number;
  init(position: Float32Array, inputs: Record<string, TensorData>, into: ChainState): Promise<void>;
  /** Moves `from` to `into`, which must be another state. */
  transition(
    from: ChainState,
    into: ChainState,
    inputs: Record<string, TensorData>,
    options: TransitionOptions,
    info: TransitionInfo,
  ): Promise<void>;
  dispose(): Promise<void>;
}

export interface TransitionInfo {
  /** 1 where the proposal was accepted, `[rows]`. */
  readonly accepted: Float32Array;
  /** H(old) − H(new), `[rows]`, nats; NaN where the trajectory diverged. */
  readonly energyDrop: Float32Array;
}

export function emptyState(rows: number, latent: number): ChainState {
  return {
    position: new Float32Array(rows * latent),
    logRatio: new Float32Array(rows),
    logBase: new Float32Array(rows),
    baseGradient: new Float32Array(rows * latent),
    ratioGradient: new Float32Array(rows * latent),
  };
}

export function emptyInfo(rows: number): TransitionInfo {
  return { accepted: new Float32Array(rows), energyDrop: new Float32Array(rows) };
}

/** Compiles the programs for `chains · data` rows. */
export async function compileAnnealing(
  problem: AnnealingProblem,
  chains: number,
  data: number,
): Promise<AnnealedPrograms> {
  const { device, latent, constants, path } = problem;
  const rows = chains * data;
  const matrix: TensorSpec = { shape: [rows, latent] };
  const vector: TensorSpec = { shape: [rows] };
  const shared = problem.inputs(data);
  const initProgram = await device.compile((t) => ({ ...hmc.init(t['position'] as tf.Tensor2D, path(t)) }), {
    inputs: { position: matrix, ...shared },
    constants,
  });
  const stepProgram = await device.compile(
    (t) => {
      const { state, info } = hmc.step(
        stateOf(t),
        path(t),
        { momentum: t['momentum'] as tf.Tensor2D, logUniform: t['logUniform'] as tf.Tensor1D },
        {
          stepSize: t['stepSize'] as tf.Tensor2D,
          beta: t['beta'] as tf.Scalar,
          leapfrog: t['leapfrog'] as tf.Scalar,
        },
      );
      return { ...state, ...info };
    },
    {
      inputs: {
        position: matrix,
        logBase: vector,
        baseGradient: matrix,
        logRatio: vector,
        ratioGradient: matrix,
        momentum: matrix,
        logUniform: vector,
        stepSize: { shape: [rows, 1] },
        beta: { shape: [] },
        leapfrog: { shape: [], dtype: 'int32' },
        ...shared,
      },
      constants,
    },
  );
  let evaluations = 0;
  const beta = new Float32Array(1);
  const leapfrog = new Int32Array(1);
  return {
    rows,
    latent,
    gradientEvaluations: () => evaluations,
    init: async (position, inputs, into) => {
      await initProgram.run({ position, ...inputs }, { ...into });
      into.position.set(position);
      evaluations += initProgram.gradients.once;
    },
    transition: async (from, into, inputs, options, info) => {
      beta[0] = options.beta;
      leapfrog[0] = options.leapfrog;
      const { momentum, logUniform, stepSize } = options;
      const feeds = { ...from, momentum, logUniform, stepSize, beta, leapfrog, ...inputs };
      await stepProgram.run(feeds, { ...into, ...info });
      evaluations += gradientsOfStep(stepProgram, options.leapfrog);
    },
    dispose: async () => {
      await initProgram.dispose();
      await stepProgram.dispose();
    },
  };
}

/** The last leapfrog step stands outside the program's loop. */
function gradientsOfStep(program: Program, leapfrog: number): number {
  return program.gradients.once + program.gradients.perIteration * (leapfrog - 1);
}

function stateOf(tensors: Record<string, tf.Tensor>): hmc.HmcState {
  return {
    position: tensors['position'] as tf.Tensor2D,
    logBase: tensors['logBase'] as tf.Tensor1D,
    baseGradient: tensors['baseGradient'] as tf.Tensor2D,
    logRatio: tensors['logRatio'] as tf.Tensor1D,
    ratioGradient: tensors['ratioGradient'] as tf.Tensor2D,
  };
}

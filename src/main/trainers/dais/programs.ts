import * as tf from '@tensorflow/tfjs-core';
import type { LogDensity } from '../../tensor/density';
import type { Constant, Device, Precision, Program, TensorSpec } from '../../tensor/types';
import { begin, transition, type SharedTensors, type StepTensors } from './transition';

type Tensors = Record<string, tf.Tensor>;

/** A density that chains are led to. */
export interface ChainTarget {
  readonly dim: number;
  readonly constants: Readonly<Record<string, Constant>>;
  /** log f of rows, nats, given the constants as tensors. Every op needs a second derivative. */
  readonly logDensity: (tensors: Tensors) => LogDensity;
}

/**
 * The parts of a chain as programs of fixed size, each with its vector-Jacobian product. A gradient through any number of transitions
 * is made of them: forward through the chain keeping the states, then backward over it. Nothing but the states grows with K.
 */
export interface ChainPrograms {
  /** (position, momentum) noise → z, v, logWeight */
  readonly begin: Program;
  /** cotangents z̄, v̄, w̄ of `begin` → those of mean, logVariance, logMass, each `[d]` or `[1]` */
  readonly beginBack: Program;
  /** z, v, noise, parameters of the step → z, v, logWeight */
  readonly step: Program;
  /** cotangents of `step` → z̄, v̄ and those of mean, logVariance, logMass, beta, logStep, eta */
  readonly stepBack: Program;
  /** z → logWeight: log f */
  readonly end: Program;
  /** z, w̄ → z̄ */
  readonly endBack: Program;
  dispose(): Promise<void>;
}

export interface ChainProgramOptions {
  readonly device: Device;
  readonly target: ChainTarget;
  readonly precision: Precision;
  readonly rows: number;
  /** d, or 1 for one mass in all coordinates. */
  readonly masses: number;
}

export async function compileChain(options: ChainProgramOptions): Promise<ChainPrograms> {
  const { device, target, precision, rows, masses } = options;
  const { dim, constants } = target;
  const matrix: TensorSpec = { shape: [rows, dim] };
  const column: TensorSpec = { shape: [rows] };
  const scalar: TensorSpec = { shape: [1, 1] };
  const shared = { mean: { shape: [1, dim] }, logVariance: { shape: [1, dim] }, logMass: { shape: [1, masses] } };
  const ofStep = { ...shared, beta: scalar, logStep: scalar, eta: scalar };
  const cotangents = { zBar: matrix, vBar: matrix, wBar: column };
  const compile = (
    inputs: Readonly<Record<string, TensorSpec>>,
    fn: (tensors: Tensors) => Tensors,
    withTarget: boolean,
  ): Promise<Program> => device.compile(fn, { inputs, precision, ...(withTarget ? { constants } : {}) });
  const beginInputs = { position: matrix, momentum: matrix, ...shared };
  const stepInputs = { z: matrix, v: matrix, noise: matrix, ...ofStep };
  const runBegin = (t: Tensors) =>
    begin(t as unknown as SharedTensors, t['position'] as tf.Tensor2D, t['momentum'] as tf.Tensor2D);
  const runStep = (t: Tensors, all: Tensors) =>
    transition(
      { z: t['z'] as tf.Tensor2D, v: t['v'] as tf.Tensor2D },
      t as unknown as StepTensors,
      t['noise'] as tf.Tensor2D,
      target.logDensity(all),
    );
  const programs = {
    begin: await compile(beginInputs, (t) => ({ ...runBegin(t) }), false),
    beginBack: await compile(
      { ...beginInputs, ...cotangents },
      (t) => pullBack(Object.keys(shared), t, runBegin),
      false,
    ),
    step: await compile(stepInputs, (t) => ({ ...runStep(t, t) }), true),
    stepBack: await compile(
      { ...stepInputs, ...cotangents },
      (t) => pullBack(['z', 'v', ...Object.keys(ofStep)], t, (inner) => runStep(inner, t)),
      true,
    ),
    end: await compile({ z: matrix }, (t) => ({ logWeight: target.logDensity(t)(t['z'] as tf.Tensor2D) }), true),
    endBack: await compile(
      { z: matrix, wBar: column },
      (t) => {
        const weighted = (z: tf.Tensor): tf.Scalar =>
          tf.sum(tf.mul(t['wBar'] as tf.Tensor, target.logDensity(t)(z as tf.Tensor2D)));
        return { zBar: tf.grad(weighted)(t['z'] as tf.Tensor) };
      },
      true,
    ),
  };
  return {
    ...programs,
    dispose: async () => {
      for (const program of Object.values(programs)) await program.dispose();
    },
  };
}

/** The vector-Jacobian product of a part: cotangents of its outputs to those of the named inputs, as `nameBar`. */
function pullBack(
  names: readonly string[],
  tensors: Tensors,
  part: (tensors: Tensors) => { readonly z: tf.Tensor; readonly v: tf.Tensor; readonly logWeight: tf.Tensor },
): Tensors {
  const product = (...inputs: tf.Tensor[]): tf.Scalar => {
    const inner = { ...tensors, ...Object.fromEntries(names.map((name, index) => [name, inputs[index] as tf.Tensor])) };
    const { z, v, logWeight } = part(inner);
    return tf.add<tf.Scalar>(
      tf.add(tf.sum(tf.mul(z, tensors['zBar'] as tf.Tensor)), tf.sum(tf.mul(v, tensors['vBar'] as tf.Tensor))),
      tf.sum(tf.mul(logWeight, tensors['wBar'] as tf.Tensor)),
    );
  };
  const gradients = tf.grads(product)(names.map((name) => tensors[name] as tf.Tensor));
  return Object.fromEntries(names.map((name, index) => [`${name}Bar`, gradients[index] as tf.Tensor]));
}

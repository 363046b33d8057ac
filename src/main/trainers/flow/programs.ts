import * as tf from '@tensorflow/tfjs-core';
import { repeat } from '../../tensor/repeat';
import type { Device, Precision, Program, TensorSpec } from '../../tensor/types';
import type { Vectors } from '../hostAdam';
import { blockFeeds, blockInputs, type Bridge } from './bridge';
import { rungeKuttaStep, type Rule } from './rungeKutta';
import { velocityField, velocityShapes, type VelocityNetwork } from './velocity';

export type Floats = Float32Array | Float64Array;

/** The blocks of a flow and how rows go through them. */
export interface AnnealingFlow {
  readonly network: VelocityNetwork;
  readonly rule: Rule;
  /** Weights of each block, single precision in doubles. */
  readonly blocks: readonly Vectors[];
}

export interface FlowProgramOptions {
  readonly device: Device;
  readonly bridge: Bridge;
  readonly network: VelocityNetwork;
  readonly rule: Rule;
  readonly precision: Precision;
  /** Rows that are computed at once. */
  readonly rows: number;
}

/** Rows that have gone through a block. */
export interface Pushed {
  /** `[rows, d]` */
  readonly x: Floats;
  /** ∫ div v dt along the way, with the sign of the way it was gone, `[rows]`. */
  readonly divergence: Floats;
  /** ∫ |v|² dt, `[rows]`. */
  readonly energy: Floats;
}

/** Below this, threads cost more than they gain. */
const fewMultiplications = 2e6;

/** Moves rows through blocks, in either direction, and evaluates what the blocks are led along. */
export class FlowPrograms {
  readonly rows: number;
  readonly dim: number;
  private readonly bridge: Bridge;
  private readonly moving: Program;
  private readonly density: Program;
  private readonly floats: Float32ArrayConstructor | Float64ArrayConstructor;

  private constructor({ bridge, rows, precision }: FlowProgramOptions, moving: Program, density: Program) {
    this.bridge = bridge;
    this.rows = rows;
    this.dim = bridge.dim;
    this.moving = moving;
    this.density = density;
    this.floats = precision === 'float32' ? Float32Array : Float64Array;
  }

  static async open(options: FlowProgramOptions): Promise<FlowPrograms> {
    const { device, bridge, network, rule, precision, rows } = options;
    const shapes = velocityShapes(network);
    const x: TensorSpec = { shape: [rows, bridge.dim] };
    const widest = Math.max(bridge.dim, ...network.hidden);
    const threading = rows * widest * widest < fewMultiplications ? 'none' : 'sleeping';
    const moving = await device.compile(
      (tensors) => {
        const field = velocityField(network, tensors);
        const step = tensors['step'] as tf.Scalar;
        const start = tensors['x'] as tf.Tensor2D;
        const none = tf.zeros([rows]);
        const state = [start, none, none, tensors['time'] as tf.Scalar];
        const [end, divergence, squares] = repeat(tensors['count'] as tf.Scalar, state, (current) => {
          const [from, divided, moved, time] = current as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Scalar];
          const by = rungeKuttaStep(
            (at, now) => {
              const point = field.at(at, now);
              return { x: point.velocity, along: point.divergence() };
            },
            from,
            time,
            step,
            rule,
          );
          return [
            tf.add(from, by.x),
            tf.add(divided, by.along),
            tf.add(moved, tf.sum(tf.square(by.x), 1)),
            tf.add(time, step),
          ];
        }) as [tf.Tensor, tf.Tensor, tf.Tensor];
        return { x: end, divergence, energy: tf.div(squares, tf.abs(step)) };
      },
      {
        inputs: {
          x,
          ...{ step: { shape: [] }, time: { shape: [] }, count: { shape: [], dtype: 'int32' } },
          ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }])),
        },
        ...{ precision, threading },
      },
    );
    const density = await device.compile(
      (tensors) => ({ value: bridge.logDensity(tensors)(tensors['x'] as tf.Tensor2D) }),
      { inputs: { x, ...blockInputs(bridge) }, constants: bridge.constants, ...{ precision, threading } },
    );
    return new FlowPrograms(options, moving, density);
  }

  /**
   * Rows through one block.
   * @param x `[rows, d]`
   * @param steps S
   * @param back from the block's end to its start
   */
  async push(x: Floats, weights: Vectors, steps: number, back = false): Promise<Pushed> {
    const found = await this.moving.run({
      x,
      step: Float64Array.of((back ? -1 : 1) / steps),
      time: Float64Array.of(back ? 1 : 0),
      count: Int32Array.of(steps),
      ...weights,
    });
    return found as unknown as Pushed;
  }

  /** log f of a block at rows, nats, `[rows]`. */
  async logDensity(x: Floats, block: number): Promise<Floats> {
    const { value } = await this.density.run({ x, ...blockFeeds(this.bridge, block) });
    return value as Floats;
  }

  /**
   * Any number of rows through one block, in new arrays.
   * @param values `[n, d]`
   */
  async pushAll(values: Floats, weights: Vectors, steps: number): Promise<Pushed> {
    const { dim, floats } = this;
    const count = values.length / dim;
    const [x, divergence, energy] = [new floats(values.length), new floats(count), new floats(count)];
    await this.chunks(count, async (first, place, taken) => {
      const found = await this.push(taken(values, dim), weights, steps);
      x.set(found.x.subarray((place - first) * dim), place * dim);
      divergence.set(found.divergence.subarray(place - first), place);
      energy.set(found.energy.subarray(place - first), place);
    });
    return { x, divergence, energy };
  }

  /** log f of a block at any number of rows, nats, `[n]` in doubles. */
  async logDensityAll(values: Floats, block: number): Promise<Float64Array> {
    const count = values.length / this.dim;
    const out = new Float64Array(count);
    await this.chunks(count, async (first, place, taken) => {
      out.set((await this.logDensity(taken(values, this.dim), block)).subarray(place - first), place);
    });
    return out;
  }

  async dispose(): Promise<void> {
    await this.moving.dispose();
    await this.density.dispose();
  }

  /**
   * Cuts n rows, at least as many as the programs have, into blocks of that size; the last one begins among rows of the one before.
   * @param call with the first row of a block, the first that is new, and what takes the block's part of an array
   */
  private async chunks(
    count: number,
    call: (first: number, place: number, taken: (values: Floats, width: number) => Floats) => Promise<void>,
  ): Promise<void> {
    const { rows } = this;
    if (count < rows) throw new Error(`${count} rows are fewer than the ${rows} that are computed at once.`);
    for (let place = 0; place < count; place += rows) {
      const first = Math.min(place, count - rows);
      await call(first, place, (values, width) => values.subarray(first * width, (first + rows) * width));
    }
  }
}

/** Rows that are computed at once, of so many. */
export function rowsAtOnce(count: number, dim: number, hidden: readonly number[]): number {
  // Some ten arrays of the widest layer are alive at once, more for columns of a Jacobian.
  const widest = Math.max(dim, ...hidden) * (hidden.length > 2 ? dim : 1);
  return Math.max(1, Math.min(count, 1024, Math.floor(2 ** 27 / (80 * widest))));
}

import * as tf from '@tensorflow/tfjs-core';
import { init, step } from '../../samplers/hmc';
import type { AnnealingPath } from '../../tensor/density';
import { fillNormals, fillUniforms, type Block } from '../../tensor/random/streams';
import type { Device, Precision, Program } from '../../tensor/types';
import { blockFeeds, blockInputs, type Bridge } from './bridge';
import type { Floats } from './programs';

/** Where rows are after a transition. */
export interface Moved {
  /** `[n, d]` */
  readonly x: Floats;
  /** log f there, `[n]`. */
  readonly log: Float64Array;
  /** Transitions that were accepted. */
  readonly accepted: number;
}

/** Hamiltonian transitions, with a Metropolis decision, that leave the density of a block as it is. */
export class FlowMoves {
  private readonly bridge: Bridge;
  private readonly rows: number;
  private readonly program: Program;
  private readonly floats: Float32ArrayConstructor | Float64ArrayConstructor;

  private constructor(bridge: Bridge, rows: number, precision: Precision, program: Program) {
    this.bridge = bridge;
    this.rows = rows;
    this.program = program;
    this.floats = precision === 'float32' ? Float32Array : Float64Array;
  }

  static async open(options: {
    readonly device: Device;
    readonly bridge: Bridge;
    readonly precision: Precision;
    /** Rows that are computed at once. */
    readonly rows: number;
  }): Promise<FlowMoves> {
    const { device, bridge, precision, rows } = options;
    const x = { shape: [rows, bridge.dim] };
    const program = await device.compile(
      (tensors) => {
        // All of the density is the ratio, at a temperature of one; the base of the path is a constant.
        const path: AnnealingPath = {
          logBase: (z) => tf.mul<tf.Tensor1D>(tf.sum(z, 1), 0),
          logRatio: bridge.logDensity(tensors),
        };
        const stepSize = tf.broadcastTo<tf.Rank.R2>(tensors['stepSize'] as tf.Scalar, [rows, 1]);
        const { state, info } = step(
          init(tensors['x'] as tf.Tensor2D, path),
          path,
          { momentum: tensors['momentum'] as tf.Tensor2D, logUniform: tensors['logUniform'] as tf.Tensor1D },
          { stepSize, beta: tf.scalar(1), leapfrog: tensors['leapfrog'] as tf.Scalar },
        );
        return { x: state.position, log: state.logRatio, accepted: info.accepted };
      },
      {
        inputs: {
          ...{ x, momentum: x, logUniform: { shape: [rows] }, stepSize: { shape: [] } },
          leapfrog: { shape: [], dtype: 'int32' },
          ...blockInputs(bridge),
        },
        ...{ constants: bridge.constants, precision, threading: 'sleeping' },
      },
    );
    return new FlowMoves(bridge, rows, precision, program);
  }

  /**
   * One transition of any number of rows, at least as many as are computed at once.
   * @param values `[n, d]`
   * @param block whose density it is
   * @param noise a row's numbers depend on its place alone
   */
  async moveAll(
    values: Floats,
    block: number,
    { leapfrog, stepSize }: { readonly leapfrog: number; readonly stepSize: number },
    noise: Pick<Block, 'seed' | 'step'>,
  ): Promise<Moved> {
    const { rows, floats } = this;
    const { dim } = this.bridge;
    const count = values.length / dim;
    const [x, log] = [new floats(values.length), new Float64Array(count)];
    const momentum = new floats(rows * dim);
    const uniforms = new Float64Array(rows);
    let accepted = 0;
    for (let place = 0; place < count; place += rows) {
      const first = Math.min(place, count - rows);
      const of = { ...noise, firstChain: 0, chains: 1, firstDatum: first, data: rows };
      fillNormals(momentum, { ...of, stream: 'forwardMomentum', width: dim });
      fillUniforms(uniforms, { ...of, stream: 'forwardAccept', width: 1 });
      const found = await this.program.run({
        ...{ x: values.subarray(first * dim, (first + rows) * dim), momentum, logUniform: uniforms.map(Math.log) },
        ...{ stepSize: Float64Array.of(stepSize), leapfrog: Int32Array.of(leapfrog) },
        ...blockFeeds(this.bridge, block),
      });
      const fresh = place - first;
      x.set((found['x'] as Floats).subarray(fresh * dim), place * dim);
      log.set((found['log'] as Floats).subarray(fresh), place);
      const decided = found['accepted'] as Floats;
      for (let row = fresh; row < rows; row += 1) accepted += decided[row] ?? NaN;
    }
    return { x, log, accepted };
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }
}

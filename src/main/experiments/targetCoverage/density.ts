import type * as tf from '@tensorflow/tfjs-core';
import type { Points } from '../../coverage';
import type { Target } from '../../targets';
import { valueAndGradient } from '../../tensor/gradient';
import type { Device, Precision, Program } from '../../tensor/types';

/** Rows at once; fewer are padded. */
const rows = 512;

/** What cards of coverage ask of a density, compiled when first asked. */
export interface PointDensity {
  /** log f of rows, nats. */
  readonly logDensity: (points: Points) => Promise<Float64Array>;
  /** ∇ log f, `[n, d]`. */
  readonly score: (points: Points) => Promise<Float64Array>;
  readonly dispose: () => Promise<void>;
}

export function openPointDensity(target: Target, device: Device, precision: Precision): PointDensity {
  const { dim, constants, logDensity } = target;
  let program: Promise<Program> | undefined;
  const evaluate = async ({ data, count }: Points, name: 'value' | 'gradient', width: number) => {
    program ??= device.compile((t) => valueAndGradient(logDensity(t), t['z'] as tf.Tensor2D), {
      ...{ inputs: { z: { shape: [rows, dim] } }, constants, precision },
    });
    const compiled = await program;
    const out = new Float64Array(count * width);
    const z = precision === 'float64' ? new Float64Array(rows * dim) : new Float32Array(rows * dim);
    for (let first = 0; first < count; first += rows) {
      const last = Math.min(count, first + rows);
      z.set(data.subarray(first * dim, last * dim));
      const found = await compiled.run({ z });
      const values = found[name] ?? new Float32Array();
      out.set(values.subarray(0, (last - first) * width), first * width);
    }
    return out;
  };
  return {
    logDensity: (points) => evaluate(points, 'value', 1),
    score: (points) => evaluate(points, 'gradient', dim),
    dispose: async () => (await program)?.dispose(),
  };
}

import * as tf from '@tensorflow/tfjs-core';
import { exact } from '../tensor/exact';
import { network, type Network, type ParameterShapes } from './network';

/** Shape of a NICE flow (Dinh, Krueger and Bengio 2015). */
export interface NiceSpec {
  /** d ≥ 2 */
  readonly dim: number;
  /** Widths of the hidden ReLU layers of each coupling network. */
  readonly hidden: readonly number[];
  readonly couplings: number;
}

/**
 * A volume-preserving flow with a diagonal scale at its end. Before each of the coupling layers the order of all coordinates is reversed;
 * the first ⌈d/2⌉ pass through, and the others have a network of the first added to them. Then z = exp(a) times the result, with
 * log p(x) = log N(z; 0, I) + Σ a.
 *
 * Parameters: "coupling.L.I.weight" `[out, in]` and "coupling.L.I.bias" `[out]` for coupling L and layer I of its network, "scale" `[d]`
 * for a.
 */
export interface Nice {
  readonly shapes: ParameterShapes;
  /** `[n, d]` to z, `[n, d]`. */
  readonly forward: (parameters: Record<string, tf.Tensor>, x: tf.Tensor2D) => tf.Tensor2D;
  /** log p(x) of rows, `[n]`, nats. */
  readonly logDensity: (parameters: Record<string, tf.Tensor>, x: tf.Tensor2D) => tf.Tensor1D;
  /** z to x, both `[n, d]`, in float64 on the host. */
  readonly inverse: (parameters: Readonly<Record<string, ArrayLike<number>>>, z: Float64Array) => Float64Array;
}

export function nice(spec: NiceSpec): Nice {
  const { dim, hidden, couplings } = spec;
  const first = Math.ceil(dim / 2);
  const net = network({ inputs: first, hidden, outputs: dim - first, activation: 'relu' });
  const places = Array.from({ length: couplings }, (_, place) => place);
  const shapes: ParameterShapes = Object.fromEntries([
    ...places.flatMap((place) => Object.entries(net.shapes).map(([name, shape]) => [nameOf(place, name), shape])),
    ['scale', [dim]],
  ]) as ParameterShapes;
  const forward: Nice['forward'] = (parameters, x) => {
    const rows = x.shape[0];
    const end = places.reduce<tf.Tensor2D>((before, place) => {
      const turned = tf.reverse(before, 1);
      const [kept, moved] = [
        tf.slice(turned, [0, 0], [rows, first]),
        tf.slice(turned, [0, first], [rows, dim - first]),
      ];
      return tf.concat([kept, tf.add<tf.Tensor2D>(moved, net.apply(ownOf(net, place, parameters), kept))], 1);
    }, x);
    return tf.mul(end, tf.exp(parameters['scale'] as tf.Tensor));
  };
  return {
    shapes,
    forward,
    logDensity: (parameters, x) => {
      const squares = tf.sum(tf.square(forward(parameters, x)), 1);
      const volume = tf.sum(parameters['scale'] as tf.Tensor);
      const constant = exact(-0.5 * dim * Math.log(2 * Math.PI));
      return tf.add<tf.Tensor1D>(tf.mul(squares, -0.5), tf.add(volume, constant));
    },
    inverse: (parameters, z) => inverse(spec, parameters, z),
  };
}

function nameOf(coupling: number, name: string): string {
  return `coupling.${coupling}.${name}`;
}

function ownOf(net: Network, place: number, parameters: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.keys(net.shapes).map((name) => [name, parameters[nameOf(place, name)] as tf.Tensor]),
  );
}

/** Rows that go through the layers together, so that weights are read once for several. */
const block = 64;

function inverse(
  { dim, hidden, couplings }: NiceSpec,
  parameters: Readonly<Record<string, ArrayLike<number>>>,
  z: Float64Array,
): Float64Array {
  const first = Math.ceil(dim / 2);
  const widths = [first, ...hidden, dim - first];
  const scale = parameters['scale'] ?? [];
  const x = z.map((value, index) => value / Math.exp(scale[index % dim] ?? NaN));
  for (let begin = 0; begin < x.length; begin += block * dim) {
    const part = x.subarray(begin, begin + block * dim);
    const rows = part.length / dim;
    for (let coupling = couplings - 1; coupling >= 0; coupling -= 1) {
      let values = new Float64Array(rows * first);
      for (let row = 0; row < rows; row += 1) values.set(part.subarray(row * dim, row * dim + first), row * first);
      widths.slice(1).forEach((width, layer) => {
        const weight = parameters[nameOf(coupling, `${layer}.weight`)] ?? [];
        const bias = parameters[nameOf(coupling, `${layer}.bias`)] ?? [];
        values = dense(values, rows, weight, bias, width);
        if (layer < hidden.length) values = values.map((value) => Math.max(value, 0));
      });
      for (let row = 0; row < rows; row += 1) {
        const own = part.subarray(row * dim, (row + 1) * dim);
        for (let i = first; i < dim; i += 1)
          own[i] = (own[i] ?? NaN) - (values[row * (dim - first) + i - first] ?? NaN);
        own.reverse();
      }
    }
  }
  return x;
}

function dense(
  input: Float64Array<ArrayBuffer>,
  rows: number,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  outputs: number,
): Float64Array<ArrayBuffer> {
  const inputs = input.length / rows;
  const out = new Float64Array(rows * outputs);
  for (let o = 0; o < outputs; o += 1) {
    const shift = bias[o] ?? NaN;
    for (let row = 0; row < rows; row += 1) {
      let sum = shift;
      for (let i = 0; i < inputs; i += 1)
        sum += (weight[o * inputs + i] as number) * (input[row * inputs + i] as number);
      out[row * outputs + o] = sum;
    }
  }
  return out;
}

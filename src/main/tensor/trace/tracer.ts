import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import { emptyGraph, type Attribute, type Graph, type OnnxType } from '../onnx/graph';
import { sizeOf, type DType, type Precision, type TensorData } from '../types';

/**
 * A tensor that has no numbers yet. `shape` is the shape of the ONNX value, which may be smaller than the tensor's own: a
 * broadcast stays unexpanded until an op needs it in full, because ONNX broadcasts by itself. A tensor whose entries are all
 * equal is only a number (`uniform`); gradients are full of ones and zeros, and most vanish here before any graph sees them.
 * A product with a number stays undone too (`scale`) until an op cannot pass it on: sums, reshapes and matrix products can, so
 * that a factor is applied once, where the data are smallest.
 */
interface SymbolicValue {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly uniform?: number;
  /** The tensor is this many times the ONNX value; 1 when left out. Neither 0 nor infinite. */
  readonly scale?: number;
  /** The graph that the value was made in. */
  readonly scope: Graph;
  name?: string;
}

/** What ONNX Runtime's CPU computes in single precision only. */
const singlePrecisionOps = new Set(
  'Acos Acosh Asin Asinh Atan Atanh AveragePool Conv ConvTranspose Cosh Erf Sinh Tan'.split(' '),
);

/** Builds the ONNX graph while tfjs runs a function. One tracer lives for one compilation. */
export class Tracer {
  readonly root: Graph = emptyGraph('bracket');
  readonly precision: Precision;
  /** Value-and-gradient evaluations seen so far, outside and inside a loop. */
  readonly gradients = { once: 0, perIteration: 0 };
  /** The op being lowered, for error messages. */
  currentOp = '';
  private readonly values = new WeakMap<object, SymbolicValue>();
  private readonly constants = new Map<string, string>();
  private readonly scopes: Graph[] = [this.root];
  private counter = 0;

  constructor(precision: Precision) {
    this.precision = precision;
  }

  get scope(): Graph {
    return this.scopes[this.scopes.length - 1] ?? this.root;
  }

  get insideLoop(): boolean {
    return this.scopes.length > 1;
  }

  /** The ONNX element type of a tfjs dtype at this precision. */
  typeOf(dtype: string): OnnxType {
    if (dtype === 'float32') return this.precision;
    if (dtype === 'int32' || dtype === 'bool') return dtype;
    throw new Error(`Tensors of type ${dtype} cannot be traced (op ${this.currentOp}).`);
  }

  fresh(prefix: string): string {
    this.counter += 1;
    return `${prefix}_${this.counter}`;
  }

  /** Runs `body` with its nodes going to a graph of its own: the body of a loop. */
  within(graph: Graph, body: () => void): void {
    this.scopes.push(graph);
    try {
      body();
    } finally {
      this.scopes.pop();
    }
  }

  /** Makes a tensor for a value that exists in the graph, or for a uniform number. */
  tensor(shape: readonly number[], dtype: string, value: Omit<SymbolicValue, 'dtype' | 'scope'>): TensorInfo {
    const dataId: DataId = {};
    this.values.set(dataId, { ...value, dtype: dtype as DType, scope: this.scope });
    return { dataId, shape: [...shape], dtype: dtype as DType };
  }

  uniform(shape: readonly number[], dtype: string, number: number): TensorInfo {
    return this.tensor(shape, dtype, { shape: [], uniform: number });
  }

  /** The number that fills the tensor, or undefined when it is not known to be uniform. */
  uniformOf(tensor: TensorInfo): number | undefined {
    return this.valueOf(tensor).uniform;
  }

  /** Same data under another logical shape that it broadcasts to (`[n, 1]` seen as `[n, m]`). */
  broadcast(tensor: TensorInfo, shape: readonly number[], dtype: string = tensor.dtype): TensorInfo {
    const value = this.valueOf(tensor);
    return this.tensor(shape, dtype, value);
  }

  /** The tensor times a number, left undone as long as possible. */
  scaled(tensor: TensorInfo, factor: number): TensorInfo {
    const value = this.valueOf(tensor);
    // A tensor of its own: tfjs would count the gradient of one that is input and output of an op twice.
    if (factor === 1) return this.broadcast(tensor, tensor.shape);
    if (value.uniform !== undefined) return this.uniform(tensor.shape, tensor.dtype, value.uniform * factor);
    const { scale: before = 1, ...bare } = value;
    const scale = before * factor;
    if (scale === 1) return this.tensor(tensor.shape, tensor.dtype, bare);
    if (tensor.dtype === 'float32' && Number.isFinite(scale) && scale !== 0) {
      return this.tensor(tensor.shape, tensor.dtype, { ...bare, scale });
    }
    return this.elementwise('Mul', [tensor, this.uniform([], tensor.dtype, factor)], tensor.shape, tensor.dtype);
  }

  /** The tensor without the factor that is still to be applied, and that factor. */
  unscaled(tensor: TensorInfo): { tensor: TensorInfo; scale: number } {
    const { scale = 1, ...value } = this.valueOf(tensor);
    return { tensor: scale === 1 ? tensor : this.tensor(tensor.shape, tensor.dtype, value), scale };
  }

  /** Name and shape of the ONNX value behind a tensor, unexpanded. For ops that broadcast by themselves. */
  compact(tensor: TensorInfo): { name: string; shape: readonly number[] } {
    const value = this.valueOf(tensor);
    if (value.scale !== undefined && value.name !== undefined) {
      const { scale, name, ...rest } = value;
      const applied = this.node('Mul', [name, this.scalar(scale)]);
      this.remember(tensor, { ...rest, name: applied });
      return { name: applied, shape: value.shape };
    }
    value.name ??= this.constant(this.filled(value.uniform ?? 0, value.dtype), [], this.typeOf(value.dtype));
    return { name: value.name, shape: value.shape };
  }

  /** Name of the ONNX value with the tensor's full shape. */
  full(tensor: TensorInfo): string {
    const { name, shape } = this.compact(tensor);
    if (sameShape(shape, tensor.shape)) return name;
    const expanded = this.node('Expand', [name, this.ints(tensor.shape)]);
    this.remember(tensor, { ...this.valueOf(tensor), shape: tensor.shape, name: expanded });
    return expanded;
  }

  /** Appends a node with one output and returns the output's name. */
  node(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.nodes(op, inputs, attributes, 1)[0] as string;
  }

  /** Appends a node with several outputs. */
  nodes(op: string, inputs: readonly string[], attributes: Record<string, Attribute>, count: number): string[] {
    if (this.precision === 'float64' && singlePrecisionOps.has(op)) {
      throw new Error(`The op ${this.currentOp} has no double-precision lowering; use precision float32.`);
    }
    const outputs = Array.from({ length: count }, () => this.fresh(op));
    this.scope.nodes.push({ op, inputs, outputs, attributes });
    return outputs;
  }

  /** Appends a node and wraps its only output as a tensor of the given shape. */
  emit(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute>,
    shape: readonly number[],
    dtype: string,
  ): TensorInfo {
    return this.tensor(shape, dtype, { shape, name: this.node(op, inputs, attributes) });
  }

  /** Appends an op that broadcasts its inputs. The result stays as small as the inputs' own ONNX shapes allow. */
  elementwise(
    op: string,
    tensors: readonly TensorInfo[],
    shape: readonly number[],
    dtype: string,
    attributes: Record<string, Attribute> = {},
  ): TensorInfo {
    const operands = tensors.map((tensor) => this.compact(tensor));
    const compact = operands.map((operand) => operand.shape).reduce(broadcastShapes);
    return this.tensor(shape, dtype, {
      shape: compact,
      name: this.node(
        op,
        operands.map((operand) => operand.name),
        attributes,
      ),
    });
  }

  /** Adds an initializer; small equal ones are shared. Lives in the outermost graph, where every loop body sees it. */
  constant(data: TensorData | BigInt64Array, dims: readonly number[], type: OnnxType, prefix = 'constant'): string {
    const key = data.length <= 16 ? `${type}|${dims.join()}|${data.join()}` : undefined;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.fresh(prefix);
    this.root.initializers.set(name, { type, dims, data });
    if (key !== undefined) this.constants.set(key, name);
    return name;
  }

  /** A 1-D int64 constant: axes, shapes, pads. */
  ints(values: readonly number[]): string {
    return this.constant(
      BigInt64Array.from(values, (value) => BigInt(value)),
      [values.length],
      'int64',
    );
  }

  /** A scalar constant of the program's float type. */
  scalar(value: number, dtype: DType = 'float32'): string {
    return this.constant(this.filled(value, dtype), [], this.typeOf(dtype));
  }

  /** Later readers of the tensor get the new value; not when it was made inside a loop for a tensor from outside. */
  private remember(tensor: TensorInfo, value: SymbolicValue): void {
    if (value.scope === this.scope) this.values.set(tensor.dataId, value);
  }

  private filled(value: number, dtype: string): TensorData {
    if (dtype === 'int32') return Int32Array.of(value);
    if (dtype === 'bool') return Uint8Array.of(value === 0 ? 0 : 1);
    return this.precision === 'float64' ? Float64Array.of(value) : Float32Array.of(value);
  }

  private valueOf(tensor: TensorInfo): SymbolicValue {
    const value = this.values.get(tensor.dataId);
    if (value === undefined) {
      throw new Error(
        `The op ${this.currentOp} uses a tensor that was made outside the traced function. Pass it as an input or a constant.`,
      );
    }
    return value;
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** NumPy's broadcasting of two shapes that are known to agree. */
function broadcastShapes(a: readonly number[], b: readonly number[]): readonly number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const offset = long.length - short.length;
  return long.map((extent, axis) => (extent === 1 ? (short[axis - offset] ?? extent) : extent));
}

export { sizeOf };

import type { TensorData } from '../types';

/** Element types of ONNX tensors, with the numbers that the format gives them. */
export const onnxTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const;
export type OnnxType = keyof typeof onnxTypes;

export interface ValueInfo {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
}

export interface Initializer {
  readonly type: OnnxType;
  readonly dims: readonly number[];
  readonly data: TensorData | BigInt64Array;
}

/** ONNX distinguishes integers from floats, which JavaScript numbers do not. */
export type Attribute =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly ints: readonly number[] }
  | { readonly graph: Graph };

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph under construction. The body of a loop is a graph of its own that sees the names of the graphs around it. */
export interface Graph {
  readonly name: string;
  nodes: Node[];
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];
  readonly initializers: Map<string, Initializer>;
}

export function emptyGraph(name: string): Graph {
  return { name, nodes: [], inputs: [], outputs: [], initializers: new Map() };
}

import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';

/** Turns one tfjs kernel call into ONNX nodes. `attrs` are the kernel's own, checked by tfjs before they come here. */
export type Lowering = (
  tracer: Tracer,
  inputs: NamedTensorInfoMap,
  attrs: Record<string, unknown>,
) => TensorInfo | TensorInfo[];

/** An input that tfjs guarantees. */
export function input(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const tensor = inputs[name];
  if (tensor === undefined || Array.isArray(tensor)) throw new Error(`The kernel input ${name} is missing.`);
  return tensor;
}

/** The inputs of a kernel that takes a list (Concat, Pack, AddN, Einsum). tfjs passes a plain array there. */
export function inputList(inputs: NamedTensorInfoMap): TensorInfo[] {
  return Object.values(inputs as unknown as Record<string, TensorInfo>);
}

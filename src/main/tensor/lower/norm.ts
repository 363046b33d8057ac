import type { TensorInfo } from '@tensorflow/tfjs-core';
import { binary, product, sum } from './binary';
import { input, type Lowering } from './types';
import { unary } from './unary';

/** (x − mean) · scale / √(variance + ε) + offset, with the factor of constant statistics folded by ONNX Runtime. */
const batchNorm: Lowering = (tracer, inputs, attrs) => {
  const x = input(inputs, 'x');
  const { varianceEpsilon } = attrs as { varianceEpsilon: number };
  const epsilon = tracer.uniform([], 'float32', varianceEpsilon);
  const spread = unary(tracer, 'Sqrt', binary(tracer, 'Add', input(inputs, 'variance'), epsilon, sum));
  const centred = binary(tracer, 'Sub', x, input(inputs, 'mean'), { neutral: 0 });
  const optional = (name: string): TensorInfo | undefined => inputs[name] ?? undefined;
  const [scale, offset] = [optional('scale'), optional('offset')];
  const inverse = unary(tracer, 'Reciprocal', spread);
  const factor = scale === undefined ? inverse : binary(tracer, 'Mul', inverse, scale, product);
  const scaled = binary(tracer, 'Mul', centred, factor, product);
  return offset === undefined ? scaled : binary(tracer, 'Add', scaled, offset, sum);
};

export const normLowerings: Record<string, Lowering> = { FusedBatchNorm: batchNorm };

import * as tf from '@tensorflow/tfjs-core';

/** A kernel without a public op. */
export function kernel(name: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as unknown as tf.Tensor;
}

/** For inputs that choose or measure and have no gradient of their own. */
export function nothing(x: tf.Tensor): () => tf.Tensor {
  return () => tf.zeros(x.shape);
}

/** A gradient function over single tensors, which all kernels here have. */
export function gradient(
  kernelName: string,
  inputsToSave: readonly string[],
  gradFunc: (
    dy: tf.Tensor,
    saved: Record<string, tf.Tensor>,
    attrs: Record<string, unknown>,
  ) => Record<string, () => tf.Tensor>,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputsToSave],
    gradFunc: (dy, saved, attrs) => {
      const named = Object.fromEntries(inputsToSave.map((name, index) => [name, saved[index] as tf.Tensor]));
      return gradFunc(dy as tf.Tensor, named, attrs);
    },
  };
}

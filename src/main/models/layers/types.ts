import type * as tf from '@tensorflow/tfjs-core';
import type { NamedTensor } from '../../checkpoints';
import type { Constant } from '../../tensor/types';

/**
 * A layer with its weights found and its shapes known. Shapes leave out the row axis and are channels first, as in PyTorch:
 * `[features]` or `[channels, height, width]`. Tensors with channels are held as [n, height, width, channels], which is what
 * the convolutions of tfjs take.
 */
export interface BuiltLayer {
  /** For people: "linear fc3". */
  readonly name: string;
  readonly outputShape: readonly number[];
  /** Weights by a name that is unique in the model. */
  readonly constants: Readonly<Record<string, Constant>>;
  readonly apply: (x: tf.Tensor, constants: Record<string, tf.Tensor>) => tf.Tensor;
}

/** What a layer is built from. */
export interface LayerContext {
  /** Where the layer stands in the run file, for errors: "model.decoder[1]". */
  readonly where: string;
  /** The layer before, for errors. */
  readonly previous: string;
  readonly inputShape: readonly number[];
  /** Finds a tensor or throws an InputError that names near keys. */
  readonly tensor: (key: string) => NamedTensor;
  readonly optionalTensor: (key: string) => NamedTensor | undefined;
}

export function pairOf(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}
